// SPDX-License-Identifier: MIT
#include "app/link/sealed_memory.hpp"

#include <cerrno>
#include <cstring>

#include "protocol/errors.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

namespace offstage {

namespace {

caf::error bad_descriptor(const char* reason) {
  return fail(node_error::bad_descriptor, reason);
}

// write() instead of a mapping: filling a fresh mapping costs one page fault per page.
bool write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    auto count = ::write(fd, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

// The C library's fstat() needs newfstatat, which a worker process may not call because it takes
// paths.
bool status_of(int fd, struct stat& status) {
  return ::syscall(SYS_fstat, fd, &status) == 0;
}

} // namespace

caf::expected<descriptor> seal(const shared_bytes& bytes) {
  descriptor fd{::memfd_create("offstage", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  constexpr int seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL;
  if (!fd || !write_all(fd.get(), bytes.view()) || ::fcntl(fd.get(), F_ADD_SEALS, seals) != 0)
    return fail(node_error::limit_exceeded,
                std::string{"no memory for a payload: "} + std::strerror(errno));
  return fd;
}

uint64_t bytes_at_most(const descriptor& fd) {
  const auto seals = ::fcntl(fd.get(), F_GET_SEALS);
  struct stat status {};
  if (seals < 0 || (seals & F_SEAL_GROW) == 0 || !status_of(fd.get(), status))
    return wire::bytes_max;
  return static_cast<uint64_t>(status.st_size);
}

caf::expected<shared_bytes> map_sealed(descriptor fd, size_t size) {
  constexpr int needed = F_SEAL_WRITE | F_SEAL_SHRINK;
  auto seals = ::fcntl(fd.get(), F_GET_SEALS);
  if (seals < 0 || (seals & needed) != needed)
    return bad_descriptor("it is not sealed");
  struct stat status {};
  if (!status_of(fd.get(), status) || static_cast<uint64_t>(status.st_size) < size)
    return bad_descriptor("it is shorter than announced");
  if (size == 0 || size > wire::bytes_max)
    return bad_descriptor("its length is not allowed");
  // Kernels before 6.7 refuse shared mappings of write-sealed memory; nobody can write, so a
  // private one is the same.
  auto* data = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd.get(), 0);
  if (data == MAP_FAILED)
    return bad_descriptor("it cannot be mapped");
  std::shared_ptr<const void> owner{
      data, [size](const void* p) { ::munmap(const_cast<void*>(p), size); }};
  return shared_bytes::adopt(std::move(owner), data, size);
}

} // namespace offstage

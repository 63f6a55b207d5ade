// SPDX-License-Identifier: MIT
#include "gateway/file_reader.hpp"

#include <array>
#include <cstdio>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace offstage {

namespace {

// Without O_NONBLOCK a pipe in the directory would block the thread.
constexpr int open_flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;

} // namespace

file_reader::~file_reader() {
  if (descriptor_ >= 0)
    ::close(descriptor_);
}

std::optional<file_reader> file_reader::open(const std::string& root,
                                             const std::vector<std::string>& segments) {
  auto descriptor = ::open(root.c_str(), open_flags | O_DIRECTORY);
  for (const auto& segment : segments) {
    if (descriptor < 0)
      return std::nullopt;
    const auto next = ::openat(descriptor, segment.c_str(), open_flags | O_NOFOLLOW);
    ::close(descriptor);
    descriptor = next;
  }
  if (descriptor < 0)
    return std::nullopt;
  file_reader file{descriptor};
  if (!file.inspect())
    return std::nullopt;
  return file;
}

bool file_reader::inspect() {
  struct stat status {};
  if (::fstat(descriptor_, &status) != 0)
    return false;
  kind_ = S_ISDIR(status.st_mode) ? kind::directory : kind::file;
  size_ = static_cast<uint64_t>(status.st_size);
  modified_ = status.st_mtim.tv_sec;
  modified_ns_ = status.st_mtim.tv_nsec;
  return S_ISDIR(status.st_mode) || S_ISREG(status.st_mode);
}

std::optional<std::string> file_reader::read(uint64_t offset, size_t count) const {
  std::string bytes(count, '\0');
  size_t done = 0;
  while (done < count) {
    const auto result =
        ::pread(descriptor_, bytes.data() + done, count - done, static_cast<off_t>(offset + done));
    if (result <= 0)
      return std::nullopt;
    done += static_cast<size_t>(result);
  }
  return bytes;
}

std::string file_reader::entity_tag() const {
  std::array<char, 64> text{};
  const auto count = std::snprintf(
      text.data(), text.size(), "\"%llx-%llx-%llx\"", static_cast<unsigned long long>(size_),
      static_cast<unsigned long long>(modified_), static_cast<unsigned long long>(modified_ns_));
  return {text.data(), static_cast<size_t>(count)};
}

} // namespace offstage

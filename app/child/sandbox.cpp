// SPDX-License-Identifier: MIT
#include "app/child/sandbox.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>

#include "app/child/system_call_filter.hpp"
#include "app/link/process_source.hpp"
#include "config/limits.hpp"
#include "protocol/limits_of_wire.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace offstage {

namespace {

// The parent may have died between the fork and the prctl(), in which case no signal comes.
bool die_with(int32_t parent_pid) {
  return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && ::getppid() == parent_pid;
}

bool keep_only(int socket) {
  if (socket != worker_socket && ::dup2(socket, worker_socket) < 0)
    return false;
  return ::fcntl(worker_socket, F_SETFD, FD_CLOEXEC) == 0
         && ::close_range(worker_socket + 1, ~0U, 0) == 0;
}

bool silence(bool keep_stderr) {
  auto fd = ::open("/dev/null", O_RDWR | O_CLOEXEC);
  if (fd < 0)
    return false;
  auto last = keep_stderr ? STDOUT_FILENO : STDERR_FILENO;
  for (int target = STDIN_FILENO; target <= last; ++target)
    if (::dup2(fd, target) < 0)
      return false;
  if (fd > STDERR_FILENO)
    ::close(fd);
  return true;
}

bool limit(int resource, size_t value) {
  rlimit limits{value, value};
  return ::setrlimit(static_cast<__rlimit_resource_t>(resource), &limits) == 0;
}

// A file of a worker process is a payload in memory, so its size is a payload's. The address space
// stays unlimited under the address sanitizer, which reserves terabytes.
bool limit_resources(size_t address_space_bytes) {
#ifndef __SANITIZE_ADDRESS__
  if (!limit(RLIMIT_AS, address_space_bytes))
    return false;
#else
  static_cast<void>(address_space_bytes);
#endif
  constexpr size_t descriptors_max = 2 * limits::descriptors_in_flight_max + 64;
  return limit(RLIMIT_NOFILE, descriptors_max) && limit(RLIMIT_CORE, 0)
         && limit(RLIMIT_FSIZE, wire::bytes_max);
}

bool drop_capabilities() {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
  return ::syscall(SYS_capset, &header, none) == 0;
}

} // namespace

int enter_sandbox(const sandbox_options& options, std::string& failure) {
  auto step = [&failure](bool done, const char* name) {
    if (!done)
      failure = std::string{name} + ": " + std::strerror(errno);
    return done;
  };
  auto done = step(die_with(options.parent_pid), "follow the parent")
              && step(::clearenv() == 0, "clear the environment")
              && step(::chdir("/") == 0, "leave the directory")
              && step(keep_only(options.socket), "close descriptors")
              && step(limit_resources(options.address_space_bytes), "limit resources")
              && step(drop_capabilities(), "drop capabilities")
              && step(::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0, "refuse privileges")
              && step(::prctl(PR_SET_DUMPABLE, 0) == 0, "refuse tracing")
              && step(silence(options.keep_stderr), "leave the terminal")
              && step(filter_system_calls(), "filter system calls");
  return done ? worker_socket : -1;
}

} // namespace offstage

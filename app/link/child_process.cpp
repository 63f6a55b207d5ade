// SPDX-License-Identifier: MIT
#include "app/link/child_process.hpp"

#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace offstage {

namespace {

bool is_readable(int pidfd, int timeout_ms) {
  pollfd entry{pidfd, POLLIN, 0};
  return ::poll(&entry, 1, timeout_ms) == 1;
}

std::string describe_status(const siginfo_t& info) {
  auto number = std::to_string(info.si_status);
  return info.si_code == CLD_EXITED ? "exit status " + number : "signal " + number;
}

} // namespace

child_process::child_process(int32_t pid, descriptor pidfd, reaper who)
    : pid_(pid), pidfd_(std::move(pidfd)), reaper_(who) {}

child_process::~child_process() {
  if (!ended())
    kill();
}

void child_process::kill() {
  ::syscall(SYS_pidfd_send_signal, pidfd_.get(), SIGKILL, nullptr, 0);
}

bool child_process::ended() {
  std::lock_guard<std::mutex> guard{mutex_};
  if (!ended_ && is_readable(pidfd_.get(), 0))
    collect();
  return ended_;
}

void child_process::wait() {
  while (!ended())
    is_readable(pidfd_.get(), -1);
}

std::string child_process::fate() const {
  std::lock_guard<std::mutex> guard{mutex_};
  return fate_;
}

void child_process::collect() {
  ended_ = true;
  if (reaper_ == reaper::zygote)
    return;
  siginfo_t info{};
  if (::waitid(P_PIDFD, static_cast<id_t>(pidfd_.get()), &info, WEXITED | WNOHANG) == 0)
    fate_ = describe_status(info);
}

} // namespace offstage

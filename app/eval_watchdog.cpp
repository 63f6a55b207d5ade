// SPDX-License-Identifier: MIT
#include "app/eval_watchdog.hpp"

#include <algorithm>
#include <csignal>
#include <utility>

#include "config/limits.hpp"

#include <pthread.h>
#include <unistd.h>

namespace offstage {

namespace {

constexpr int time_limit_exit_code = 3;
constexpr int signal_exit_base = 128;

} // namespace

eval_watchdog::eval_watchdog(orders given)
    : orders_(std::move(given)), thread_([this] { watch(); }) {}

eval_watchdog::~eval_watchdog() {
  called_off_ = true;
  ::pthread_kill(thread_.native_handle(), SIGTERM);
  thread_.join();
}

/// The signal that came; 0 at the moment.
int eval_watchdog::wait_until(clock::time_point moment) const {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  for (;;) {
    const auto left = std::max(moment - clock::now(), clock::duration::zero());
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(left);
    timespec wait{};
    wait.tv_sec = seconds.count();
    wait.tv_nsec = std::chrono::nanoseconds{left - seconds}.count();
    const auto number = ::sigtimedwait(&set, nullptr, &wait);
    if (number > 0)
      return number;
    if (clock::now() >= moment)
      return 0;
  }
}

void eval_watchdog::watch() {
  const auto number = wait_until(orders_.deadline);
  if (called_off_)
    return;
  exit_code_ = number == 0 ? time_limit_exit_code : signal_exit_base + number;
  orders_.stop();
  wait_until(clock::now() + limits::eval_stop_grace);
  if (called_off_)
    return;
  orders_.clean_up();
  ::_exit(exit_code_);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Ends an eval run from outside: at its time limit, or when SIGINT or SIGTERM comes. It asks first;
// a run that does not listen ends with the process. Owned by the run, with a thread of its own; its
// destructor calls the watch off.

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace offstage {

class eval_watchdog {
public:
  using clock = std::chrono::steady_clock;

  struct orders {
    clock::time_point deadline;
    std::function<void()> stop;     ///< Called once, on the thread of the watchdog.
    std::function<void()> clean_up; ///< Before the process ends without the run's consent.
  };

  /// Stop signals are blocked already.
  explicit eval_watchdog(orders given);
  ~eval_watchdog();
  eval_watchdog(const eval_watchdog&) = delete;
  eval_watchdog& operator=(const eval_watchdog&) = delete;

  /// The exit code of a run that was stopped; 0 if it was not.
  int exit_code() const { return exit_code_.load(); }

private:
  void watch();
  int wait_until(clock::time_point moment) const;

  orders orders_;
  std::atomic<int> exit_code_{0};
  std::atomic<bool> called_off_{false};
  std::thread thread_;
};

} // namespace offstage

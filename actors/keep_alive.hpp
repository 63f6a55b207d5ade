// SPDX-License-Identifier: MIT
#pragma once

// When a worker may stop, and whether it may be started: the rules of the note's keep-alive tokens
// without actors. Each unsettled event holds a token. A worker without tokens is idle; after
// idle_delay it is asked to stop. If the script still has unfinished work then (an event that
// exceeded its time, a call, a body that is being read) it is given idle_grace once.

#include <chrono>
#include <cstdint>
#include <optional>

namespace offstage {

class keep_alive {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::milliseconds;

  keep_alive(duration idle_delay, duration idle_grace) : delay_(idle_delay), grace_(idle_grace) {}

  /// The instance runs; its idle time begins.
  void started(time_point now) { rest(now); }

  void take() { ++tokens_; }
  void give_back(time_point now);

  uint32_t tokens() const { return tokens_; }

  /// When an idle worker has to be looked at; nothing while tokens are out.
  std::optional<time_point> due() const;

  /// What to do at `now`: nothing yet, look whether the script is busy, or stop.
  enum class verdict : uint8_t { wait, ask, stop };
  verdict judge(time_point now) const;

  /// The script was busy when it was asked: grace, or with open bodies another idle_delay.
  enum class busy_with : uint8_t { events_or_calls, bodies };
  void extend(time_point now, busy_with what);

private:
  void rest(time_point now) {
    due_ = now + delay_;
    in_grace_ = false;
  }

  duration delay_;
  duration grace_;
  uint32_t tokens_ = 0;
  time_point due_{};
  bool in_grace_ = false;
};

/// Fails events at once for a while when a worker cannot be started.
class start_breaker {
public:
  using time_point = std::chrono::steady_clock::time_point;
  using duration = std::chrono::milliseconds;

  start_breaker(uint32_t failures_max, duration pause)
      : failures_max_(failures_max), pause_(pause) {}

  void succeeded() { failures_ = 0; }
  /// Answers whether another start may follow at once.
  bool failed(time_point now);
  bool is_open(time_point now) const { return failures_ >= failures_max_ && now < open_until_; }
  /// Called before a start: after the pause one attempt is free.
  void attempt(time_point now);

private:
  uint32_t failures_max_;
  duration pause_;
  uint32_t failures_ = 0;
  time_point open_until_{};
};

} // namespace offstage

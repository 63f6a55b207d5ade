// SPDX-License-Identifier: MIT
#pragma once
// Tasks and timers of one worker, driven from outside: the owner asks `next_due`, sleeps as it
// likes, and calls `run_due`. Time comes from the engine's clock option, so tests and scenarios use
// virtual time. Owned by the engine; one thread. Dies with the engine: pending tasks are dropped
// unrun.

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <utility>

namespace offstage {

class engine;

class event_loop {
public:
  using clock = std::chrono::steady_clock;
  using time_point = clock::time_point;
  using task = std::function<void(engine&)>;
  enum class repeat : std::uint8_t { once, forever };

  explicit event_loop(engine& owner, std::function<time_point()> now)
      : owner_(owner), now_(std::move(now)) {}

  // Queues a task; it runs in the next `run_due`, followed by a microtask checkpoint.
  void post(task work) { tasks_.push_back(std::move(work)); }

  // HTML: timer-initialisation-steps. The callback is kept by `callback` (usually a handle
  // into the stash). Returns 0 when too many timers are live.
  std::int32_t add_timer(double delay_ms, repeat mode, task callback);
  bool clear_timer(std::int32_t id);

  time_point now() const { return now_(); }
  // Only while no timer is live.
  void set_clock(std::function<time_point()> now) { now_ = std::move(now); }
  // The earliest moment at which `run_due` has work; nothing when the loop is idle.
  std::optional<time_point> next_due() const;
  // Runs what is due at `now`: queued tasks first, then timers in order of due time. Tasks queued
  // meanwhile wait for the next call, so a loop of tasks cannot starve the owner. Returns how many
  // ran.
  std::size_t run_due(time_point now);

private:
  struct timer {
    time_point due;
    std::chrono::duration<double, std::milli> delay;
    repeat mode;
    int nesting;
    task callback;
  };
  using due_key = std::pair<time_point, std::uint64_t>;

  void schedule(std::int32_t id, timer& entry);
  void fire(std::int32_t id);
  std::size_t run_tasks();

  engine& owner_;
  std::function<time_point()> now_;
  std::deque<task> tasks_;
  std::unordered_map<std::int32_t, timer> timers_;
  std::map<due_key, std::int32_t> by_due_;
  std::unordered_map<std::int32_t, due_key> due_of_;
  std::uint64_t order_ = 0;
  std::int32_t last_id_ = 0;
  int nesting_ = 0;
};

} // namespace offstage

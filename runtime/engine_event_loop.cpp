// SPDX-License-Identifier: MIT
#include "runtime/engine_event_loop.hpp"

#include <algorithm>
#include <cmath>

#include "runtime/engine.hpp"
#include "runtime/engine_limits.hpp"

namespace offstage {

namespace {

double effective_delay(double delay_ms, int nesting) {
  if (!(delay_ms > 0))
    delay_ms = 0;
  delay_ms = std::min(delay_ms, timer_delay_ms_max);
  return nesting > timer_nesting_max ? std::max(delay_ms, double{timer_clamp_ms}) : delay_ms;
}

} // namespace

void event_loop::schedule(std::int32_t id, timer& entry) {
  const due_key key{entry.due, ++order_};
  by_due_.emplace(key, id);
  due_of_[id] = key;
}

std::int32_t event_loop::add_timer(double delay_ms, repeat mode, task callback) {
  if (timers_.size() >= timer_count_max)
    return 0;
  do {
    last_id_ = last_id_ == INT32_MAX ? 1 : last_id_ + 1;
  } while (timers_.contains(last_id_));
  const std::chrono::duration<double, std::milli> delay{effective_delay(delay_ms, nesting_)};
  const auto due = now() + std::chrono::duration_cast<clock::duration>(delay);
  auto& entry = timers_[last_id_];
  entry = {due, std::chrono::duration<double, std::milli>{delay_ms}, mode, nesting_ + 1,
           std::move(callback)};
  schedule(last_id_, entry);
  return last_id_;
}

bool event_loop::clear_timer(std::int32_t id) {
  if (const auto at = due_of_.find(id); at != due_of_.end()) {
    by_due_.erase(at->second);
    due_of_.erase(at);
  }
  return timers_.erase(id) == 1;
}

std::optional<event_loop::time_point> event_loop::next_due() const {
  if (!tasks_.empty())
    return now();
  if (by_due_.empty())
    return std::nullopt;
  return by_due_.begin()->first.first;
}

std::size_t event_loop::run_tasks() {
  std::deque<task> batch;
  batch.swap(tasks_);
  for (auto& work : batch) {
    work(owner_);
    owner_.checkpoint();
  }
  return batch.size();
}

void event_loop::fire(std::int32_t id) {
  due_of_.erase(id);
  const auto entry = timers_.find(id);
  // The callback may clear its own timer: it is moved out while it runs.
  const auto callback = entry->second.mode == repeat::once ? std::move(entry->second.callback)
                                                           : entry->second.callback;
  const auto nesting = entry->second.nesting;
  if (entry->second.mode == repeat::once)
    timers_.erase(entry);
  nesting_ = nesting;
  callback(owner_);
  owner_.checkpoint();
  nesting_ = 0;
  const auto again = timers_.find(id);
  if (again == timers_.end() || due_of_.contains(id))
    return;
  const auto delay = effective_delay(again->second.delay.count(), nesting);
  again->second.nesting = nesting + 1;
  again->second.due = now()
                      + std::chrono::duration_cast<clock::duration>(
                          std::chrono::duration<double, std::milli>{delay});
  schedule(id, again->second);
}

std::size_t event_loop::run_due(time_point now) {
  auto ran = run_tasks();
  // Timers made by the callbacks below are not run in this call, however short.
  const auto last = order_;
  while (!by_due_.empty() && by_due_.begin()->first.first <= now) {
    auto next = by_due_.begin();
    while (next != by_due_.end() && next->first.second > last)
      ++next;
    if (next == by_due_.end() || next->first.first > now)
      break;
    const auto id = next->second;
    by_due_.erase(next);
    fire(id);
    ++ran;
  }
  return ran;
}

} // namespace offstage

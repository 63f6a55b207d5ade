// SPDX-License-Identifier: MIT
#pragma once

// Bounds how many transfers run at once; the others wait in order, and too many are refused. Used
// on one thread.

#include <cstddef>
#include <deque>
#include <functional>

#include "config/limits.hpp"

namespace offstage {

class transfer_slots {
public:
  void set_max(size_t running_max) { running_max_ = running_max; }

  /// Calls `begin` now or when a slot is free; false if too many wait. Who began has to leave().
  bool enter(std::function<void()> begin) {
    if (running_ < running_max_) {
      ++running_;
      begin();
      return true;
    }
    if (waiting_.size() >= limits::network_fetches_waiting_max)
      return false;
    waiting_.push_back(std::move(begin));
    return true;
  }

  void leave() {
    --running_;
    while (!waiting_.empty() && running_ < running_max_) {
      auto begin = std::move(waiting_.front());
      waiting_.pop_front();
      ++running_;
      begin();
    }
  }

private:
  size_t running_max_ = limits::network_fetches_max;
  size_t running_ = 0;
  std::deque<std::function<void()>> waiting_;
};

} // namespace offstage

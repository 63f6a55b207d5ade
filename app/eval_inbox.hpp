// SPDX-License-Identifier: MIT
#pragma once

// Where the services of an eval run leave what they have for the script's thread. Shared by that
// thread, which takes, and by actors and the watchdog, which post. What is in it when it dies is
// dropped.

#include <chrono>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>

#include <caf/expected.hpp>

#include "protocol/body.hpp"
#include "protocol/service.hpp"

namespace offstage {

/// What services tell the script's thread; implemented there.
class eval_listener {
public:
  virtual ~eval_listener() = default;

  virtual void completed(call_id call, service_result result) = 0;
  virtual void pulled(stream_id parent_stream, caf::expected<body_chunk> chunk) = 0;
  virtual void pull_wanted(stream_id child_stream, uint32_t bytes_max) = 0;
  virtual void cancel_wanted(stream_id child_stream) = 0;
  virtual void notified(service_notice notice) = 0;
  /// No call and no pull will be answered any more.
  virtual void services_lost() = 0;
};

class eval_inbox {
public:
  using clock = std::chrono::steady_clock;
  using task = std::function<void(eval_listener&)>;

  void post(task work);

  /// Waits for a task, until the moment if there is one. Nothing after that moment or a wake().
  std::optional<task> take(std::optional<clock::time_point> until);

  /// A task if there is one.
  std::optional<task> take_now();

  /// From here on nobody waits.
  void wake();

private:
  std::optional<task> take_front();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<task> tasks_;
  bool awake_ = false;
};

using eval_inbox_ptr = std::shared_ptr<eval_inbox>;

} // namespace offstage

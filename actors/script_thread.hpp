// SPDX-License-Identifier: MIT
#pragma once

// The thread of one worker in the child: owns the engine's worker and calls it, alone. Spawned and
// owned by instance_child; in production detached, so that a script may block or run as long as it
// likes without holding anything up. It speaks to the instance_parent directly. When it ends the
// worker is destroyed without a word.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <mutex>

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include "protocol/actors.hpp"
#include "protocol/byte_link.hpp"
#include "protocol/worker.hpp"

namespace offstage {

/// The reach of other threads into a script thread: what runs since when, and an end to it.
class script_control {
public:
  using clock = std::chrono::steady_clock;

  /// Called on the script thread around every call into the worker.
  void enter(clock::time_point now) { since_.store(now.time_since_epoch().count()); }
  void leave() { since_.store(idle); }
  void attach(worker* engine);

  /// True if one call into the worker has lasted longer than this.
  bool is_stuck(clock::time_point now, std::chrono::milliseconds limit) const;
  bool is_running() const { return since_.load() != idle; }
  /// Ends the script for good, also one that will be attached later. Wakes a blocked import.
  void interrupt();
  bool is_interrupted() const { return interrupted_.load(); }

private:
  static constexpr clock::rep idle = -1;

  std::atomic<clock::rep> since_{idle};
  std::atomic<bool> interrupted_{false};
  std::mutex mutex_;
  worker* engine_ = nullptr;
};

/// One importScripts() for which a script thread waits.
class import_ticket {
public:
  explicit import_ticket(import_scripts request);

  const import_scripts& request() const { return request_; }
  /// The first answer counts.
  void answer(caf::expected<service_result> result);
  /// On the script thread only, once.
  caf::expected<service_result> wait(std::chrono::seconds time_max);

private:
  import_scripts request_;
  std::promise<caf::expected<service_result>> promise_;
  std::future<caf::expected<service_result>> future_;
  std::atomic<bool> answered_{false};
};

using import_ticket_ptr = std::shared_ptr<import_ticket>;

/// The clauses of instance_child that its script thread uses.
using script_owner_actor = caf::typed_actor<caf::reacts_to<call_atom, import_ticket_ptr>>;

using script_thread_actor = caf::typed_actor<
    caf::reacts_to<dispatch_atom, event_id, worker_event>, caf::reacts_to<abort_atom, event_id>,
    caf::replies_to<pull_atom, stream_id, uint32_t>::with<body_chunk>,
    caf::reacts_to<cancel_atom, stream_id>, caf::reacts_to<update_atom, registration_descriptor>,
    caf::reacts_to<notify_atom, service_notice>, caf::reacts_to<tick_atom>,
    // Its own timer: no event has come for a while.
    caf::reacts_to<idle_atom>>;

/// Where the thread of a worker runs: on its own, or among the other actors (single-threaded
/// scenarios, where a script must not block).
enum class script_threads : uint8_t { detached, scheduled };

struct script_thread_arguments {
  instance_constructor constructor;
  instance_parent_actor parent;
  script_owner_actor owner;
  worker_factory factory;
  std::shared_ptr<byte_link> link;
  std::shared_ptr<script_control> control;
};

script_thread_actor spawn_script_thread(caf::actor_system& system,
                                        script_thread_arguments arguments, script_threads threads);

} // namespace offstage

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::import_ticket_ptr)

// SPDX-License-Identifier: MIT
#pragma once

// The state of a service_worker_private. service_worker_private.cpp has its events,
// service_worker_private_instance.cpp the life of its instance, service_worker_private_scripts.cpp
// its scripts.

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include <caf/result.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/actor_support.hpp"
#include "actors/event_parent.hpp"
#include "actors/keep_alive.hpp"
#include "actors/owned.hpp"
#include "actors/service_worker_private.hpp"

namespace offstage {

class service_worker_private_state {
public:
  using behavior_type = service_worker_private_actor::behavior_type;

  static inline const char* name = "service_worker_private";

  explicit service_worker_private_state(service_worker_private_actor::pointer self);
  ~service_worker_private_state();

  behavior_type make_behavior(worker_setup setup);

private:
  struct event_entry {
    event_id id{0};
    owned<event_parent_actor> actor;
    steady_time deadline;
    bool in_instance = false;
    bool is_evaluation = false;
    const void* asker = nullptr;
    call_id call{0};
  };

  // Events.
  caf::result<event_result> dispatch(worker_event event);
  caf::result<fetch_outcome> dispatch_fetch(call_id call, fetch_request request);
  event_cause refuse();
  event_entry& add_event(worker_event event, bool is_evaluation);
  void run_or_wait(event_id id);
  void run_waiting();
  void send_to_instance(event_entry& entry);
  bool has_room() const;
  void settled(event_id id, const event_result& result);
  void resume(event_id id);
  void abort(call_id call);
  void rest();
  caf::result<bool> wait_until_idle();

  // Time.
  steady_time now() const { return self_->clock().now(); }
  void wake_at(steady_time due);
  void tick();
  void consider_stopping();
  void ask_whether_busy();
  void judge_load(uint64_t generation, const instance_load& load);

  // Life of the instance.
  void start();
  void load_scripts();
  void acquire_process();
  void launch_when_ready();
  instance_constructor make_constructor() const;
  void evaluate();
  void evaluated(const event_result& result);
  void start_failed(event_cause cause, const std::string& text);
  void fail_waiting(event_cause cause);
  void instance_down(const caf::down_msg& down);
  void lose_events(event_cause cause);
  void stop_instance();
  caf::result<bool> terminate();
  caf::result<bool> drain();
  void gone();
  void release_process();
  void note(note_kind kind, std::string text);

  // Registration and status.
  void update(registration_descriptor registration);
  void add_imports(script_sources scripts);
  void keep(script_artifact artifact);
  void store_artifact(const script_resource& script, shared_bytes artifact);
  script_resource stored_script(const std::string& url) const;
  caf::result<script_sources> scripts();
  void installed(stored_worker stored);
  instance_status status() const;

  const actor_options& options() const { return *setup_.services.options; }

  service_worker_private_actor::pointer self_;
  worker_setup setup_;
  registration_descriptor registration_;

  std::unordered_map<event_id, event_entry> events_;
  std::deque<event_id> waiting_;
  uint64_t next_event_id_ = 1;
  uint32_t in_instance_ = 0;
  keep_alive keep_alive_;
  std::optional<steady_time> armed_;
  std::vector<caf::typed_response_promise<bool>> idle_waiters_;

  instance_phase phase_ = instance_phase::stopped;
  /// Rises with every start and every end, so that late answers are recognised.
  uint64_t generation_ = 0;
  start_breaker breaker_;
  script_sources loaded_;
  worker_process process_;
  bool has_process_ = false;
  owned<instance_parent_actor> instance_;
  event_id evaluation_{0};
  bool draining_ = false;
  std::optional<steady_time> drain_deadline_;
  std::vector<caf::typed_response_promise<bool>> gone_waiters_;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The state of a registration actor. registration.cpp has events and questions,
// registration_update.cpp the jobs up to the installed worker, registration_activate.cpp what
// follows: activation, clearing, the end.

#include <deque>
#include <optional>
#include <unordered_map>
#include <vector>

#include <caf/result.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/actor_support.hpp"
#include "actors/owned.hpp"
#include "actors/registration.hpp"
#include "actors/soft_update.hpp"
#include "actors/update_check.hpp"
#include "actors/worker_slots.hpp"

namespace offstage {

class registration_state {
public:
  using behavior_type = registration_actor::behavior_type;

  static inline const char* name = "registration";

  explicit registration_state(registration_actor::pointer self) : self_(self) {}

  behavior_type make_behavior(registration_arguments arguments);

private:
  using bool_promise = caf::typed_response_promise<bool>;
  using descriptor_promise = caf::typed_response_promise<registration_descriptor>;

  /// An event that waits for the active worker to be activated.
  struct held_fetch {
    caf::typed_response_promise<fetch_outcome> promise;
    const void* asker = nullptr;
    call_id call{0};
    fetch_request request;
  };
  struct held_event {
    caf::typed_response_promise<event_result> promise;
    worker_event event;
  };
  struct current_job {
    descriptor_promise promise;
    registration_request request;
    worker_id worker{0};
  };

  // Events.
  caf::result<fetch_outcome> intercept(call_id call, fetch_request request);
  void before_fetch(const fetch_request& request);
  void abort(call_id call);
  caf::result<event_result> dispatch(worker_event event);
  bool holds_events() const { return slots_.is_activating() || gate_closed_; }
  void release_held();
  void ask_soft_update(soft_update_need need);
  void soft_update_due();

  // Workers.
  const service_worker_private_actor& instance_of(const stored_worker& worker);
  service_worker_private_actor spawn_instance(const stored_worker& worker, script_sources fresh);
  void retire(const std::vector<worker_id>& workers);
  void publish();
  void note(note_kind kind, const worker_descriptor& worker, std::string text);
  void store();

  // Jobs.
  caf::result<registration_descriptor> run_register(registration_request request);
  caf::result<registration_descriptor> run_update();
  caf::result<registration_descriptor> begin_job(registration_request request);
  void checked(const update_check_result& result);
  void create_worker(script_sources scripts);
  void evaluate(worker_id id, script_sources scripts);
  void evaluated(stored_worker worker, const event_result& result);
  void install(stored_worker worker);
  void installed(const event_result& result);
  void store_next_script(worker_id id, script_sources scripts, std::vector<script_resource> stored);
  void scripts_stored(worker_id id, std::vector<script_resource> stored);
  void fail_install(const std::string& why);
  void reject_job(const caf::error& error);
  void end_failed_job();
  void finish_job();
  bool is_job_of(worker_id id) const { return job_ && job_->worker == id; }

  // Activation and the end.
  caf::result<bool> skip_waiting(worker_id id);
  caf::result<bool> claim(worker_id id);
  bool post_message(worker_id from, worker_id to, structured_clone message);
  void try_activate();
  void clients_known(bool used);
  void wait_for_idle();
  void active_idle(uint64_t round);
  void gate_time_over(uint64_t round);
  void activate();
  void activated();
  caf::result<bool> unregister();
  void try_clear();
  void clear_when_idle();
  void clear();
  void quit_when_retired();
  caf::result<node_status> status();
  caf::result<bool> drain();

  const actor_options& options() const { return *arguments_.options; }

  registration_actor::pointer self_;
  registration_arguments arguments_;
  worker_slots slots_;
  uint64_t version_ = 0;
  registration_descriptor published_;
  std::unordered_map<worker_id, owned<service_worker_private_actor>> instances_;

  std::optional<current_job> job_;
  owned<update_check_actor> check_;
  soft_update soft_update_;

  std::deque<held_fetch> held_fetches_;
  std::deque<held_event> held_events_;
  bool trying_to_activate_ = false;
  bool try_again_ = false;
  bool gate_closed_ = false;
  bool dispatched_since_asked_ = false;
  uint64_t activation_round_ = 0;
  steady_time activation_since_;
  bool unregistered_ = false;
  bool clearing_ = false;
  bool cleared_ = false;
  size_t retiring_ = 0;
  bool draining_ = false;
};

} // namespace offstage

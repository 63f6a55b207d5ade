// SPDX-License-Identifier: MIT
#pragma once

// The manager's actor. service_worker_manager.cpp has registrations and events,
// service_worker_manager_jobs.cpp the job queues.

#include <optional>
#include <string>
#include <unordered_map>

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/job_queue.hpp"
#include "actors/observer_hub.hpp"
#include "actors/owned.hpp"
#include "actors/recent_intercepts.hpp"
#include "actors/registration.hpp"
#include "actors/scope_map.hpp"
#include "actors/service_worker_manager.hpp"

namespace offstage {

/// The manager's public clauses and those of its tree; two clauses are common to both.
using manager_base = service_worker_manager_actor::extend<
    caf::reacts_to<finish_atom, storage_key, std::string>,
    caf::reacts_to<remove_atom, storage_key, std::string>,
    caf::reacts_to<update_atom, registration_descriptor>,
    caf::reacts_to<run_atom, storage_key, std::string>,
    caf::reacts_to<idle_atom, storage_key, std::string>,
    caf::reacts_to<control_atom, std::string, storage_key, std::string>>;

class service_worker_manager final : public manager_base::base {
public:
  service_worker_manager(caf::actor_config& config, manager_services services,
                         actor_options_ptr options)
      : manager_base::base(config),
        services_(std::move(services)),
        options_(std::move(options)),
        recent_(limits::intercepts_remembered_max) {}

  const char* name() const override { return "service_worker_manager"; }

  manager_base::behavior_type make_behavior() override;
  void on_exit() override;

private:
  using descriptor_promise = caf::typed_response_promise<registration_descriptor>;
  using bool_promise = caf::typed_response_promise<bool>;

  struct scope_entry {
    owned<registration_actor> registration;
    registration_descriptor descriptor;
  };
  struct queue_entry {
    storage_key key;
    std::string scope;
    job_queue jobs;
    caf::actor_addr runner; ///< The registration that runs the first job.
  };
  struct controller {
    storage_key key;
    std::string scope;
  };

  // Jobs.
  caf::result<registration_descriptor> register_worker(const registration_request& request);
  caf::result<bool> unregister(const storage_key& key, const std::string& scope);
  caf::result<registration_descriptor> update(const storage_key& key, const std::string& scope);
  void soft_update(const storage_key& key, const std::string& scope);
  void schedule(const storage_key& key, const std::string& scope, job x);
  void run(queue_entry& queue);
  void run_register(queue_entry& queue);
  void run_update(queue_entry& queue);
  void run_unregister(queue_entry& queue);
  void settle(const storage_key& key, const std::string& scope, const job_result& result);
  void finish(const storage_key& key, const std::string& scope);
  void finish_now(queue_entry& queue);
  template <class... Ts>
  void ask_runner(queue_entry& queue, const registration_actor& registration, Ts... message);

  // Registrations.
  const registration_actor& spawn(const storage_key& key, const std::string& scope,
                                  std::optional<stored_registration> stored);
  void described(registration_descriptor descriptor);
  void remove(const storage_key& key, const std::string& scope);
  void registration_down(const caf::down_msg& down);
  caf::result<uint32_t> restore();
  registration_list list();

  // Events.
  caf::result<fetch_outcome> intercept(call_id call, fetch_request request);
  scope_entry* match(const fetch_request& request);
  void abort(call_id call);
  caf::result<event_result> dispatch(const storage_key& key, const std::string& scope,
                                     worker_event event);
  void client_left(const storage_key& key, const std::string& scope);
  void controlled(const std::string& client, const storage_key& key, const std::string& scope);

  // Node.
  caf::result<node_status> status();
  caf::result<bool> drain();

  manager_services services_;
  actor_options_ptr options_;
  owned<observer_hub_actor> hub_;
  scope_map<scope_entry> registrations_;
  scope_map<queue_entry> queues_;
  std::unordered_map<caf::actor_addr, owned<registration_actor>> orphans_;
  std::unordered_map<std::string, controller> controllers_;
  recent_intercepts<registration_actor> recent_;
  bool draining_ = false;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "actors/service_worker_manager.hpp"

#include <memory>

#include <caf/actor_system.hpp>

#include "actors/service_worker_manager_state.hpp"
#include "protocol/errors.hpp"

namespace offstage {

manager_base::behavior_type service_worker_manager::make_behavior() {
  hub_ = owned{spawn_observer_hub(system())};
  set_down_handler([this](caf::down_msg& down) { registration_down(down); });
  send(services_.clients, subscribe_atom_v, client_watcher_actor{manager_base{this}});
  return {
      [this](register_atom, const registration_request& request) {
        return register_worker(request);
      },
      [this](unregister_atom, const storage_key& key, const std::string& scope) {
        return unregister(key, scope);
      },
      [this](update_atom, const storage_key& key, const std::string& scope) {
        return update(key, scope);
      },
      [this](list_atom) { return list(); },
      [this](intercept_atom, call_id call, fetch_request& request) {
        return intercept(call, std::move(request));
      },
      [this](abort_atom, call_id call) { abort(call); },
      [this](dispatch_atom, const storage_key& key, const std::string& scope, worker_event& event) {
        return dispatch(key, scope, std::move(event));
      },
      [this](restore_atom) { return restore(); },
      [this](status_atom) { return status(); },
      [this](subscribe_atom, const observer_actor& observer) {
        send(hub_.get(), subscribe_atom_v, observer);
      },
      [this](drain_atom) { return drain(); },
      [this](finish_atom, const storage_key& key, const std::string& scope) { finish(key, scope); },
      [this](remove_atom, const storage_key& key, const std::string& scope) { remove(key, scope); },
      [this](update_atom, registration_descriptor& descriptor) {
        described(std::move(descriptor));
      },
      [this](run_atom, const storage_key& key, const std::string& scope) {
        soft_update(key, scope);
      },
      [this](idle_atom, const storage_key& key, const std::string& scope) {
        client_left(key, scope);
      },
      [this](control_atom, const std::string& client, const storage_key& key,
             const std::string& scope) { controlled(client, key, scope); },
  };
}

void service_worker_manager::on_exit() {
  registrations_ = {};
  queues_ = {};
  orphans_.clear();
  recent_ = recent_intercepts<registration_actor>{0};
  services_ = {};
  hub_.reset();
}

// -- Registrations
// -------------------------------------------------------------------------------

const registration_actor& service_worker_manager::spawn(const storage_key& key,
                                                        const std::string& scope,
                                                        std::optional<stored_registration> stored) {
  registration_arguments arguments;
  arguments.key = key;
  arguments.scope = scope;
  arguments.services = services_;
  arguments.manager = manager_tree_actor{manager_base{this}};
  arguments.notes = observer_actor{hub_.get()};
  arguments.options = options_;
  arguments.stored = std::move(stored);
  auto registration = spawn_registration(system(), std::move(arguments));
  monitor(registration);
  scope_entry entry;
  entry.registration = owned{registration};
  entry.descriptor.key = key;
  entry.descriptor.scope = scope;
  auto& stored_entry = registrations_.insert(key, scope, std::move(entry));
  lifecycle_note note;
  note.kind = note_kind::registered;
  note.registration = stored_entry.descriptor;
  send(hub_.get(), note_atom_v, std::move(note));
  return stored_entry.registration.get();
}

void service_worker_manager::described(registration_descriptor descriptor) {
  auto* entry = registrations_.find(descriptor.key, descriptor.scope);
  if (entry != nullptr && current_sender()
      && entry->registration.get().address() == current_sender()->address())
    entry->descriptor = std::move(descriptor);
}

void service_worker_manager::remove(const storage_key& key, const std::string& scope) {
  auto* entry = registrations_.find(key, scope);
  if (entry == nullptr || !current_sender()
      || entry->registration.get().address() != current_sender()->address())
    return;
  const auto address = entry->registration.get().address();
  orphans_.emplace(address, std::move(entry->registration));
  registrations_.erase(key, scope);
}

// A registration that dies otherwise than by being cleared takes its current job with it. It is
// still in storage, and the next job of its scope makes a new one.
void service_worker_manager::registration_down(const caf::down_msg& down) {
  if (const auto orphan = orphans_.find(down.source); orphan != orphans_.end()) {
    orphan->second.release();
    orphans_.erase(orphan);
    return;
  }
  std::optional<registration_descriptor> dead;
  registrations_.for_each([&](scope_entry& entry) {
    if (entry.registration.get().address() == down.source)
      dead = entry.descriptor;
  });
  if (!dead)
    return;
  registrations_.find(dead->key, dead->scope)->registration.release();
  registrations_.erase(dead->key, dead->scope);
  auto* queue = queues_.find(dead->key, dead->scope);
  if (queue == nullptr || queue->runner != down.source)
    return;
  queue->jobs.settle({fail(worker_error::worker_terminated, describe(down.reason)), {}, false});
  finish_now(*queue);
}

caf::result<uint32_t> service_worker_manager::restore() {
  auto promise = make_response_promise<uint32_t>();
  request(services_.storage, limits::internal_request_max, load_atom_v)
      .then(
          [=, this](const stored_registration_list& list) {
            auto answer = promise;
            for (const auto& stored : list.registrations)
              if (registrations_.find(stored.key, stored.scope) == nullptr)
                spawn(stored.key, stored.scope, stored);
            answer.deliver(static_cast<uint32_t>(list.registrations.size()));
          },
          [=](caf::error& error) {
            auto answer = promise;
            answer.deliver(std::move(error));
          });
  return promise;
}

registration_list service_worker_manager::list() {
  registration_list result;
  registrations_.for_each(
      [&](scope_entry& entry) { result.registrations.push_back(entry.descriptor); });
  return result;
}

// -- Events
// --------------------------------------------------------------------------------------

// Spec: ServiceWorker#on-fetch-request-algorithm
caf::result<fetch_outcome> service_worker_manager::intercept(call_id call, fetch_request request) {
  auto* entry = draining_ ? nullptr : match(request);
  if (entry == nullptr)
    return fetch_outcome::fall_back();
  const auto& registration = entry->registration.get();
  recent_.add(current_sender().get(), call, registration);
  return delegate(registration, intercept_atom_v, call, std::move(request));
}

// A subresource goes to the controller of its client, wherever its URL points to. Who names no
// client that the node knows is treated like a navigation.
service_worker_manager::scope_entry* service_worker_manager::match(const fetch_request& request) {
  if (!request.is_navigation() && !request.client_id.empty()) {
    const auto client = controllers_.find(request.client_id);
    if (client != controllers_.end())
      return client->second.scope.empty()
                 ? nullptr
                 : registrations_.find(client->second.key, client->second.scope);
  }
  return registrations_.match(request.url);
}

void service_worker_manager::abort(call_id call) {
  if (const auto* target = recent_.find(current_sender().get(), call))
    delegate(*target, abort_atom_v, call);
}

caf::result<event_result> service_worker_manager::dispatch(const storage_key& key,
                                                           const std::string& scope,
                                                           worker_event event) {
  if (draining_)
    return event_result{event_status::aborted, event_cause::stopping, {}, {}, 0};
  auto* entry = registrations_.find(key, scope);
  if (entry == nullptr)
    return fail(worker_error::no_registration, scope);
  return delegate(entry->registration.get(), dispatch_atom_v, std::move(event));
}

void service_worker_manager::client_left(const storage_key& key, const std::string& scope) {
  if (auto* entry = registrations_.find(key, scope))
    send(entry->registration.get(), idle_atom_v);
  for (const auto& [address, orphan] : orphans_)
    send(orphan.get(), idle_atom_v);
}

void service_worker_manager::controlled(const std::string& client, const storage_key& key,
                                        const std::string& scope) {
  if (key.origin.empty())
    controllers_.erase(client);
  else
    controllers_.insert_or_assign(client, controller{key, scope});
}

// -- Node
// ----------------------------------------------------------------------------------------

caf::result<node_status> service_worker_manager::status() {
  auto promise = make_response_promise<node_status>();
  const auto result = std::make_shared<node_status>();
  const auto pending = std::make_shared<size_t>(1);
  const auto one_known = [=] {
    auto answer = promise;
    if (--*pending == 0)
      answer.deliver(*result);
  };
  registrations_.for_each([&](scope_entry& entry) {
    ++*pending;
    request(entry.registration.get(), limits::internal_request_max, status_atom_v)
        .then(
            [=](const node_status& one) {
              result->instances.insert(result->instances.end(), one.instances.begin(),
                                       one.instances.end());
              one_known();
            },
            [=](const caf::error&) { one_known(); });
  });
  one_known();
  return promise;
}

caf::result<bool> service_worker_manager::drain() {
  draining_ = true;
  auto promise = make_response_promise<bool>();
  const auto pending = std::make_shared<size_t>(1);
  const auto one_gone = [=] {
    auto answer = promise;
    if (--*pending == 0)
      answer.deliver(true);
  };
  const auto drain_one = [&](const registration_actor& registration) {
    ++*pending;
    request(registration, limits::internal_request_max, drain_atom_v)
        .then([=](bool) { one_gone(); }, [=](const caf::error&) { one_gone(); });
  };
  registrations_.for_each([&](scope_entry& entry) { drain_one(entry.registration.get()); });
  for (const auto& [address, orphan] : orphans_)
    drain_one(orphan.get());
  one_gone();
  return promise;
}

service_worker_manager_actor spawn_service_worker_manager(caf::actor_system& system,
                                                          manager_services services,
                                                          actor_options_ptr options) {
  return system.spawn<service_worker_manager>(std::move(services), std::move(options));
}

} // namespace offstage

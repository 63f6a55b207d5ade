// SPDX-License-Identifier: MIT
#include "actors/registration.hpp"

#include <memory>

#include <caf/actor_system.hpp>
#include <caf/send.hpp>

#include "actors/registration_state.hpp"
#include "actors/service_worker_private.hpp"
#include "protocol/errors.hpp"

namespace offstage {

registration_state::behavior_type
registration_state::make_behavior(registration_arguments arguments) {
  arguments_ = std::move(arguments);
  if (arguments_.stored) {
    slots_ = worker_slots{std::move(*arguments_.stored)};
    slots_.restored();
  } else {
    slots_ = worker_slots{arguments_.key, arguments_.scope};
  }
  publish();
  if (slots_.is_activating())
    activate();
  else
    try_activate();
  return {
      [this](intercept_atom, call_id call, fetch_request& request) {
        return intercept(call, std::move(request));
      },
      [this](abort_atom, call_id call) { abort(call); },
      [this](dispatch_atom, worker_event& event) { return dispatch(std::move(event)); },
      [this](run_atom, registration_request& request) { return run_register(std::move(request)); },
      [this](update_atom) { return run_update(); },
      [this](unregister_atom) { return unregister(); },
      [this](skipwait_atom, worker_id id) { return skip_waiting(id); },
      [this](claim_atom, worker_id id) { return claim(id); },
      [this](message_atom, worker_id from, worker_id to, structured_clone& message) {
        return post_message(from, to, std::move(message));
      },
      [this](update_atom, worker_id) {
        return self_->delegate(arguments_.manager, update_atom_v, arguments_.key, arguments_.scope);
      },
      [this](unregister_atom, worker_id) {
        return self_->delegate(arguments_.manager, unregister_atom_v, arguments_.key,
                               arguments_.scope);
      },
      [this](idle_atom) { unregistered_ ? try_clear() : try_activate(); },
      [this](tick_atom) { soft_update_due(); },
      [this](resume_atom, uint64_t round) { gate_time_over(round); },
      [this](get_atom) { return published_; },
      [this](status_atom) { return status(); },
      [this](drain_atom) { return drain(); },
  };
}

// -- Events
// --------------------------------------------------------------------------------------

// Spec: ServiceWorker#on-fetch-request-algorithm
caf::result<fetch_outcome> registration_state::intercept(call_id call, fetch_request request) {
  if (!slots_.active().descriptor || draining_)
    return fetch_outcome::fall_back();
  before_fetch(request);
  if (!slots_.handles_fetch())
    return fetch_outcome::fall_back();
  if (!holds_events()) {
    dispatched_since_asked_ = true;
    return self_->delegate(instance_of(slots_.active()), fetch_atom_v, call, std::move(request));
  }
  if (held_fetches_.size() + held_events_.size() >= options().events_per_worker_max)
    return fetch_outcome::network_error(to_string(event_cause::overload));
  held_fetch held;
  held.promise = self_->make_response_promise<fetch_outcome>();
  held.asker = self_->current_sender().get();
  held.call = call;
  held.request = std::move(request);
  held_fetches_.push_back(held);
  return held.promise;
}

// From here on the page that this navigation makes is controlled, whatever the worker decides.
void registration_state::before_fetch(const fetch_request& request) {
  if (request.is_navigation() && !request.resulting_client_id.empty())
    caf::anon_send(arguments_.services.clients, control_atom_v, arguments_.key, arguments_.scope,
                   request.resulting_client_id);
  ask_soft_update(request.is_navigation() ? soft_update_need::forced
                                          : soft_update_need::time_check);
}

void registration_state::abort(call_id call) {
  const auto* asker = self_->current_sender().get();
  for (auto held = held_fetches_.begin(); held != held_fetches_.end(); ++held) {
    if (held->asker != asker || held->call != call)
      continue;
    held->promise.deliver(fetch_outcome::network_error(to_string(event_cause::client_gone)));
    held_fetches_.erase(held);
    return;
  }
  if (const auto found = instances_.find(slots_.active().descriptor.id); found != instances_.end())
    self_->delegate(found->second.get(), abort_atom_v, call);
}

// Spec: ServiceWorker#fire-functional-event-algorithm
caf::result<event_result> registration_state::dispatch(worker_event event) {
  if (!slots_.active().descriptor)
    return fail(worker_error::no_registration, arguments_.scope + " has no active worker");
  if (draining_)
    return event_result{event_status::aborted, event_cause::stopping, {}, {}, 0};
  const auto functional = policy_of(event).functional;
  if (functional)
    ask_soft_update(soft_update_need::time_check);
  if (!functional || !holds_events()) {
    dispatched_since_asked_ = true;
    return self_->delegate(instance_of(slots_.active()), dispatch_atom_v, std::move(event));
  }
  if (held_fetches_.size() + held_events_.size() >= options().events_per_worker_max)
    return event_result{event_status::aborted, event_cause::overload, {}, {}, 0};
  held_event held;
  held.promise = self_->make_response_promise<event_result>();
  held.event = std::move(event);
  held_events_.push_back(held);
  return held.promise;
}

void registration_state::release_held() {
  if (!slots_.active().descriptor) {
    for (auto& held : std::exchange(held_fetches_, {}))
      held.promise.deliver(fetch_outcome::fall_back());
    for (auto& held : std::exchange(held_events_, {}))
      held.promise.deliver(event_result{event_status::aborted, event_cause::terminated, {}, {}, 0});
    return;
  }
  const auto& instance = instance_of(slots_.active());
  for (auto& held : std::exchange(held_fetches_, {})) {
    if (slots_.handles_fetch())
      held.promise.delegate(instance, fetch_atom_v, held.call, std::move(held.request));
    else
      held.promise.deliver(fetch_outcome::fall_back());
  }
  for (auto& held : std::exchange(held_events_, {}))
    held.promise.delegate(instance, dispatch_atom_v, std::move(held.event));
}

void registration_state::ask_soft_update(soft_update_need need) {
  if (soft_update_.ask(need))
    self_->delayed_send(self_, options().soft_update_delay, tick_atom_v);
}

// Spec: ServiceWorker#soft-update-algorithm
void registration_state::soft_update_due() {
  const auto need = soft_update_.take();
  const auto wanted =
      need == soft_update_need::forced
      || (need == soft_update_need::time_check && slots_.is_stale(options().unix_ms()));
  if (wanted && !unregistered_ && !draining_ && slots_.newest() != nullptr)
    self_->send(arguments_.manager, run_atom_v, arguments_.key, arguments_.scope);
}

// -- Workers
// -------------------------------------------------------------------------------------

const service_worker_private_actor& registration_state::instance_of(const stored_worker& worker) {
  const auto found = instances_.find(worker.descriptor.id);
  if (found != instances_.end())
    return found->second.get();
  spawn_instance(worker, {});
  return instances_.at(worker.descriptor.id).get();
}

service_worker_private_actor registration_state::spawn_instance(const stored_worker& worker,
                                                                script_sources fresh) {
  worker_setup setup;
  setup.worker = worker.descriptor;
  setup.key = arguments_.key;
  setup.scope = arguments_.scope;
  setup.services = {arguments_.services, registration_actor{self_}, arguments_.notes,
                    arguments_.options};
  setup.stored = worker;
  setup.fresh = std::move(fresh);
  auto instance = spawn_service_worker_private(self_->system(), std::move(setup));
  self_->send(instance, update_atom_v, published_);
  instances_.insert_or_assign(worker.descriptor.id, owned{instance});
  return instance;
}

// A retired worker keeps its actor until its instance is gone by the ladder.
void registration_state::retire(const std::vector<worker_id>& workers) {
  for (const auto id : workers) {
    const auto found = instances_.find(id);
    if (found == instances_.end())
      continue;
    const auto instance =
        std::make_shared<owned<service_worker_private_actor>>(std::move(found->second));
    instances_.erase(found);
    ++retiring_;
    const auto gone = [=, this] {
      instance->reset();
      --retiring_;
      quit_when_retired();
    };
    self_->request(instance->get(), limits::internal_request_max, terminate_atom_v)
        .then([=](bool) { gone(); }, [=](const caf::error&) { gone(); });
  }
}

void registration_state::publish() {
  const auto before = std::exchange(published_, slots_.descriptor(++version_));
  self_->send(arguments_.manager, update_atom_v, published_);
  for (const auto& [id, instance] : instances_)
    self_->send(instance.get(), update_atom_v, published_);
  for (const auto& worker : {published_.installing, published_.waiting, published_.active}) {
    const auto same = [&](const worker_descriptor& old) {
      return old.id == worker.id && old.state == worker.state;
    };
    if (worker && !same(before.installing) && !same(before.waiting) && !same(before.active))
      note(note_kind::state_changed, worker, {});
  }
}

void registration_state::note(note_kind kind, const worker_descriptor& worker, std::string text) {
  lifecycle_note message;
  message.kind = kind;
  message.registration = published_;
  message.worker = worker;
  message.text = std::move(text);
  self_->send(arguments_.notes, note_atom_v, std::move(message));
}

registration_actor spawn_registration(caf::actor_system& system, registration_arguments arguments) {
  const auto run = [](registration_actor::stateful_pointer<registration_state> self,
                      const registration_arguments& copied) {
    return self->state.make_behavior(copied);
  };
  return system.spawn(run, std::move(arguments));
}

} // namespace offstage

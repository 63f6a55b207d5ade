// SPDX-License-Identifier: MIT
#include <memory>

#include <caf/actor_system.hpp>

#include "actors/registration_state.hpp"
#include "protocol/errors.hpp"

namespace offstage {

// -- Activation
// ----------------------------------------------------------------------------------

// Spec: ServiceWorker#service-worker-global-scope-skipwaiting
caf::result<bool> registration_state::skip_waiting(worker_id id) {
  if (slots_.set_skip_waiting(id))
    try_activate();
  return true;
}

// Spec: ServiceWorker#service-worker-postmessage
bool registration_state::post_message(worker_id from, worker_id to, structured_clone message) {
  const auto* sender = slots_.find(from);
  const auto* receiver = slots_.find(to);
  if (sender == nullptr || receiver == nullptr || draining_)
    return false;
  message_event event;
  event.data = std::move(message);
  event.origin = arguments_.key.origin;
  event.source_worker = sender->descriptor;
  self_
      ->request(instance_of(*receiver), limits::job_time_max, dispatch_atom_v,
                worker_event{std::move(event)})
      .then([](const event_result&) {}, [](caf::error&) {});
  return true;
}

// Spec: ServiceWorker#clients-claim
caf::result<bool> registration_state::claim(worker_id id) {
  if (slots_.active().descriptor.id != id)
    return fail(worker_error::invalid_state, "only an active worker may claim clients");
  auto promise = self_->make_response_promise<bool>();
  self_
      ->request(arguments_.services.clients, limits::internal_request_max, control_atom_v,
                arguments_.key, arguments_.scope, std::string{})
      .then(
          [=](const client_list&) {
            auto answer = promise;
            answer.deliver(true);
          },
          [=](caf::error& error) {
            auto answer = promise;
            answer.deliver(std::move(error));
          });
  return promise;
}

// Spec: ServiceWorker#try-activate-algorithm
void registration_state::try_activate() {
  if (trying_to_activate_) {
    try_again_ = true;
    return;
  }
  switch (slots_.may_activate()) {
  case worker_slots::activation::impossible:
    return;
  case worker_slots::activation::at_once:
    activate();
    return;
  case worker_slots::activation::when_idle:
    break;
  }
  trying_to_activate_ = true;
  if (slots_.skips_waiting()) {
    clients_known(false);
    return;
  }
  self_
      ->request(arguments_.services.clients, limits::internal_request_max, list_atom_v,
                arguments_.key, arguments_.scope, client_query{false, client_type::all})
      .then([this](const client_list& list) { clients_known(!list.clients.empty()); },
            [this](const caf::error&) { clients_known(true); });
}

void registration_state::clients_known(bool used) {
  trying_to_activate_ = false;
  if (used && !slots_.skips_waiting()) {
    if (std::exchange(try_again_, false))
      try_activate();
    return;
  }
  try_again_ = false;
  trying_to_activate_ = true;
  activation_since_ = self_->clock().now();
  wait_for_idle();
}

// The active worker may have events for minutes. So that steady traffic cannot keep the new worker
// out, new events wait here, but for a moment only; then they go to the old worker again until it
// happens to be idle. After the longest time an event may take it is replaced in any case.
void registration_state::wait_for_idle() {
  const auto round = ++activation_round_;
  gate_closed_ = true;
  dispatched_since_asked_ = false;
  self_->delayed_send(self_, limits::activation_gate_max, resume_atom_v, round);
  const auto instance = instances_.find(slots_.active().descriptor.id);
  if (instance == instances_.end()) {
    active_idle(round);
    return;
  }
  self_->request(instance->second.get(), watched_by_sender(), idle_atom_v)
      .then([=, this](bool) { active_idle(round); },
            [=, this](const caf::error&) { active_idle(round); });
}

void registration_state::gate_time_over(uint64_t round) {
  if (round != activation_round_ || !gate_closed_)
    return;
  gate_closed_ = false;
  release_held();
}

void registration_state::active_idle(uint64_t round) {
  if (round != activation_round_)
    return;
  if (slots_.may_activate() != worker_slots::activation::when_idle) {
    trying_to_activate_ = false;
    gate_time_over(round);
    return;
  }
  const auto waited = self_->clock().now() - activation_since_;
  if (!gate_closed_ && dispatched_since_asked_ && waited < limits::activation_wait_max) {
    wait_for_idle();
    return;
  }
  activate();
}

// Spec: ServiceWorker#activation-algorithm
void registration_state::activate() {
  trying_to_activate_ = false;
  ++activation_round_;
  gate_closed_ = false;
  if (!slots_.is_activating()) {
    retire(slots_.begin_activate());
    publish();
    store();
  }
  const auto id = slots_.active().descriptor.id;
  self_
      ->request(instance_of(slots_.active()), limits::job_time_max, dispatch_atom_v,
                worker_event{activate_event{}})
      .then(
          [=, this](const event_result&) {
            if (slots_.active().descriptor.id == id)
              activated();
          },
          [=, this](const caf::error&) {
            if (slots_.active().descriptor.id == id)
              activated();
          });
}

// Whatever became of the activate event: the worker is activated.
void registration_state::activated() {
  if (draining_)
    return;
  slots_.finish_activate();
  publish();
  store();
  release_held();
  try_activate();
}

// -- The end
// -------------------------------------------------------------------------------------

// Spec: ServiceWorker#unregister-algorithm
caf::result<bool> registration_state::unregister() {
  unregistered_ = true;
  auto promise = self_->make_response_promise<bool>();
  self_
      ->request(arguments_.services.storage, limits::internal_request_max, remove_atom_v,
                arguments_.key, arguments_.scope)
      .then(
          [=](bool) {
            auto answer = promise;
            answer.deliver(true);
          },
          [=](caf::error& error) {
            auto answer = promise;
            answer.deliver(std::move(error));
          });
  note(note_kind::unregistered, {}, {});
  try_clear();
  return promise;
}

// Spec: ServiceWorker#try-clear-registration-algorithm
void registration_state::try_clear() {
  if (clearing_)
    return;
  clearing_ = true;
  self_
      ->request(arguments_.services.clients, limits::internal_request_max, list_atom_v,
                arguments_.key, arguments_.scope, client_query{false, client_type::all})
      .then(
          [this](const client_list& list) {
            clearing_ = false;
            if (list.clients.empty())
              clear_when_idle();
          },
          [this](const caf::error&) {
            clearing_ = false;
            clear_when_idle();
          });
}

void registration_state::clear_when_idle() {
  const auto pending = std::make_shared<size_t>(1);
  const auto one_idle = [=, this] {
    if (--*pending == 0)
      clear();
  };
  for (const auto& [id, instance] : instances_) {
    ++*pending;
    self_->request(instance.get(), limits::job_time_max, idle_atom_v)
        .then([=](bool) { one_idle(); }, [=](const caf::error&) { one_idle(); });
  }
  one_idle();
}

// Spec: ServiceWorker#clear-registration-algorithm
void registration_state::clear() {
  if (std::exchange(cleared_, true))
    return;
  retire(slots_.clear());
  publish();
  release_held();
  self_->send(arguments_.manager, remove_atom_v, arguments_.key, arguments_.scope);
  quit_when_retired();
}

void registration_state::quit_when_retired() {
  if (cleared_ && retiring_ == 0)
    self_->quit();
}

// -- Status and drain
// -----------------------------------------------------------------------------

caf::result<node_status> registration_state::status() {
  auto promise = self_->make_response_promise<node_status>();
  const auto result = std::make_shared<node_status>();
  const auto pending = std::make_shared<size_t>(1);
  const auto one_known = [=] {
    auto answer = promise;
    if (--*pending == 0)
      answer.deliver(*result);
  };
  for (const auto& [id, instance] : instances_) {
    ++*pending;
    self_->request(instance.get(), limits::internal_request_max, status_atom_v)
        .then(
            [=](const instance_status& one) {
              result->instances.push_back(one);
              one_known();
            },
            [=](const caf::error&) { one_known(); });
  }
  one_known();
  return promise;
}

caf::result<bool> registration_state::drain() {
  draining_ = true;
  auto promise = self_->make_response_promise<bool>();
  const auto pending = std::make_shared<size_t>(1);
  const auto one_gone = [=] {
    auto answer = promise;
    if (--*pending == 0)
      answer.deliver(true);
  };
  for (const auto& [id, instance] : instances_) {
    ++*pending;
    self_->request(instance.get(), limits::internal_request_max, drain_atom_v)
        .then([=](bool) { one_gone(); }, [=](const caf::error&) { one_gone(); });
  }
  one_gone();
  return promise;
}

} // namespace offstage

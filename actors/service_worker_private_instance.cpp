// SPDX-License-Identifier: MIT
#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/instance_parent.hpp"
#include "actors/service_worker_private_state.hpp"
#include "protocol/errors.hpp"

namespace offstage {

using swp = service_worker_private_state;

// Spec: ServiceWorker#run-service-worker-algorithm
void swp::start() {
  if (phase_ != instance_phase::stopped)
    return;
  phase_ = instance_phase::starting;
  ++generation_;
  breaker_.attempt(now());
  acquire_process();
  load_scripts();
}

// -- Process and instance
// ---------------------------------------------------------------------------

// The process comes while the scripts are read, and they are put together when both are there.
void swp::acquire_process() {
  const auto generation = generation_;
  const auto& spawner = setup_.services.shared.spawner;
  self_->request(spawner, options().start_time_max, spawn_atom_v, setup_.key, setup_.worker.id)
      .then(
          [=, this](const worker_process& process) {
            if (generation != generation_) {
              caf::anon_send(spawner, remove_atom_v, setup_.key, setup_.worker.id);
              return;
            }
            process_ = process;
            has_process_ = true;
            launch_when_ready();
          },
          [=, this](const caf::error& error) {
            if (generation == generation_)
              start_failed(event_cause::start_failed, describe(error));
          });
}

void swp::launch_when_ready() {
  if (!has_process_ || (setup_.fresh.scripts.empty() && loaded_.scripts.empty()))
    return;
  instance_parent_arguments arguments;
  arguments.constructor = make_constructor();
  arguments.process = process_;
  arguments.services = setup_.services;
  arguments.owner = service_worker_private_actor{self_};
  instance_ = owned{spawn_instance_parent(self_->system(), std::move(arguments))};
  self_->monitor(instance_.get());
}

instance_constructor swp::make_constructor() const {
  const auto& sources = setup_.fresh.scripts.empty() ? loaded_.scripts : setup_.fresh.scripts;
  instance_constructor result;
  result.worker = setup_.worker.id;
  result.key = setup_.key;
  result.scope = setup_.scope;
  result.type = setup_.worker.type;
  result.registration = registration_;
  result.limits = options().instance;
  result.user_agent = options().user_agent;
  result.time_origin_unix_us = options().unix_ms() * 1000;
  result.installed = setup_.fresh.scripts.empty();
  result.script = sources.front();
  result.imports.assign(sources.begin() + 1, sources.end());
  result.artifacts = options().engine_build.empty() ? artifact_use::none : artifact_use::both_ways;
  return result;
}

// The first evaluation is an event of the update job and waits here already; any other start gets
// one that nobody waits for.
void swp::evaluate() {
  if (phase_ != instance_phase::starting || !instance_)
    return;
  if (!events_.contains(evaluation_)) {
    auto& entry = add_event(worker_event{evaluate_script{}}, true);
    evaluation_ = entry.id;
  }
  auto& entry = events_.at(evaluation_);
  entry.in_instance = true;
  ++in_instance_;
  self_->send(entry.actor.get(), start_atom_v, instance_.get());
}

void swp::evaluated(const event_result& result) {
  evaluation_ = event_id{0};
  if (phase_ != instance_phase::starting)
    return;
  if (result.status == event_status::completed && result.evaluation.evaluated) {
    phase_ = instance_phase::running;
    breaker_.succeeded();
    keep_alive_.started(now());
    note(note_kind::started, {});
    return;
  }
  breaker_.failed(now());
  fail_waiting(event_cause::script_threw);
  stop_instance();
}

// -- Failures and ends
// ------------------------------------------------------------------------------

void swp::start_failed(event_cause cause, const std::string& text) {
  phase_ = instance_phase::stopped;
  ++generation_;
  note(note_kind::died, text);
  release_process();
  const auto again = breaker_.failed(now());
  const auto evaluation = events_.find(evaluation_);
  if (evaluation != events_.end() && evaluation->second.in_instance) {
    self_->send(evaluation->second.actor.get(), lost_atom_v, event_cause::died_before_entry);
    evaluation->second.in_instance = false;
    --in_instance_;
    evaluation_ = event_id{0};
  }
  const auto has_work = !waiting_.empty() || events_.contains(evaluation_);
  if (!again)
    fail_waiting(cause);
  else if (has_work)
    start();
  if (phase_ == instance_phase::stopped)
    gone();
}

void swp::fail_waiting(event_cause cause) {
  for (const auto id : waiting_)
    if (const auto found = events_.find(id); found != events_.end())
      self_->send(found->second.actor.get(), lost_atom_v, cause);
  waiting_.clear();
  const auto evaluation = events_.find(evaluation_);
  if (evaluation != events_.end() && !evaluation->second.in_instance)
    self_->send(evaluation->second.actor.get(), lost_atom_v, cause);
}

// Everything the instance_parent forwarded is in the event_parents' mailboxes already, so `lost` is
// the last word about this instance.
void swp::instance_down(const caf::down_msg& down) {
  if (!instance_ || down.source != instance_.get().address())
    return;
  const auto phase = phase_;
  const auto pid = process_.link ? process_.link->pid() : 0;
  instance_.release();
  release_process();
  if (phase == instance_phase::starting) {
    start_failed(event_cause::start_failed, describe(down.reason));
    return;
  }
  phase_ = instance_phase::stopped;
  ++generation_;
  const auto wanted = phase == instance_phase::stopping;
  note(wanted ? note_kind::stopped : note_kind::died,
       wanted ? std::string{} : "pid " + std::to_string(pid) + ": " + describe(down.reason));
  const auto cause = draining_ ? event_cause::stopping
                     : wanted  ? event_cause::terminated
                               : event_cause::died_before_entry;
  lose_events(cause);
  if (waiting_.empty())
    loaded_.scripts.clear();
  else if (!draining_)
    start();
  if (phase_ == instance_phase::stopped)
    gone();
}

void swp::lose_events(event_cause cause) {
  for (auto& [id, entry] : events_) {
    if (!entry.in_instance && !draining_)
      continue;
    entry.in_instance = false;
    self_->send(entry.actor.get(), lost_atom_v, cause);
  }
  in_instance_ = 0;
  if (draining_)
    waiting_.clear();
}

// Spec: ServiceWorker#terminate-service-worker-algorithm
void swp::stop_instance() {
  if (instance_) {
    if (phase_ != instance_phase::stopping)
      self_->send(instance_.get(), terminate_atom_v);
    phase_ = instance_phase::stopping;
    return;
  }
  if (phase_ == instance_phase::starting) {
    phase_ = instance_phase::stopped;
    ++generation_;
    release_process();
  }
  gone();
}

caf::result<bool> swp::terminate() {
  fail_waiting(event_cause::terminated);
  for (auto& [id, entry] : events_)
    self_->send(entry.actor.get(), lost_atom_v, event_cause::terminated);
  auto promise = self_->make_response_promise<bool>();
  gone_waiters_.push_back(promise);
  stop_instance();
  return promise;
}

caf::result<bool> swp::drain() {
  draining_ = true;
  auto promise = self_->make_response_promise<bool>();
  gone_waiters_.push_back(promise);
  if (events_.empty()) {
    stop_instance();
  } else {
    drain_deadline_ = now() + options().drain_time_max - options().stop_time_max;
    wake_at(*drain_deadline_);
  }
  return promise;
}

void swp::gone() {
  if (draining_)
    lose_events(event_cause::stopping);
  for (auto& waiter : gone_waiters_)
    waiter.deliver(true);
  gone_waiters_.clear();
}

void swp::release_process() {
  if (!has_process_)
    return;
  has_process_ = false;
  process_ = {};
  caf::anon_send(setup_.services.shared.spawner, remove_atom_v, setup_.key, setup_.worker.id);
}

void swp::note(note_kind kind, std::string text) {
  lifecycle_note message;
  message.kind = kind;
  message.registration = registration_;
  message.worker = setup_.worker;
  message.pid = process_.link ? process_.link->pid() : 0;
  message.text = std::move(text);
  self_->send(setup_.services.notes, note_atom_v, std::move(message));
}

} // namespace offstage

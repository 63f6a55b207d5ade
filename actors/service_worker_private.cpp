// SPDX-License-Identifier: MIT
#include "actors/service_worker_private.hpp"

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/service_worker_private_state.hpp"

namespace offstage {

using swp = service_worker_private_state;

swp::service_worker_private_state(service_worker_private_actor::pointer self)
    : self_(self), keep_alive_({}, {}), breaker_(1, {}) {}

swp::~service_worker_private_state() {
  release_process();
}

swp::behavior_type swp::make_behavior(worker_setup setup) {
  setup_ = std::move(setup);
  const auto& options = *setup_.services.options;
  keep_alive_ = keep_alive{options.idle_delay, options.idle_grace};
  breaker_ = start_breaker{options.start_failures_max, options.start_failure_pause};
  if (options.deaths == death_watch::act)
    self_->set_down_handler([this](caf::down_msg& down) { instance_down(down); });
  else
    self_->set_down_handler([](caf::down_msg&) {});
  return {
      [this](dispatch_atom, worker_event& event) { return dispatch(std::move(event)); },
      [this](fetch_atom, call_id call, fetch_request& request) {
        return dispatch_fetch(call, std::move(request));
      },
      [this](abort_atom, call_id call) { abort(call); },
      [this](settle_atom, event_id id, const event_result& result) { settled(id, result); },
      [this](resume_atom, event_id id) { resume(id); },
      [this](start_atom) { evaluate(); },
      [this](put_atom, script_sources& scripts) { add_imports(std::move(scripts)); },
      [this](get_atom) { return scripts(); },
      [this](store_atom, stored_worker& stored) { installed(std::move(stored)); },
      [this](store_atom, script_artifact& artifact) { keep(std::move(artifact)); },
      [this](tick_atom) { tick(); },
      [this](idle_atom) { return wait_until_idle(); },
      [this](terminate_atom) { return terminate(); },
      [this](drain_atom) { return drain(); },
      [this](update_atom, registration_descriptor& registration) {
        update(std::move(registration));
      },
      [this](status_atom) { return status(); },
  };
}

// -- Events
// --------------------------------------------------------------------------------------

caf::result<event_result> swp::dispatch(worker_event event) {
  const auto* evaluation = caf::get_if<evaluate_script>(&event);
  const auto refusal = refuse();
  if (refusal != event_cause::none) {
    event_result result;
    result.status = event_status::aborted;
    result.cause = refusal;
    result.attempts = 0;
    return result;
  }
  const auto is_evaluation = evaluation != nullptr;
  const auto& entry = add_event(std::move(event), is_evaluation);
  auto answer = self_->delegate(entry.actor.get(), dispatch_atom_v);
  run_or_wait(entry.id);
  return answer;
}

caf::result<fetch_outcome> swp::dispatch_fetch(call_id call, fetch_request request) {
  const auto refusal = refuse();
  if (refusal != event_cause::none)
    return fetch_outcome::network_error(to_string(refusal));
  auto& entry = add_event(worker_event{fetch_event{std::move(request)}}, false);
  entry.asker = self_->current_sender().get();
  entry.call = call;
  auto answer = self_->delegate(entry.actor.get(), fetch_atom_v);
  run_or_wait(entry.id);
  return answer;
}

event_cause swp::refuse() {
  if (events_.size() >= options().events_per_worker_max)
    return event_cause::overload;
  if (draining_)
    return event_cause::stopping;
  if (breaker_.is_open(now()))
    return event_cause::start_failed;
  return event_cause::none;
}

swp::event_entry& swp::add_event(worker_event event, bool is_evaluation) {
  const auto id = event_id{next_event_id_++};
  event_entry entry;
  entry.id = id;
  entry.deadline = now() + policy_of(event).time_limit;
  entry.is_evaluation = is_evaluation;
  event_parent_arguments arguments;
  arguments.id = id;
  arguments.event = std::move(event);
  arguments.attempts_max = is_evaluation ? 1 : options().event_attempts_max;
  arguments.owner = service_worker_private_actor{self_};
  entry.in_instance = !is_evaluation && has_room();
  if (entry.in_instance) {
    arguments.instance = instance_.get();
    ++in_instance_;
  }
  entry.actor = owned{spawn_event_parent(self_->system(), std::move(arguments))};
  keep_alive_.take();
  wake_at(entry.deadline);
  return events_.emplace(id, std::move(entry)).first->second;
}

void swp::run_or_wait(event_id id) {
  auto& entry = events_.at(id);
  if (entry.is_evaluation) {
    evaluation_ = id;
    start();
  } else if (!entry.in_instance) {
    waiting_.push_back(id);
    if (phase_ == instance_phase::stopped)
      start();
  }
}

void swp::run_waiting() {
  while (has_room() && !waiting_.empty()) {
    const auto entry = events_.find(waiting_.front());
    waiting_.pop_front();
    if (entry != events_.end())
      send_to_instance(entry->second);
  }
}

void swp::send_to_instance(event_entry& entry) {
  entry.in_instance = true;
  ++in_instance_;
  self_->send(entry.actor.get(), start_atom_v, instance_.get());
}

bool swp::has_room() const {
  return phase_ == instance_phase::running && in_instance_ < options().events_in_instance_max;
}

void swp::settled(event_id id, const event_result& result) {
  const auto found = events_.find(id);
  if (found == events_.end())
    return;
  found->second.actor.release();
  if (found->second.in_instance)
    --in_instance_;
  events_.erase(found);
  keep_alive_.give_back(now());
  if (id == evaluation_)
    evaluated(result);
  run_waiting();
  if (events_.empty())
    rest();
}

void swp::resume(event_id id) {
  const auto found = events_.find(id);
  if (found == events_.end())
    return;
  if (has_room()) {
    send_to_instance(found->second);
    return;
  }
  waiting_.push_back(id);
  if (phase_ != instance_phase::stopped)
    return;
  if (breaker_.is_open(now()))
    fail_waiting(event_cause::start_failed);
  else
    start();
}

void swp::abort(call_id call) {
  const auto* asker = self_->current_sender().get();
  for (const auto& [id, entry] : events_)
    if (entry.asker == asker && entry.call == call)
      self_->send(entry.actor.get(), abort_atom_v);
}

void swp::rest() {
  for (auto& waiter : idle_waiters_)
    waiter.deliver(true);
  idle_waiters_.clear();
  if (draining_)
    stop_instance();
  else if (phase_ == instance_phase::running)
    wake_at(*keep_alive_.due());
}

caf::result<bool> swp::wait_until_idle() {
  if (events_.empty())
    return true;
  idle_waiters_.push_back(self_->make_response_promise<bool>());
  return idle_waiters_.back();
}

// -- Time
// ----------------------------------------------------------------------------------------

void swp::wake_at(steady_time due) {
  if (armed_ && *armed_ <= due)
    return;
  armed_ = due;
  self_->delayed_send(self_, due - now(), tick_atom_v);
}

// A tick may come from an earlier, superseded request to be woken: then nothing is due.
void swp::tick() {
  const auto time = now();
  if (armed_ && *armed_ <= time)
    armed_.reset();
  std::optional<steady_time> next;
  for (const auto& [id, entry] : events_) {
    if (entry.deadline <= time)
      self_->send(entry.actor.get(), tick_atom_v);
    else if (!next || entry.deadline < *next)
      next = entry.deadline;
  }
  if (next)
    wake_at(*next);
  if (drain_deadline_ && *drain_deadline_ <= time)
    stop_instance();
  if (phase_ == instance_phase::running)
    consider_stopping();
}

void swp::consider_stopping() {
  switch (keep_alive_.judge(now())) {
  case keep_alive::verdict::wait:
    if (const auto due = keep_alive_.due())
      wake_at(*due);
    return;
  case keep_alive::verdict::ask:
    ask_whether_busy();
    return;
  case keep_alive::verdict::stop:
    stop_instance();
    return;
  }
}

void swp::ask_whether_busy() {
  const auto generation = generation_;
  self_->request(instance_.get(), options().stop_time_max, idle_atom_v)
      .then([this, generation](const instance_load& load) { judge_load(generation, load); },
            [this, generation](const caf::error&) { judge_load(generation, {}); });
}

void swp::judge_load(uint64_t generation, const instance_load& load) {
  if (generation != generation_ || phase_ != instance_phase::running || keep_alive_.tokens() > 0)
    return;
  if (load.empty()) {
    stop_instance();
    return;
  }
  keep_alive_.extend(now(), load.streams > 0 ? keep_alive::busy_with::bodies
                                             : keep_alive::busy_with::events_or_calls);
  wake_at(*keep_alive_.due());
}

// -- Registration and status
// -------------------------------------------------------------------------------

void swp::update(registration_descriptor registration) {
  registration_ = std::move(registration);
  for (const auto* worker :
       {&registration_.installing, &registration_.waiting, &registration_.active})
    if (worker->id == setup_.worker.id)
      setup_.worker = *worker;
  if (instance_)
    self_->send(instance_.get(), update_atom_v, registration_);
}

instance_status swp::status() const {
  instance_status result;
  result.worker = setup_.worker;
  result.scope = setup_.scope;
  result.phase = phase_;
  result.pid = process_.link && instance_ ? process_.link->pid() : 0;
  result.event_count = static_cast<uint32_t>(events_.size());
  return result;
}

service_worker_private_actor spawn_service_worker_private(caf::actor_system& system,
                                                          worker_setup setup) {
  const auto run = [](service_worker_private_actor::stateful_pointer<swp> self,
                      const worker_setup& arguments) {
    return self->state.make_behavior(arguments);
  };
  return system.spawn(run, std::move(setup));
}

} // namespace offstage

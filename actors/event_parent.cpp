// SPDX-License-Identifier: MIT
#include "actors/event_parent.hpp"

#include <optional>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/actor_support.hpp"
#include "actors/event_rules.hpp"

namespace offstage {

namespace {

/// A class of its own, not a stateful_actor: one is spawned for every event.
class event_parent final : public event_parent_actor::base {
public:
  event_parent(caf::actor_config& config, event_parent_arguments arguments)
      : event_parent_actor::base(config),
        arguments_(std::move(arguments)),
        rules_(arguments_.event, arguments_.attempts_max) {}

  const char* name() const override { return "event_parent"; }

  event_parent_actor::behavior_type make_behavior() override {
    set_exit_handler([this](caf::exit_msg&) { lose(event_cause::terminated); });
    return {
        [this](enter_atom) { rules_.entered(); },
        [this](respond_atom, fetch_outcome& outcome) { respond(std::move(outcome)); },
        [this](finish_atom, event_result& result) { finish(std::move(result)); },
        [this](finish_atom, fetch_outcome& outcome, event_result& result) {
          respond(std::move(outcome));
          finish(std::move(result));
        },
        [this](start_atom, const instance_parent_actor& instance) { start(instance); },
        [this](lost_atom, event_cause cause) { lose(cause); },
        [this](abort_atom) { abort(); },
        [this](tick_atom) { time_out(); },
        [this](dispatch_atom) { return wait_for_result(); },
        [this](fetch_atom) { return wait_for_outcome(); },
    };
  }

private:
  using result_promise = caf::typed_response_promise<event_result>;
  using outcome_promise = caf::typed_response_promise<fetch_outcome>;

  void start(const instance_parent_actor& instance) {
    if (settled_)
      return;
    arguments_.instance = instance;
    rules_.dispatched();
    send(instance, dispatch_atom_v, arguments_.id, arguments_.event,
         event_sink_actor{event_parent_actor{this}});
  }

  void respond(fetch_outcome outcome) {
    if (settled_ || !rules_.responded())
      return;
    if (outcome_waiter_)
      outcome_waiter_->deliver(std::move(outcome));
  }

  void finish(event_result result) {
    result.attempts = rules_.attempts();
    settle(std::move(result));
  }

  void lose(event_cause cause) {
    if (settled_)
      return;
    if (auto result = rules_.lost(cause))
      settle(std::move(*result));
    else
      send(arguments_.owner, resume_atom_v, arguments_.id);
  }

  /// The script goes on: its waitUntil() work is not the client's. Only its request is aborted.
  void abort() {
    if (arguments_.instance && !settled_)
      send(arguments_.instance, abort_atom_v, arguments_.id);
  }

  void time_out() {
    abort();
    settle(rules_.timed_out());
  }

  // Invariant: whatever the order of messages, the outcome comes before the result, and each once
  // (simulation: "every event settles exactly once").
  void settle(event_result result) {
    if (settled_)
      return;
    settled_ = true;
    if (rules_.responded())
      deliver_failure(result);
    if (result_waiter_)
      result_waiter_->deliver(result);
    send(arguments_.owner, settle_atom_v, arguments_.id, std::move(result));
    quit();
  }

  void deliver_failure(const event_result& result) {
    if (outcome_waiter_)
      outcome_waiter_->deliver(fetch_outcome::network_error(reason_without_outcome(result)));
  }

  /// Not before somebody waits: the answer must not overtake the question.
  void start_where_told() {
    if (const auto instance = std::exchange(arguments_.instance, {}))
      start(instance);
  }

  result_promise wait_for_result() {
    result_waiter_ = make_response_promise<event_result>();
    start_where_told();
    return *result_waiter_;
  }

  outcome_promise wait_for_outcome() {
    outcome_waiter_ = make_response_promise<fetch_outcome>();
    start_where_told();
    return *outcome_waiter_;
  }

  event_parent_arguments arguments_;
  event_rules rules_;
  bool settled_ = false;
  std::optional<result_promise> result_waiter_;
  std::optional<outcome_promise> outcome_waiter_;
};

} // namespace

event_parent_actor spawn_event_parent(caf::actor_system& system, event_parent_arguments arguments) {
  return system.spawn<event_parent>(std::move(arguments));
}

} // namespace offstage

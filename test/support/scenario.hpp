// SPDX-License-Identifier: MIT
#pragma once

// Deterministic actor scenarios on doctest: one thread, virtual time, one message at a time.

#include <memory>
#include <optional>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/expected.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>
#include <doctest/doctest.h>

#include "protocol/errors.hpp"
#include "protocol/message_types.hpp"

namespace offstage::test {

struct scenario_config : caf::actor_system_config {
  scenario_config() {
    set("scheduler.policy", caf::atom("testing"));
    register_protocol(*this);
  }
};

/// The answer to a question: there or not there yet.
template <class T>
using answer = std::shared_ptr<std::optional<caf::expected<T>>>;

class scenario {
public:
  scenario()
      : sys(config), sched(dynamic_cast<caf::scheduler::test_coordinator&>(sys.scheduler())) {
    settle();
  }

  scenario(const scenario&) = delete;
  scenario& operator=(const scenario&) = delete;

  /// Lets every timer fire, so that no clock entry keeps an actor alive past the scenario.
  virtual ~scenario() {
    do {
      settle();
    } while (sched.trigger_timeouts() > 0 || sched.has_job());
  }

  /// Runs everything that is runnable without advancing time.
  void settle() {
    while (sched.try_run_once()) {
    }
  }

  void advance(caf::timespan by) {
    sched.advance_time(by);
    settle();
  }

  /// Advances in steps, so that timers that timers start fire in between.
  void advance_by_steps(std::chrono::milliseconds by, std::chrono::milliseconds step) {
    for (auto past = std::chrono::milliseconds{0}; past < by; past += step)
      advance(step);
  }

  /// Sends a request on behalf of a test client; nothing has run when it returns.
  template <class Result, class Handle, class... Ts>
  answer<Result> ask_later(const Handle& receiver, Ts... arguments) {
    auto result = std::make_shared<std::optional<caf::expected<Result>>>();
    asker = sys.spawn([=](caf::event_based_actor* self) {
      self->request(receiver, std::chrono::seconds{86'400}, arguments...)
          .then([=](const Result& x) { *result = x; },
                [=](const caf::error& error) { *result = error; });
    });
    return result;
  }

  /// The same, and runs what it causes.
  template <class Result, class Handle, class... Ts>
  answer<Result> ask(const Handle& receiver, Ts... arguments) {
    auto result = ask_later<Result>(receiver, std::move(arguments)...);
    settle();
    return result;
  }

  /// Asks these actors to end, in this order, each with what that causes.
  template <class... Handles>
  void end(const Handles&... actors) {
    ((caf::anon_send_exit(actors, caf::exit_reason::user_shutdown), settle()), ...);
  }

  size_t running() { return sys.registry().running(); }

  scenario_config config;
  caf::actor_system sys;
  caf::scheduler::test_coordinator& sched;
  caf::actor asker; ///< Who asked last.
};

} // namespace offstage::test

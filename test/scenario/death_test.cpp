// SPDX-License-Identifier: MIT
#include <caf/send.hpp>

#include "test/scenario/strategy_cases.hpp"

using namespace offstage;
using namespace offstage::test;
using namespace std::chrono_literals;

namespace {

event_result result_of(const answer<event_result>& result) {
  REQUIRE(result->has_value());
  REQUIRE_MESSAGE((*result)->engaged(), describe((*result)->error()));
  return (*result)->value();
}

bool was_aborted_by(const answer<event_result>& result, event_cause cause) {
  const auto settled = result_of(result);
  return settled.status == event_status::aborted && settled.cause == cause;
}

} // namespace

SCENARIO_FOR_EACH_STRATEGY("an idle worker is stopped after 30 s and started again on demand") {
  node.with_active_worker("fetch respond again");
  node.advance(29s);
  CHECK(node.world->alive.size() == 1);
  node.advance(1s);
  CHECK(node.world->alive.empty());
  CHECK(node.instance().phase == instance_phase::stopped);
  CHECK(text_of(node.fetch("/")) == "again");
  CHECK(node.world->made == 2);
}

SCENARIO_FOR_EACH_STRATEGY("an event postpones the idle stop") {
  node.with_active_worker();
  node.advance(20s);
  node.fetch("/");
  node.advance(20s);
  CHECK(node.world->alive.size() == 1);
  node.advance(10s);
  CHECK(node.world->alive.empty());
}

SCENARIO_FOR_EACH_STRATEGY("an event that exceeded its time gives its worker 30 s of grace") {
  node.with_active_worker("message never");
  const auto result = node.send_event(message_event{});
  node.advance(300s);
  CHECK(result_of(result).status == event_status::timed_out);
  CHECK(result_of(result).cause == event_cause::time_limit);
  node.advance(30s);
  CHECK(node.world->alive.size() == 1);
  node.advance(30s);
  CHECK(node.world->alive.empty());
}

SCENARIO_FOR_EACH_STRATEGY("a process that dies while idle is replaced for the next event") {
  node.with_active_worker("fetch respond back");
  node.processes->kill_last();
  node.settle();
  CHECK(node.world->alive.empty());
  CHECK(node.notes_of(note_kind::died).size() == 1);
  CHECK(text_of(node.fetch("/")) == "back");
}

SCENARIO_FOR_EACH_STRATEGY("an event that had not entered the script is dispatched again") {
  node.with_active_worker("fetch respond back\nmessage done");
  node.processes->kill_last();
  const auto outcome = node.ask_later<fetch_outcome>(node.manager, intercept_atom_v, call_id{500},
                                                     node.request_for("/", "POST"));
  const auto result = node.ask_later<event_result>(
      node.manager, dispatch_atom_v, storage_key{origin}, scope_url, worker_event{message_event{}});
  node.settle();
  CHECK(text_of(outcome) == "back");
  CHECK(result_of(result).status == event_status::completed);
}

SCENARIO_FOR_EACH_STRATEGY("a GET that entered the script is tried once more, then fails") {
  node.with_active_worker("fetch never");
  const auto outcome = node.fetch("/");
  node.processes->kill_last();
  node.settle();
  CHECK_FALSE(outcome->has_value());
  CHECK(node.world->count_handled("fetch") == 2);
  node.processes->kill_last();
  node.settle();
  CHECK(text_of(outcome) == "(network error) " + to_string(event_cause::died_after_entry));
  CHECK(node.world->count_handled("fetch") == 2);
}

SCENARIO_FOR_EACH_STRATEGY("a POST that entered the script fails with its process") {
  node.with_active_worker("fetch never");
  const auto outcome = node.fetch("/", "POST");
  node.processes->kill_last();
  node.settle();
  CHECK(text_of(outcome) == "(network error) " + to_string(event_cause::died_after_entry));
  CHECK(node.world->count_handled("fetch") == 1);
}

SCENARIO_FOR_EACH_STRATEGY("a push that entered the script is dispatched up to three times") {
  node.with_active_worker("push never");
  const auto result = node.send_event(push_event{});
  for (int i = 0; i < 3; ++i) {
    CHECK_FALSE(result->has_value());
    node.processes->kill_last();
    node.settle();
  }
  CHECK(was_aborted_by(result, event_cause::died_after_entry));
  CHECK(result_of(result).attempts == 3);
}

SCENARIO_FOR_EACH_STRATEGY("a message that entered the script is aborted with its process") {
  node.with_active_worker("message never");
  const auto result = node.send_event(message_event{});
  node.processes->kill_last();
  node.settle();
  CHECK(was_aborted_by(result, event_cause::died_after_entry));
}

SCENARIO_FOR_EACH_STRATEGY("a worker that dies while it starts is started again, up to a limit") {
  node.with_active_worker("fetch respond started");
  node.advance(30s);
  node.world->holds_evaluations = true;
  const auto outcome = node.fetch("/");
  node.processes->kill_last();
  node.settle();
  CHECK_FALSE(outcome->has_value());
  node.processes->kill_last();
  node.settle();
  CHECK_FALSE(outcome->has_value());
  node.processes->kill_last();
  node.settle();
  CHECK(text_of(outcome) == "(network error) " + to_string(event_cause::start_failed));
  const auto made = node.world->made;
  CHECK(text_of(node.fetch("/")) == "(network error) " + to_string(event_cause::start_failed));
  CHECK(node.world->made == made);
  node.world->holds_evaluations = false;
  node.advance(5s);
  CHECK(text_of(node.fetch("/")) == "started");
}

SCENARIO_FOR_EACH_STRATEGY("a refused launch fails the events, and the next ones after a pause") {
  node.with_active_worker("fetch respond launched");
  node.advance(30s);
  node.processes->refuse = true;
  CHECK(text_of(node.fetch("/")) == "(network error) " + to_string(event_cause::start_failed));
  node.processes->refuse = false;
  node.advance(5s);
  CHECK(text_of(node.fetch("/")) == "launched");
}

SCENARIO_FOR_EACH_STRATEGY("a body of the script breaks when its process dies") {
  node.with_active_worker("fetch stream 1000");
  const auto outcome = node.fetch("/");
  REQUIRE(outcome->has_value());
  const auto content = (*outcome)->value().response.content;
  REQUIRE(content.kind == body_kind::source);
  const auto first = node.ask<body_chunk>(content.source, pull_atom_v, uint32_t{100});
  CHECK((*first)->value().bytes.size() == 100);
  CHECK_FALSE((*first)->value().last);
  const auto second = node.ask_later<body_chunk>(content.source, pull_atom_v, uint32_t{100});
  node.processes->kill_last();
  node.settle();
  REQUIRE(second->has_value());
  const auto third = node.ask<body_chunk>(content.source, pull_atom_v, uint32_t{100});
  CHECK(third->has_value());
  CHECK_FALSE((*third)->engaged());
}

SCENARIO_FOR_EACH_STRATEGY("a body of the script is read to its end in chunks") {
  node.with_active_worker("fetch stream 250");
  const auto outcome = node.fetch("/");
  const auto source = (*outcome)->value().response.content.source;
  for (const size_t expected : {100U, 100U, 50U}) {
    const auto chunk = node.ask<body_chunk>(source, pull_atom_v, uint32_t{100});
    CHECK((*chunk)->value().bytes.size() == expected);
    CHECK((*chunk)->value().last == (expected == 50U));
  }
}

SCENARIO_FOR_EACH_STRATEGY("a body of the network passes through the worker unread") {
  node.with_active_worker("fetch pass");
  node.network->pages[origin + "/data"] = {200, "text/plain", "from the network", {}};
  CHECK(text_of(node.fetch("/data")) == "from the network");
}

SCENARIO_FOR_EACH_STRATEGY("a call that storage refuses fails with the exception of its error") {
  node.storage_state->cache_error = fail(storage_error::quota_exceeded);
  node.with_active_worker("fetch cache");
  CHECK(text_of(node.fetch("/")).starts_with("(network error)"));
  CHECK(node.world->count("failure QuotaExceededError") == 1);
}

SCENARIO_FOR_EACH_STRATEGY("an abort reaches the script, and the event goes on") {
  node.with_active_worker("fetch never");
  const auto outcome = node.fetch("/");
  CHECK_FALSE(outcome->has_value());
  const auto call = call_id{node.next_call - 1};
  caf::send_as(node.asker, node.manager, abort_atom_v, call);
  node.settle();
  CHECK(node.world->count("abort") == 1);
  CHECK_FALSE(outcome->has_value());
}

SCENARIO_FOR_EACH_STRATEGY("a drain lets a running event finish for two seconds, then ends it") {
  node.with_active_worker("message never");
  const auto result = node.send_event(message_event{});
  const auto drained = node.ask<bool>(node.manager, drain_atom_v);
  CHECK_FALSE(drained->has_value());
  CHECK(text_of(node.fetch("/")) == "(fall back)");
  CHECK(was_aborted_by(node.send_event(message_event{}), event_cause::stopping));
  node.advance(2s);
  REQUIRE(drained->has_value());
  CHECK(was_aborted_by(result, event_cause::stopping));
  CHECK(node.world->alive.empty());
}

SCENARIO_FOR_EACH_STRATEGY("a drain of an idle node is answered at once") {
  node.with_active_worker();
  const auto drained = node.ask<bool>(node.manager, drain_atom_v);
  CHECK(drained->has_value());
  CHECK(node.world->alive.empty());
}

TEST_CASE("events beyond the limit of a worker are refused as overload") {
  actor_options options;
  options.events_per_worker_max = 3;
  options.events_in_instance_max = 2;
  node_scenario node{spawn_strategy::per_origin, options};
  node.with_active_worker("message never");
  std::vector<answer<event_result>> results;
  for (int i = 0; i < 4; ++i)
    results.push_back(node.send_event(message_event{}));
  CHECK(node.world->count_handled("message") == 2);
  CHECK(was_aborted_by(results.back(), event_cause::overload));
}

TEST_CASE("workers of one origin share a process, workers of two do not") {
  for (const auto& [strategy, expected] :
       {std::pair{spawn_strategy::per_origin, 1U}, std::pair{spawn_strategy::per_worker, 2U},
        std::pair{spawn_strategy::shared, 1U}}) {
    node_scenario node{strategy};
    node.with_active_worker();
    node.serve_script("", origin + "/b/sw.js");
    node.register_worker(origin + "/b/", origin + "/b/sw.js");
    CHECK(node.processes->launched.size() == expected);
    CHECK(node.world->alive.size() == 2);
  }
}

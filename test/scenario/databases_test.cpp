// SPDX-License-Identifier: MIT
#include <caf/typed_event_based_actor.hpp>
#include <doctest/doctest.h>

#include "config/limits.hpp"
#include "test/support/node_scenario.hpp"

namespace offstage::test {

namespace {

service_notice lost_connection() {
  return {idb_connection_lost{idb_connection_id{1}, "the test says so"}};
}

/// As the databases of a storage key do it.
void notify(node_scenario& node, const notice_sink_actor& sink) {
  node.sys.spawn(
      [=](caf::event_based_actor* self) { self->send(sink, notify_atom_v, lost_connection()); });
  node.settle();
}

} // namespace

TEST_CASE("what a database has to tell reaches the worker that asked it") {
  node_scenario node;
  node.storage_state->databases_answer = true;
  node.with_active_worker("message idb");
  const auto result = node.send_event(message_event{});
  REQUIRE(result->has_value());
  CHECK(result->value()->status == event_status::completed);
  REQUIRE(node.storage_state->notice_sinks.size() == 1);
  notify(node, node.storage_state->notice_sinks[0]);
  CHECK(node.world->count("notice") == 1);
  node.storage_state->notice_sinks.clear();
}

TEST_CASE("a notice from nowhere is not passed on") {
  node_scenario node;
  node.storage_state->databases_answer = true;
  node.with_active_worker("message idb");
  node.send_event(message_event{});
  caf::anon_send(node.storage_state->notice_sinks.at(0), notify_atom_v, lost_connection());
  node.settle();
  CHECK(node.world->count("notice") == 0);
  node.storage_state->notice_sinks.clear();
}

TEST_CASE("a worker that waits for a database ends like any other") {
  node_scenario node;
  node.with_active_worker("message idb");
  const auto result = node.send_event(message_event{});
  CHECK_FALSE(result->has_value());
  node.storage_state->notice_sinks.clear();
  node.advance_by_steps(limits::service_call_max + limits::idle_delay, limits::idle_delay);
  REQUIRE(result->has_value());
  CHECK(result->value()->status == event_status::timed_out);
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "actors/event_rules.hpp"

using namespace offstage;

namespace {

event_rules entered(worker_event event, uint32_t attempts_max = 3) {
  event_rules rules{std::move(event), attempts_max};
  rules.dispatched();
  rules.entered();
  return rules;
}

worker_event fetch_with(const std::string& method) {
  fetch_event fetch;
  fetch.request.method = method;
  return fetch;
}

} // namespace

TEST_CASE("an event that did not enter is dispatched again until its attempts are used up") {
  event_rules rules{install_event{}, 2};
  rules.dispatched();
  CHECK_FALSE(rules.lost(event_cause::died_before_entry));
  rules.dispatched();
  const auto result = rules.lost(event_cause::died_before_entry);
  REQUIRE(result);
  CHECK(result->cause == event_cause::died_before_entry);
  CHECK(result->attempts == 2);
}

TEST_CASE("install, activate and message events are not repeated once they entered") {
  for (const auto& event : {worker_event{install_event{}}, worker_event{activate_event{}},
                            worker_event{message_event{}}})
    CHECK(entered(event).lost(event_cause::died_before_entry)->cause
          == event_cause::died_after_entry);
}

TEST_CASE("push and sync events are repeated after they entered") {
  CHECK_FALSE(entered(push_event{}).lost(event_cause::died_before_entry));
  CHECK_FALSE(entered(sync_event{}).lost(event_cause::died_before_entry));
}

TEST_CASE("GET and HEAD are repeated once, other methods and streamed bodies never") {
  CHECK_FALSE(entered(fetch_with("GET")).lost(event_cause::died_before_entry));
  CHECK_FALSE(entered(fetch_with("HEAD")).lost(event_cause::died_before_entry));
  CHECK(entered(fetch_with("POST")).lost(event_cause::died_before_entry));
  auto twice = entered(fetch_with("GET"));
  twice.dispatched();
  twice.entered();
  CHECK(twice.lost(event_cause::died_before_entry));
  fetch_event streamed;
  streamed.request.content.kind = body_kind::source;
  CHECK(entered(streamed).lost(event_cause::died_before_entry));
}

TEST_CASE("a fetch with an outcome is not repeated and takes no second outcome") {
  auto rules = entered(fetch_with("GET"));
  CHECK(rules.responded());
  CHECK_FALSE(rules.responded());
  CHECK(rules.lost(event_cause::died_before_entry)->cause == event_cause::died_after_entry);
}

TEST_CASE("a terminated event is settled with that cause, whatever its policy") {
  const auto result = entered(push_event{}).lost(event_cause::terminated);
  REQUIRE(result);
  CHECK(result->status == event_status::aborted);
  CHECK(result->cause == event_cause::terminated);
}

// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

namespace {

fetch_outcome answer_of(const std::string& handler) {
  script_host host{"addEventListener('fetch', function (event) { " + handler + " });"};
  host.evaluate();
  return host.fetch("https://a.example/app/page");
}

} // namespace

TEST_CASE("the first evaluation tells which events the script handles") {
  script_host host{"addEventListener('fetch', function () {}); self.oninstall = function () {};"};
  const auto result = host.evaluate();
  CHECK(result.status == event_status::completed);
  CHECK(result.evaluation.evaluated);
  CHECK(result.evaluation.event_types == std::vector<std::string>{"fetch", "install"});
}

TEST_CASE("a script that throws says where") {
  script_host host{"var a = 1;\n\nundefinedFunction();"};
  const auto result = host.evaluate();
  CHECK(result.status == event_status::rejected);
  CHECK(result.cause == event_cause::script_threw);
  CHECK(result.evaluation.error.name == "ReferenceError");
  CHECK(result.evaluation.error.file == "https://a.example/app/sw.js");
  CHECK(result.evaluation.error.line == 3);
}

TEST_CASE("respondWith answers the fetch") {
  script_host host{
      "addEventListener('fetch', function (event) { event.respondWith(new Response('hello')); });"};
  host.evaluate();
  fetch_request request;
  request.url = "https://a.example/app/page";
  const auto id = host.dispatch(fetch_event{request});
  const auto& record = host.event(id);
  REQUIRE(record.outcome);
  CHECK(record.outcome->kind == fetch_outcome_kind::respond);
  CHECK(record.outcome->response.status == 200);
  CHECK(host.text_of(*record.outcome) == "hello");
  CHECK(record.outcome->response.headers.get("content-type") == "text/plain;charset=UTF-8");
  CHECK(record.order == "erf");
  CHECK(record.result->status == event_status::completed);
  CHECK(host.errors().empty());
}

TEST_CASE("a fetch that nobody answers falls back to the network") {
  CHECK(answer_of("").kind == fetch_outcome_kind::fall_back);
  CHECK(answer_of("event.preventDefault()").kind == fetch_outcome_kind::network_error);
}

} // namespace offstage::test

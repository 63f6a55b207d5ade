// SPDX-License-Identifier: MIT
#include "test/support/node_scenario.hpp"

using namespace offstage;
using namespace offstage::test;
using namespace std::chrono_literals;

TEST_CASE_FIXTURE(node_scenario, "a registered worker installs, activates and answers a fetch") {
  serve_script("fetch respond hello");
  const auto registered = register_worker();
  REQUIRE(registered->has_value());
  REQUIRE_MESSAGE((*registered)->engaged(), describe((*registered)->error()));
  CHECK((*registered)->value().installing.state == worker_state::installing);
  CHECK(describe_registration().active.state == worker_state::activated);
  CHECK(text_of(fetch("/page")) == "hello");
  CHECK(world->handled
        == std::vector<std::string>{"evaluateScript", "install", "activate", "fetch"});
}

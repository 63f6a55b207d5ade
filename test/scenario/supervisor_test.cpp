// SPDX-License-Identifier: MIT
#include <string>
#include <vector>

#include "actors/supervisor.hpp"
#include "test/support/node_scenario.hpp"

using namespace offstage;
using namespace offstage::test;

TEST_CASE("the first loss of an essential actor is told, once") {
  node_scenario node;
  std::vector<std::string> told;
  const auto watcher = spawn_supervisor(
      node.sys, {{"storage", node.storage.address()}, {"clients", node.clients.address()}},
      [&](const std::string& why) { told.push_back(why); });
  node.settle();
  node.end(node.storage, node.clients);
  REQUIRE(told.size() == 1);
  CHECK(told.front().starts_with("storage ended: "));
}

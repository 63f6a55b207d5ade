// SPDX-License-Identifier: MIT
#pragma once

// A scenario that runs once for every spawn strategy: SCENARIO_FOR_EACH_STRATEGY(name) { body },
// with the node_scenario as `node`.

#include "test/support/node_scenario.hpp"

#define OFFSTAGE_CASE_NAME_(a, b) a##b
#define OFFSTAGE_CASE_NAME(a, b) OFFSTAGE_CASE_NAME_(a, b)
#define OFFSTAGE_STRATEGY_CASE(function, title)                                                    \
  static void function(offstage::test::node_scenario& node);                                       \
  TEST_CASE(title) {                                                                               \
    using enum offstage::spawn_strategy;                                                           \
    for (const auto strategy : {per_origin, per_worker, shared, in_process}) {                     \
      CAPTURE(to_string(strategy));                                                                \
      offstage::test::node_scenario node{strategy};                                                \
      function(node);                                                                              \
    }                                                                                              \
  }                                                                                                \
  static void function(offstage::test::node_scenario& node)

#define SCENARIO_FOR_EACH_STRATEGY(title)                                                          \
  OFFSTAGE_STRATEGY_CASE(OFFSTAGE_CASE_NAME(strategy_case_, __LINE__), title)

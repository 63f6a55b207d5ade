// SPDX-License-Identifier: MIT

// Libraries on IndexedDB that nobody here wrote, unmodified, with a workload each.

#include <doctest/doctest.h>

#include "test/process/eval_fixture.hpp"

using namespace offstage::test;

namespace {

/// Twice with the same data: the second run opens what the first has made.
void works(const std::string& name, const std::string& library) {
  const eval_fixture fixture;
  const auto modules = std::string{OFFSTAGE_REAL_SCRIPTS} + "/../node_modules/";
  const auto workload = std::string{OFFSTAGE_WORKLOADS} + "/" + name + ".js";
  for (int run = 0; run < 2; ++run) {
    const auto outcome =
        fixture.run({"--scope=worker", "--time-limit=60", "--data-dir=" + fixture.path("data"),
                     modules + library, workload});
    CAPTURE(outcome.err);
    CHECK(outcome.out == name + ": done\n");
    CHECK(outcome.code == 0);
  }
}

} // namespace

TEST_CASE("Dexie works on IndexedDB") {
  works("dexie", "dexie/dist/dexie.js");
}

TEST_CASE("idb works on IndexedDB") {
  works("idb", "idb/build/umd.js");
}

TEST_CASE("localForage works on IndexedDB") {
  works("localforage", "localforage/dist/localforage.js");
}

// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

using namespace offstage;
using namespace offstage::test;

namespace {

std::string printed(const std::string& script, const std::string& url = "https://a.example/sw.js") {
  script_host host{script, url};
  host.serve([](const service_request& request) -> std::optional<service_result> {
    if (!caf::holds_alternative<storage_estimate>(request))
      return std::nullopt;
    return service_result{storage_figures{1234, uint64_t{1} << 40, true}};
  });
  host.evaluate();
  return host.console_text() + host.uncaught_text();
}

} // namespace

TEST_CASE("navigator.storage estimates and says whether it is persisted") {
  CHECK(printed(R"(
    navigator.storage.estimate().then((x) => console.log(x.usage, x.quota, Object.keys(x).join()));
    navigator.storage.persisted().then((x) => console.log(x));
  )") == "1234 1099511627776 quota,usage\ntrue\n");
}

TEST_CASE("navigator.storage is one StorageManager without what windows have") {
  CHECK(printed(R"(
    const manager = navigator.storage;
    console.log(manager === navigator.storage, manager instanceof StorageManager, String(manager),
                'persist' in manager);
    try { new StorageManager(); } catch (error) { console.log(error.name); }
    StorageManager.prototype.estimate.call({}).catch((error) => console.log(error.name));
  )") == "true true [object StorageManager] false\nTypeError\nTypeError\n");
}

TEST_CASE("a context that is not secure has no navigator.storage") {
  CHECK(printed("console.log(typeof navigator.storage)", "http://a.example/sw.js")
        == "undefined\n");
}

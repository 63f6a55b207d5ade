// SPDX-License-Identifier: MIT
// Module service workers; everything else about modules is in test/process/eval_module_test.cpp.
#include <doctest/doctest.h>

#include "test/support/script_host.hpp"

namespace offstage::test {

namespace {

constexpr auto dependency = "https://a.example/app/dep.js";

struct module_host : script_host {
  explicit module_host(const std::string& script) : script_host{script} {
    constructor().type = worker_type::module;
  }
};

} // namespace

TEST_CASE("a module worker fetches what it imports, each once, before it runs") {
  module_host host{"import { a } from './dep.js'; import './dep.js'; import '/other.js';"
                   "console.log(a, typeof self.addEventListener, this);"};
  host.serve_script(dependency, "import '/other.js'; export const a = 'dep';");
  host.serve_script("https://a.example/other.js", "console.log('other');");
  CHECK(host.evaluate().evaluation.evaluated);
  CHECK(host.console_text() == "other\ndep function undefined\n");
  CHECK(host.imported() == std::vector<std::string>{dependency, "https://a.example/other.js"});
}

TEST_CASE("an installed module worker has its imports and fetches nothing") {
  module_host host{"import { a } from './dep.js'; console.log(a);"};
  host.constructor().installed = true;
  host.constructor().imports = {{dependency, shared_bytes{"export const a = 'stored';"}}};
  CHECK(host.evaluate().evaluation.evaluated);
  CHECK(host.console_text() == "stored\n");
  CHECK(host.imported().empty());
}

TEST_CASE("what cannot be fetched, linked or evaluated at once fails the evaluation") {
  const auto failure = [](const std::string& script) {
    module_host host{script};
    host.serve_script(dependency, "export const a = 1;");
    host.serve_script("https://a.example/app/late.js", "await 1;");
    host.serve_script("https://a.example/app/bad.js", "\n let a a;");
    const auto result = host.evaluate();
    CHECK_FALSE(result.evaluation.evaluated);
    CHECK(host.errors().empty());
    return to_string(result.evaluation.error);
  };
  CHECK(failure("import './missing.js';").starts_with("TypeError: Failed to fetch module"));
  CHECK(failure("import './late.js';").starts_with("TypeError: top-level await"));
  CHECK(failure("\nimport { b } from './dep.js';").find("(https://a.example/app/sw.js:2")
        != std::string::npos);
  CHECK(failure("import './bad.js';").find("(https://a.example/app/bad.js:2") != std::string::npos);
  CHECK(failure("import './dep.js'; null.x;").starts_with("TypeError"));
}

TEST_CASE("events reach the listeners of a module worker") {
  module_host host{"self.onfetch = (e) => e.respondWith(new Response('from a module'));"};
  const auto result = host.evaluate();
  CHECK(result.evaluation.event_types == std::vector<std::string>{"fetch"});
  CHECK(host.text_of(host.fetch("https://a.example/app/x")) == "from a module");
}

TEST_CASE("importScripts() is no way to load scripts in a module worker") {
  module_host host{"try { importScripts('x.js'); } catch (e) { console.log(e.name); }"};
  host.evaluate();
  CHECK(host.console_text() == "TypeError\n");
}

} // namespace offstage::test

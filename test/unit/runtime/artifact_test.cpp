// SPDX-License-Identifier: MIT
#include <map>

#include <doctest/doctest.h>

#include "runtime/engine_build.hpp"
#include "test/support/script_host.hpp"

using namespace offstage;
using namespace offstage::test;

namespace {

const std::string main_url = "https://a.example/app/sw.js";
const std::string library_url = "https://a.example/app/lib.js";

/// Keeps what the worker makes, as the parent does.
class keeping_host : public script_host {
public:
  explicit keeping_host(const std::string& script) : script_host(script) {
    constructor().artifacts = artifact_use::both_ways;
  }

  void keep(script_artifact artifact) override {
    ++made;
    artifacts[artifact.url] = artifact.bytes;
  }

  std::string outcome() {
    const auto result = evaluate();
    return console_text() + (result.error ? "threw " + to_string(result.error) + "\n" : "")
           + uncaught_text();
  }

  std::map<std::string, shared_bytes> artifacts;
  int made = 0;
};

/// A worker that starts from the artifact of an earlier one.
struct second_start {
  explicit second_start(const std::string& script) : first(script), second(script) {
    first_text = first.outcome();
    second.constructor().script.artifact = first.artifacts[main_url];
    second_text = second.outcome();
  }

  keeping_host first;
  keeping_host second;
  std::string first_text;
  std::string second_text;
};

} // namespace

TEST_CASE("a worker that starts from its artifact does the same, and makes no other") {
  second_start x{R"(
    class Page { static #count = 0; static next() { return ++Page.#count; } }
    let later = async () => [Page.next(), ...new Set([Page.next()])];
    var declared = 1;
    function hoisted({a = 2, ...rest}) { return a + Object.keys(rest).length; }
    later().then((list) => console.log(list.join(), declared, globalThis.declared,
                                       globalThis.hoisted({b: 1}), `${typeof later}`));
  )"};
  CHECK(x.first_text == "1,2 1 1 3 function\n");
  CHECK(x.second_text == x.first_text);
  CHECK(x.first.made == 1);
  CHECK(x.second.made == 0);
}

TEST_CASE("errors of a script that was started from its artifact have the same place") {
  second_start x{"\n\nfunction f() {\n  null.x;\n}\nf();\n"};
  CHECK(x.first_text.find("sw.js:4") != std::string::npos);
  CHECK(x.second_text == x.first_text);
}

TEST_CASE("the text of a function is the same when it comes from an artifact") {
  second_start x{"function f(a, b) { return a + b; }\nconsole.log(String(f), String((x) => x))"};
  CHECK(x.second_text == x.first_text);
}

TEST_CASE("imported scripts have artifacts of their own, made once") {
  const std::string script = "importScripts('lib.js', 'lib.js'); console.log(value)";
  keeping_host first{script};
  first.serve_script(library_url, "var value = (globalThis.value ?? 0) + 1");
  CHECK(first.outcome() == "2\n");
  CHECK(first.made == 2);
  keeping_host second{script};
  second.constructor().installed = true;
  second.constructor().script.artifact = first.artifacts[main_url];
  script_source library{library_url, shared_bytes{std::string{"var value = 'not this'"}}};
  library.artifact = first.artifacts[library_url];
  second.constructor().imports.push_back(library);
  CHECK(second.outcome() == "2\n");
  CHECK(second.made == 0);
}

TEST_CASE("a main script that imports its own URL with other bytes keeps its artifact apart") {
  const std::string script = "if (!globalThis.n) { n = 1; importScripts('sw.js'); } console.log(n)";
  keeping_host first{script};
  first.serve_script(main_url, "n = 'imported'");
  CHECK(first.outcome() == "imported\n");
  CHECK(first.made == 1);
  keeping_host second{script};
  second.serve_script(main_url, "n = 'imported'");
  second.constructor().script.artifact = first.artifacts[main_url];
  CHECK(second.outcome() == "imported\n");
}

TEST_CASE("an artifact of another build is not run") {
  keeping_host host{"console.log('from source')"};
  host.constructor().script.artifact = shared_bytes{std::string(16, 'x') + "bytecode"};
  CHECK(host.outcome() == "from source\n");
  CHECK(host.made == 1);
}

TEST_CASE("a worker that is to use no artifacts neither runs nor makes one") {
  keeping_host first{"console.log(1)"};
  first.constructor().artifacts = artifact_use::none;
  first.constructor().script.artifact = shared_bytes{std::string{engine_build()} + "no bytecode"};
  CHECK(first.outcome() == "1\n");
  CHECK(first.made == 0);
}

TEST_CASE("a script that does not parse has no artifact") {
  keeping_host host{"var var"};
  host.outcome();
  CHECK(host.made == 0);
}

TEST_CASE("an engine build is 16 hexadecimal digits") {
  CHECK(engine_build().size() == 16);
  CHECK(engine_build().find_first_not_of("0123456789abcdef") == std::string_view::npos);
}

// SPDX-License-Identifier: MIT
#include <thread>

#include <doctest/doctest.h>

#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

TEST_CASE("a script runs in the global scope and errors come back as data") {
  script_runner script;
  CHECK(script.evaluate("1 + 1") == "2");
  script.run("\n\nfunction boom() {\n  throw new TypeError('no');\n}\nboom();\n");
  REQUIRE(script.failed());
  CHECK(script.error().name == "TypeError");
  CHECK(script.error().message == "no");
  CHECK(script.error().file == "test.js");
  CHECK(script.error().line == 4);
  CHECK(script.error().stack.find("boom") != std::string::npos);
}

TEST_CASE("a syntax error names its line") {
  script_runner script;
  script.run("var a = 1;\nvar b = ;\n");
  REQUIRE(script.failed());
  CHECK(script.error().name == "SyntaxError");
  CHECK(script.error().file == "test.js");
  CHECK(script.error().line == 2);
}

TEST_CASE("a thrown value that is no error is described by its text") {
  script_runner script;
  script.run("throw 'plain';");
  CHECK(script.error().name.empty());
  CHECK(script.error().message == "plain");
}

TEST_CASE("microtasks run after the script and before the next task, timers by due time") {
  script_runner script;
  CHECK(script.run("setTimeout(function (a) { print('late', a); queueMicrotask(function () { "
                   "print('its microtask'); }); }, 20, 7);"
                   "setTimeout(function () { print('soon'); }, 10);"
                   "Promise.resolve(1).then(print);"
                   "queueMicrotask(function () { print('micro'); });"
                   "print('script');")
        == "script\n1\nmicro\nsoon\nlate 7\nits microtask\n");
}

TEST_CASE("an endless loop ends at its deadline and the engine stays usable") {
  for (const auto* code : {"for (;;) {}", "try { for (;;) {} } finally { for (;;) {} }",
                           "for (;;) { try { for (;;) {} } catch (e) {} }",
                           "[3, 2, 1].sort(function () { for (;;) {} })",
                           "(function f() { Promise.resolve().then(f); })()"}) {
    CAPTURE(code);
    script_runner script;
    const auto begun = engine_heap::clock::now();
    script.js().heap().set_deadline(begun + std::chrono::milliseconds{100});
    script.run(code);
    const auto took = engine_heap::clock::now() - begun;
    REQUIRE(script.failed());
    CHECK(script.error().stopped == stop_cause::timed_out);
    CHECK(took >= std::chrono::milliseconds{100});
    CHECK(took < std::chrono::milliseconds{160});
    script.js().heap().clear_deadline();
    CHECK(script.evaluate("2 + 2") == "4");
  }
}

TEST_CASE("interrupt stops a script from another thread for good") {
  script_runner script;
  std::thread stopper{[&] { script.js().heap().interrupt(); }};
  script.run("for (;;) {}");
  stopper.join();
  REQUIRE(script.failed());
  CHECK(script.error().stopped == stop_cause::terminated);
}

TEST_CASE("a full heap is an error that script can catch and the host can report") {
  script_runner script{16u << 20};
  CHECK(script.evaluate("(function () { var a = []; try { for (;;) a.push(new "
                        "Array(1000).join('x') + a.length); }"
                        " catch (e) { a = null; return 'caught'; } })()")
        == "caught");
  script.run("var kept = []; for (;;) kept.push(new Array(1000).join('y') + kept.length);");
  REQUIRE(script.failed());
  CHECK(script.js().heap().stats().used_bytes <= (16u << 20) + js_heap_reserve_bytes);
}

TEST_CASE("deep recursion is an error, through script and through natives") {
  script_runner script;
  CHECK(script.evaluate("(function f() { return f() + 1; })()").find("RangeError") == 0);
  CHECK(script.evaluate("(function g() { return [1].map(g); })()").find("RangeError") == 0);
  CHECK(script.evaluate("eval(new Array(30000).join('(') + new Array(30000).join(')'))")
            .find("RangeError")
        == 0);
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

TEST_CASE("a rejection nobody handles is announced once, and again when it is handled late") {
  script_runner script;
  CHECK(script.run("var p = Promise.reject('lost'); Promise.reject('kept').catch(function () {});"
                   "setTimeout(function () { p.catch(function () {}); }, 5);")
        == "unhandled lost\nhandled lost\n");
}

TEST_CASE("a rejection handled before the checkpoint ends is not announced") {
  script_runner script;
  CHECK(
      script.run(
          "var p = Promise.reject('x'); queueMicrotask(function () { p.catch(function () {}); });")
      == "");
}

TEST_CASE("a microtask that throws is reported and the others run") {
  script_runner script;
  CHECK(script.run("queueMicrotask(function () { throw new Error('m'); }); queueMicrotask(function "
                   "() { print('after'); });")
        == "reported Error: m\nafter\n");
}

TEST_CASE("two hundred thousand pending reactions run in order") {
  script_runner script;
  CHECK(script.run("var last = -1, ordered = true, p = Promise.resolve();"
                   "for (var i = 0; i < 200000; i++) (function (n) { p.then(function () { if (n "
                   "!== last + 1) ordered = false; last = n; }); })(i);"
                   "setTimeout(function () { print(last, ordered); });")
        == "199999 true\n");
}

TEST_CASE("microtasks of a script that was stopped do not run") {
  script_runner script;
  script.js().heap().interrupt();
  script.run("Promise.resolve().then(function () { print('ran'); }); for (;;) {}");
  CHECK(script.failed());
  CHECK(script.run("").find("ran") == std::string::npos);
}

} // namespace offstage::test

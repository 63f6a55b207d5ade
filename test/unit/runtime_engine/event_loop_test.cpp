// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

namespace {

std::chrono::milliseconds until_due(script_runner& script) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(*script.js().loop().next_due()
                                                               - script.now());
}

} // namespace

TEST_CASE("an idle loop has nothing due") {
  script_runner script;
  CHECK(!script.js().loop().next_due());
}

TEST_CASE("timers nested deeper than five are clamped to four milliseconds") {
  script_runner script;
  const auto begun = script.now();
  script.run("var n = 0; (function again() { if (++n < 10) setTimeout(again, 0); })();");
  // The first six are immediate: the sixth is made in a callback of depth five. The other three
  // wait.
  CHECK(script.now() - begun == std::chrono::milliseconds{3 * 4});
}

TEST_CASE("an interval runs until it clears itself and repeats from when it ran") {
  script_runner script;
  const auto begun = script.now();
  CHECK(script.run("var n = 0, id = setInterval(function (x) { print(x, ++n); if (n === 3) "
                   "clearInterval(id); }, 10, 'tick');")
        == "tick 1\ntick 2\ntick 3\n");
  CHECK(script.now() - begun == std::chrono::milliseconds{30});
  CHECK(!script.js().loop().next_due());
}

TEST_CASE("a timer callback that throws is reported and the next runs") {
  script_runner script;
  CHECK(script.run("setTimeout(function () { throw new Error('x'); }); setTimeout(function () { "
                   "print('next'); });")
        == "reported Error: x\nnext\n");
}

TEST_CASE("a string handler is evaluated in the global scope") {
  script_runner script;
  CHECK(script.run("setTimeout('print(typeof setTimeout)', 1)") == "function\n");
}

TEST_CASE("delays follow the Web IDL long") {
  script_runner script;
  const stack_guard guard{script.js().context()};
  CHECK(script.js().evaluate({"setTimeout(function () {}, 4294967296 + 7)", "t.js"}));
  CHECK(until_due(script) == std::chrono::milliseconds{7});
}

TEST_CASE("a posted task runs in the next turn with a checkpoint behind it") {
  script_runner script;
  int runs = 0;
  script.js().loop().post([&](engine& js) {
    ++runs;
    js.loop().post([&](engine&) { ++runs; });
  });
  CHECK(script.js().loop().run_due(script.now()) == 1);
  CHECK(runs == 1);
  CHECK(script.js().loop().run_due(script.now()) == 1);
  CHECK(runs == 2);
}

} // namespace offstage::test

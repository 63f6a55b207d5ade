// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/runtime_extras/extras_runner.hpp"

namespace offstage::test {

TEST_CASE("a lazy global becomes the property that Web IDL describes") {
  extras_runner script;
  CHECK(script.evaluate("'TextDecoder' in globalThis") == "true");
  CHECK(script.evaluate("typeof TextDecoder") == "function");
  CHECK(script.evaluate("(function () { var d = Object.getOwnPropertyDescriptor(globalThis, "
                        "'TextDecoder'); return [d.value === TextDecoder, d.writable, "
                        "d.enumerable, d.configurable].join(); })()")
        == "true,true,false,true");
  CHECK(script.evaluate("Object.keys(globalThis).indexOf('TextDecoder')") == "-1");
}

TEST_CASE("what script puts in the place of a lazy global stays") {
  for (const auto* code :
       {"TextDecoder = 'mine';", "var TextDecoder = 'mine';", "globalThis.TextDecoder = 'mine';",
        "delete globalThis.TextDecoder; globalThis.TextDecoder = 'mine';",
        "Object.defineProperty(globalThis, 'TextDecoder', {value: 'mine'});"}) {
    CAPTURE(code);
    extras_runner script;
    script.run(code);
    CHECK(script.evaluate("TextDecoder") == "mine");
  }
}

TEST_CASE("extras that nobody uses cost little") {
  extras_runner script;
  CHECK(script.installed_bytes() < 8000);
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

TEST_CASE("nothing of the engine's own is left in script's sight") {
  script_runner script;
  CHECK(script.evaluate("[typeof Duktape, typeof CBOR, typeof __host, typeof Buffer].join()")
        == "undefined,undefined,undefined,undefined");
  // What a worker's global enumerates is the platform's business; `performance` is an attribute
  // there too.
  CHECK(script.evaluate("Object.keys(globalThis).filter(function (k) {"
                        " return ['__result', 'print', 'performance'].indexOf(k) < 0; }).join()")
        == "");
}

TEST_CASE("added methods look native") {
  script_runner script;
  CHECK(script.evaluate("[[].flat, ''.padStart, Object.fromEntries, Promise.all].map(function (f) {"
                        " return f.hasOwnProperty('prototype') + f.name + f.length; }).join()")
        == "falseflat0,falsepadStart1,falsefromEntries1,falseall1");
  CHECK(
      script.evaluate("(function () { try { new Promise.all(); } catch (e) { return e.name; } })()")
      == "TypeError");
  CHECK(script.evaluate("(function () { for (var k in []) return k; return 'none'; })()")
        == "none");
}

TEST_CASE("a stack shows script's frames only") {
  script_runner script;
  script.run("function inner() {\n  new Map(5);\n}\n[1].flatMap(inner);\n");
  REQUIRE(script.failed());
  CHECK(script.error().line == 2);
  CHECK(script.error().file == "test.js");
  CHECK(script.error().stack.find("offstage:") == std::string::npos);
  CHECK(script.error().stack.find(".cpp") == std::string::npos);
}

TEST_CASE("the Function constructor and string timers go through the host's compiler") {
  script_runner script;
  script.js().hooks().lower = [](std::string_view source) -> lower_result {
    if (source.find("bad") != std::string_view::npos)
      return {{}, {}, "refused", {"eval", 1, 1}};
    return {std::string{source}, {}, std::nullopt, {}};
  };
  CHECK(script.evaluate("new Function('a', 'b', 'return a + b')(1, 2)") == "3");
  CHECK(script.evaluate("new Function('bad')") == "SyntaxError: refused");
}

TEST_CASE("a sort that throws or is stopped leaves the array's values in place") {
  script_runner script;
  CHECK(script.evaluate("(function () { var a = [3, 1, 2]; try { a.sort(function () { throw 1; }); "
                        "} catch (e) {} return a.join(); })()")
        == "3,1,2");
}

} // namespace offstage::test

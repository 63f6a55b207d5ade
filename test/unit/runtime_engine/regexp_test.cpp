// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "runtime/natives/regexp_pattern.hpp"
#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

TEST_CASE("a catastrophic pattern ends with an error, as a literal and through the constructor") {
  script_runner script;
  const auto begun = engine_heap::clock::now();
  CHECK(script.evaluate("/^(a+)+$/.test('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab')")
            .find("RangeError")
        == 0);
  CHECK(
      script.evaluate("new RegExp('(x+x+)+[yz]').test(new Array(60).join('x'))").find("RangeError")
      == 0);
  CHECK(engine_heap::clock::now() - begun < std::chrono::seconds{5});
}

TEST_CASE("hostile patterns are refused or compiled, never a crash") {
  script_runner script;
  CHECK(script.evaluate("new RegExp(new Array(5000).join('('))").find("SyntaxError") == 0);
  CHECK(script.evaluate("new RegExp(new Array(3000).join('(') + new Array(3000).join(')'))")
            .find("SyntaxError")
        == 0);
  CHECK(script.evaluate("new RegExp('(?R)')").find("SyntaxError") == 0);
  CHECK(script.evaluate("new RegExp('(?{1})')").find("SyntaxError") == 0);
  CHECK(script.evaluate("new RegExp('\\\\C').test('C')") == "true");
  CHECK(script.evaluate("new RegExp('^a{70000}$').test('a'.repeat(70000))") == "true");
  CHECK(script.evaluate("new RegExp('(a)'.repeat(6000))").find("SyntaxError") == 0);
  CHECK(script.evaluate("new RegExp('(?<=' + '(?:a|b'.repeat(100) + ')'.repeat(101))")
            .find("SyntaxError")
        != 0);
  // On a stack that is nearly used up, it depends on the frames what fits: no crash is enough.
  CHECK(script.evaluate("(function f(n) { try { return f(n + 1); } catch (e) { try { new RegExp("
                        "'(?<=' + '(?:a|b'.repeat(900) + ')'.repeat(901)); } catch (e2) {} "
                        "return 'alive'; } })(0)")
        == "alive");
  CHECK(script.evaluate("new RegExp('(?<=(a+)+)b').test('a'.repeat(40) + 'c')") == "false");
  CHECK(script.evaluate("/^(?:(a|a)*)*$/.test('a'.repeat(40) + 'c')").find("RangeError") == 0);
}

TEST_CASE("matching in a long text does not convert it again and again") {
  script_runner script;
  CHECK(script.evaluate("(function () { var text = new Array(50001).join('é1 '), n = 0, r = "
                        "/\\d/g; while (r.exec(text)) n++; return n; })()")
        == "50000");
}

TEST_CASE("patterns are translated with the groups they have") {
  const auto pattern = translate_pattern(u"(?<year>\\d+)-(x)\\k<year>", {});
  CHECK(pattern.error.empty());
  CHECK(pattern.group_count == 2);
  REQUIRE(pattern.names.size() == 1);
  CHECK(pattern.names[0].first == u"year");
  CHECK(pattern.text == u"([0-9]+)\\x{2d}(x)\\g{1}");
}

TEST_CASE("flags are each allowed once") {
  CHECK(parse_regexp_flags(u"dgimsuy"));
  CHECK(!parse_regexp_flags(u"gg"));
  CHECK(!parse_regexp_flags(u"x"));
}

} // namespace offstage::test

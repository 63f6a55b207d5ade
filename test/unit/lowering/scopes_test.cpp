// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/lowering/lowering_test.hpp"

namespace offstage::test {

TEST_CASE("block scoped variables keep their names unless something else is called so") {
  CHECK(lowered_in_function("{let a=1;g(a)}") == "{var a=1;g(a);}");
  CHECK(lowered_in_function("let a=1;{let a=2;g(a)}g(a)") == "var a=1;{var _$a1=2;g(_$a1);}g(a);");
  CHECK(lowered_in_function("{let a=1}g(a)") == "{var _$a1=1;}g(a);");
}

TEST_CASE("made up names avoid what the source contains") {
  CHECK(lowered_in_function("_$a1;{let a=1}g(a)") == "_$a1;{var _$0_a1=1;}g(a);");
}

TEST_CASE("only closures made in a loop get cells, and only for what they use") {
  CHECK(lowered_in_function("for(let i=0;i<3;i++)g(i)") == "for(var i=0;i < 3;i++){g(i);}");
  CHECK(lowered_in_function("for(let i=0;i<3;i++)g(()=>i)")
        == "var i,i;for(i={v:0};i.v < 3;i={v:i.v},i.v++)"
           "{g((function(i){\"!new\";return function (){\"!new\";return i.v}})(i));}");
}

TEST_CASE("a loop variable without a value starts over") {
  CHECK(lowered_in_function("for(;;){let a;g(a)}") == "for(;;){var a=void 0;g(a);}");
  CHECK(lowered_in_function("let a;g(a)") == "var a;g(a);");
}

TEST_CASE("reads that may come too early are checked, others are not") {
  CHECK(lowered_in_function("g(a);let a=1")
        == "var a;a=__os_unset;g((a===__os_unset?__os_uninitialized(\"a\"):a));var a=1;");
  CHECK(lowered_in_function("let a=1;g(a);function h(){return a}")
        == "var a=1;g(a);function h(){return a;}");
  CHECK(lowered_in_function("const a=()=>a()")
        == "var a=__os_name(function (){\"!new\";return a()},\"a\");");
  CHECK(lowered_in_function("h();let a=1;function h(){return a}").find("__os_unset")
        != std::string::npos);
}

TEST_CASE("constants are not assigned, but what is assigned is evaluated") {
  CHECK(lowered_in_function("const a=1;a=g()") == "var a=1;(a,g(),__os_constant(\"a\"));");
}

TEST_CASE("redeclarations are errors at their place") {
  CHECK(lowered("let a;\nlet a") == "2:5 redeclaration of a");
  for (const char* bad :
       {"let a;var a", "var a;let a", "{let a;var a}", "{let a;{var a}}",
        "const a=1;function a(){}", "function f(a){let a}", "class A{} let A",
        "try{}catch(e){let e}", "try{}catch([e]){var e}", "switch(1){case 1:let a;case 2:let a}",
        "'use strict';{function f(){}function f(){}}", "for(let i;;){var i}"})
    CHECK_MESSAGE(is_rejected(bad), bad);
  for (const char* good : {"var a;var a", "function a(){}var a", "{function a(){}function a(){}}",
                           "try{}catch(e){var e}", "let a;{let a}", "function f(a){var a}",
                           "(function a(){let a})", "for(let i;;){let i}"})
    CHECK_MESSAGE(!is_rejected(good), good);
}

TEST_CASE("a script's lexical names are declared once for later scripts") {
  CHECK(lowered("let a=1,b;const c=2") == "__os_lexical(\"a\",\"b\",\"c\");a=1,b=void 0;c=2;");
}

TEST_CASE("the top level of an eval keeps its lexical names to itself") {
  const std::string code = lowered("let a=1;a", {lowering_goal::eval, false});
  CHECK(code.find("var _$") == 0);
  CHECK(code.find("__os_lexical") == std::string::npos);
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/lowering/lowering_test.hpp"

namespace offstage::test {

TEST_CASE("errors name line and column in UTF-16 units") {
  CHECK(lowered("a\nb c") == "2:3 unexpected c");
  CHECK(lowered("'\xf0\x9f\x98\x80' b") == "1:6 unexpected b");
  CHECK(lowered("if (") == "1:5 unexpected end of input");
  CHECK(lowered("\n\n  return") == "3:3 return outside of a function");
}

TEST_CASE("strict code refuses what sloppy code may say") {
  for (const char* bad :
       {"with(a);", "delete a", "017", "'\\07'", "eval=1", "arguments++", "function eval(){}",
        "(a,a)=>1", "function f(a,a){}", "implements", "for(var i=0 in a);"}) {
    CHECK_MESSAGE(is_rejected("'use strict';" + std::string(bad)), bad);
    if (std::string_view(bad) != "(a,a)=>1")
      CHECK_MESSAGE(!is_rejected(bad), bad);
  }
}

TEST_CASE("a function's own directive makes its head strict too") {
  CHECK(is_rejected("function f(eval){'use strict'}"));
  CHECK(is_rejected("function f(a,a){'use strict'}"));
  CHECK(is_rejected("function f(a=1){'use strict'}"));
  CHECK_FALSE(is_rejected("function f(){'use strict'}eval=1"));
}

TEST_CASE("things that belong to functions and methods are errors elsewhere") {
  for (const char* bad :
       {"super.x", "super()", "new.target", "function f(){super.x}", "await 1", "yield 1",
        "import a", "function f(){for await(x of y);}", "()=>{new.target}"})
    CHECK_MESSAGE(is_rejected(bad), bad);
  CHECK_FALSE(is_rejected("({m(){super.x}})"));
  CHECK_FALSE(is_rejected("function f(){()=>new.target}"));
}

TEST_CASE("regular expression flags are checked") {
  CHECK(is_rejected("/a/gg"));
  CHECK(is_rejected("/a/x"));
  CHECK_FALSE(is_rejected("/a/dgimsuy"));
}

TEST_CASE(
    "bytes that are no UTF-8 are read as replacement characters and a byte order mark is not") {
  CHECK(lowered("'\xff'") == "'\xef\xbf\xbd';");
  CHECK(lowered("\xef\xbb\xbf"
                "a")
        == "a;");
}

} // namespace offstage::test

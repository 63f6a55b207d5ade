// SPDX-License-Identifier: MIT
// Whatever goes in: the compiler returns.
#include <random>

#include <doctest/doctest.h>

#include "test/conformance/js_snippets.hpp"
#include "test/unit/lowering/lowering_test.hpp"

namespace offstage::test {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i)
    out += text;
  return out;
}

} // namespace

TEST_CASE("nesting has a limit, whatever is nested") {
  for (const char* opening : {"(",
                              "[",
                              "{",
                              "a[",
                              "f(",
                              "x=>",
                              "!",
                              "new ",
                              "`${",
                              "({a:",
                              "function f(){",
                              "class A{m(){",
                              "if(a)",
                              "a?",
                              "a=",
                              "await ",
                              "async x=>",
                              "[a=",
                              "({a:b=",
                              "-",
                              "typeof ",
                              "a**",
                              "{a:",
                              "for(;;)",
                              "...",
                              "switch(a){case 1:"}) {
    CAPTURE(opening);
    CHECK(is_rejected(repeated(opening, 20000)));
  }
}

TEST_CASE("nested but closed programs are refused beyond the limit and accepted within") {
  CHECK_FALSE(is_rejected("x=" + repeated("(", 150) + "1" + repeated(")", 150)));
  CHECK(is_rejected("x=" + repeated("(", 100000) + "1" + repeated(")", 100000)));
  CHECK(is_rejected("x=" + repeated("[", 100000) + repeated("]", 100000)));
  CHECK(is_rejected(repeated("{", 100000) + repeated("}", 100000)));
  CHECK(is_rejected("x=a" + repeated(".b", 100000)));
  CHECK(is_rejected("x=a" + repeated("??b", 100000)));
}

TEST_CASE("long is not deep: operators, else-ifs and lists have no limit") {
  CHECK_FALSE(is_rejected("x=1" + repeated("+1", 100000)));
  CHECK_FALSE(is_rejected("x=a" + repeated("&&b", 100000)));
  CHECK_FALSE(is_rejected(repeated("if(a){}else ", 50000) + ";"));
  CHECK_FALSE(is_rejected("x=[" + repeated("1,", 100000) + "]"));
  CHECK_FALSE(is_rejected("a" + repeated(",a", 100000)));
}

TEST_CASE("mutated programs are compiled or refused") {
  const std::string seed_text =
      read_text(std::string(OFFSTAGE_CONFORMANCE_FOLDER) + "/fixtures/js_snippets.js");
  REQUIRE(seed_text.size() > 10000);
  static constexpr std::string_view spices[] = {
      "`",      "${",   "}",      "(",  ")",  "/", "'", "\\", "=>",           "async ",  "await ",
      "yield ", "...",  "class ", "#a", "?.", "{", "=", "\n", "\xe2\x80\xa8", "<!--",    "super",
      "*",      "let ", "\\u{",   "0x", "[",  "]", ",", ";",  "of ",          "static ", "get "};
  std::mt19937 random(20240229);
  std::size_t accepted = 0;
  for (int round = 0; round < 4000; ++round) {
    const std::size_t begin = random() % (seed_text.size() - 400);
    std::string text = seed_text.substr(begin, 20 + random() % 380);
    for (auto edits = random() % 6; edits > 0; --edits) {
      const std::size_t place = random() % text.size();
      switch (random() % 4) {
      case 0:
        text[place] = static_cast<char>(random() % 256);
        break;
      case 1:
        text.erase(place, random() % 8);
        break;
      default:
        text.insert(place, spices[random() % std::size(spices)]);
      }
      if (text.empty())
        text = " ";
    }
    for (const lowering_goal goal :
         {lowering_goal::script, lowering_goal::module, lowering_goal::eval})
      accepted += is_rejected(text, {goal, false}) ? 0 : 1;
  }
  CHECK(accepted > 0);
}

} // namespace offstage::test

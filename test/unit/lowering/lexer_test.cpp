// SPDX-License-Identifier: MIT
#include <vector>

#include <doctest/doctest.h>

#include "runtime/lowering/lexer.hpp"

namespace offstage::test {
namespace {

using namespace lowering;

std::string all_tokens(std::string_view source) {
  arena memory;
  lexer l(source, memory, lexer::html_comments::recognized);
  std::string out;
  for (token t = l.next(); t.kind != token_kind::end; t = l.next()) {
    if (!out.empty())
      out += t.newline_before ? "\n" : " ";
    out += t.text;
  }
  return out;
}

std::uint32_t error_offset(std::string_view source) {
  try {
    all_tokens(source);
  } catch (const syntax_error& error) {
    return error.offset;
  }
  return ~0u;
}

} // namespace

TEST_CASE("punctuators are read longest first, and a digit keeps ?. apart") {
  CHECK(all_tokens("a>>>=b?.c?\?=d") == "a >>>= b ?. c ?\?= d");
  CHECK(all_tokens("a?.5:b") == "a ? .5 : b");
}

TEST_CASE("comments, HTML comments and wide spaces are space") {
  CHECK(all_tokens("a/*x\n*/b//y\nc<!--z\n-->w\nd\xc2\xa0"
                   "e\xe2\x80\xa8"
                   "f")
        == "a\nb\nc\nd e\nf");
}

TEST_CASE("a hashbang is skipped at the very start only") {
  CHECK(all_tokens("#!/usr/bin/env x\na") == "a");
  CHECK(error_offset(" #!x") == 2);
}

TEST_CASE("numbers lose their separators and legacy octals their base") {
  CHECK(all_tokens("1_000.5e1_0 0xf_f") == "1000.5e10 0xff");
}

TEST_CASE("legacy octals become decimal") {
  CHECK(all_tokens("017 089 0891 010 08.5") == "15 89 891 8 8.5");
}

TEST_CASE("malformed numbers are refused where they go wrong") {
  for (const char* bad : {"1__0", "1_", "0x", "0b2", "1e", "3in", "1_.5", "0o8"})
    CHECK_MESSAGE(error_offset(bad) != ~0u, bad);
}

TEST_CASE("identifiers may have escapes and any letter") {
  CHECK(all_tokens("\\u{61}b \xc3\xb1 \\u0063") == "ab \xc3\xb1 c");
  CHECK(error_offset("\\u{110000}") != ~0u);
  CHECK(error_offset("a\\u0020") != ~0u);
  CHECK(error_offset("\xe2\x82\xac") != ~0u);
}

TEST_CASE("lines are counted inside of comments and continued strings") {
  arena memory;
  lexer l("/*\n\r\n\r*/'a\\\nb'\nc", memory, lexer::html_comments::recognized);
  CHECK(l.next().line == 4);
  CHECK(l.next().line == 6);
}

TEST_CASE("whatever is not closed is an error") {
  for (const char* bad : {"'a", "\"a\n\"", "/*", "'\\", "'\\x4", "'\\u{}'"})
    CHECK_MESSAGE(error_offset(bad) != ~0u, bad);
}

TEST_CASE("a regular expression ends at the slash outside of classes") {
  arena memory;
  lexer l("/[/]\\//gi.x", memory, lexer::html_comments::recognized);
  const token slash = l.next();
  const regex_literal* regex = l.read_regex(slash);
  CHECK(regex->body == "[/]\\/");
  CHECK(regex->flags == "gi");
}

} // namespace offstage::test

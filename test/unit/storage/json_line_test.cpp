// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "storage/json_line.hpp"

using offstage::json_line;

TEST_CASE("a line of JSON is escaped as JSON is") {
  CHECK(json_line{"x"}.text("a", "\"\\\n\x01\xc3\xa4").number("n", 7).boolean("b", true).take()
        == "{\"kind\":\"x\",\"a\":\"\\\"\\\\\\u000a\\u0001\xc3\xa4\",\"n\":7,\"b\":true}");
}

TEST_CASE("bytes that are no text are base64") {
  CHECK(json_line{"x"}.bytes("a", "abc").take() == R"({"kind":"x","a":"abc"})");
  CHECK(json_line{"x"}.bytes("a", "\xff\xfe").take() == R"({"kind":"x","aBase64":"//4="})");
  CHECK(json_line{"x"}.base64("a", "abcd").take() == R"({"kind":"x","a":"YWJjZA=="})");
  CHECK(json_line{"x"}.bytes("a", "\xed\xa0\x80").take() == R"({"kind":"x","aBase64":"7aCA"})");
}

TEST_CASE("lists hold strings and pairs") {
  json_line line{"x"};
  line.begin_list("l");
  line.pair("a", "b").item("c");
  line.end_list().number("n", 1);
  CHECK(line.take() == R"({"kind":"x","l":[["a","b"],"c"],"n":1})");
}

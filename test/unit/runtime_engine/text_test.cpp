// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "runtime/engine_text.hpp"
#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

TEST_CASE("text beyond the BMP is two surrogates inside and one character outside") {
  const std::string outside = "a\xF0\x9F\x98\x80z";
  const auto inside = cesu_from_utf8(outside);
  CHECK(inside == "a\xED\xA0\xBD\xED\xB8\x80z");
  CHECK(utf8_from_cesu(inside) == outside);
  CHECK(utf16_from_cesu(inside) == u"a\xD83D\xDE00z");
  CHECK(cesu_from_utf16(u"a\xD83D\xDE00z") == inside);
}

TEST_CASE("lone surrogates and broken bytes become replacement characters") {
  CHECK(utf8_from_cesu("\xED\xA0\xBDx") == "\xEF\xBF\xBDx");
  CHECK(cesu_from_utf8("\xFFx\xC3") == "\xEF\xBF\xBDx\xEF\xBF\xBD");
  CHECK(cesu_from_utf8("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST_CASE("host bytes cannot become a symbol") {
  script_runner script;
  auto* ctx = script.js().context();
  const stack_guard guard{ctx};
  REQUIRE(protect(ctx, 1, [](duk_context* inner) { push_text(inner, "\xFFhidden"); }));
  CHECK(!duk_is_symbol(ctx, -1));
  CHECK(string_at(ctx, -1) == "\xEF\xBF\xBDhidden");
}

} // namespace offstage::test

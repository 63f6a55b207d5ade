// SPDX-License-Identifier: MIT
#pragma once
// Translates a JavaScript regular expression to PCRE2's syntax: the two agree on the common core
// only. Pure function of its input, no Duktape. ECMAScript: patterns with the web's legacy
// grammar (Annex B) when the u flag is absent.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace offstage {

struct regexp_flags {
  bool has_indices = false; // d
  bool global = false;      // g
  bool ignore_case = false; // i
  bool multiline = false;   // m
  bool dot_all = false;     // s
  bool unicode = false;     // u
  bool sticky = false;      // y
};

// Nothing for an unknown or repeated flag.
std::optional<regexp_flags> parse_regexp_flags(std::u16string_view text);

struct translated_pattern {
  std::u16string text;
  std::uint32_t group_count = 0; // without the whole match
  std::vector<std::pair<std::u16string, std::uint32_t>> names;
  bool needs_unicode_case = false; // caseless, not u, with characters beyond ASCII
  std::string error;               // not empty: not a valid pattern, and why
};

translated_pattern translate_pattern(std::u16string_view pattern, const regexp_flags& flags);

} // namespace offstage

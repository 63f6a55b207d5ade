// SPDX-License-Identifier: MIT
#pragma once
// The recursive descent behind translate_pattern: regexp_pattern.cpp has the grammar,
// regexp_escapes.cpp escapes and classes. Lives for one translation.

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/engine_limits.hpp"
#include "runtime/natives/regexp_pattern.hpp"

namespace offstage {

// PCRE2 counts repetitions in 16 bits.
inline constexpr std::uint32_t repetition_max = 65535;
inline constexpr char32_t no_point = 0xFFFFFFFF;

inline bool is_digit(char16_t c) {
  return c >= u'0' && c <= u'9';
}
inline bool is_letter(char16_t c) {
  return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}
inline bool is_lead(char32_t c) {
  return c >= 0xD800 && c <= 0xDBFF;
}
inline bool is_trail(char32_t c) {
  return c >= 0xDC00 && c <= 0xDFFF;
}

struct class_item {
  char32_t point = no_point; // a single character, or `set` is a piece of a class
  std::u16string set;
};

class pattern_translator {
public:
  pattern_translator(std::u16string_view pattern, const regexp_flags& flags)
      : in_(pattern), flags_(flags) {}

  translated_pattern run() {
    if (in_.size() > regexp_pattern_units_max)
      fail("pattern is too long");
    scan_groups();
    if (ok())
      disjunction();
    if (ok() && at_ < in_.size())
      fail("Unmatched ')'");
    result_.needs_unicode_case = flags_.ignore_case && !flags_.unicode && beyond_ascii_;
    if (result_.needs_unicode_case)
      widen_word_boundaries();
    return std::move(result_);
  }

private:
  bool ok() const { return result_.error.empty(); }
  void fail(const char* why) {
    if (ok())
      result_.error = why;
  }
  char16_t peek(std::size_t ahead = 0) const {
    return at_ + ahead < in_.size() ? in_[at_ + ahead] : u'\0';
  }
  bool at_end() const { return at_ >= in_.size(); }
  bool looking_at(std::u16string_view text) const { return in_.substr(at_).starts_with(text); }
  bool take(std::u16string_view text) {
    const auto found = looking_at(text);
    if (found)
      at_ += text.size();
    return found;
  }
  void put(std::u16string_view text) { result_.text += text; }

  void scan_groups();
  std::u16string group_name(std::size_t& at);
  void disjunction();
  void term();
  void group();
  void assertion_or_atom();
  void escape();
  void letter_escape(char16_t letter);
  void back_reference();
  void named_reference();
  bool quantifier();
  bool braces(std::uint32_t& low, std::uint32_t& high, bool& bounded);
  void character_class();
  class_item class_atom();
  class_item class_escape();
  std::u16string class_set(char16_t letter);
  std::u16string property_set(char16_t letter);
  char32_t character_escape(bool in_class);
  char32_t unicode_escape();
  char32_t legacy_octal();
  char32_t fixed_hex(std::size_t count);
  char32_t source_point();
  void put_point(char32_t point);
  std::u16string point_text(char32_t point);
  std::u16string_view top() const { return flags_.unicode ? u"\\x{10ffff}" : u"\\x{ffff}"; }
  void widen_word_boundaries();

  std::u16string_view in_;
  regexp_flags flags_;
  std::size_t at_ = 0;
  std::uint32_t depth_ = 0;
  std::uint32_t total_groups_ = 0;
  bool has_names_ = false;
  bool beyond_ascii_ = false;
  bool quantifiable_ = false;
  translated_pattern result_;
};

} // namespace offstage

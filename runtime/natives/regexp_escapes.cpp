// SPDX-License-Identifier: MIT
#include "runtime/natives/regexp_properties.hpp"
#include "runtime/natives/regexp_translator.hpp"

namespace offstage {

namespace {

constexpr char16_t digits[] = u"0-9";
constexpr char16_t not_digits[] = u"\\x{0}-\\x{2f}\\x{3a}-";
constexpr char16_t words[] = u"0-9A-Z_a-z";
constexpr char16_t not_words[] = u"\\x{0}-\\x{2f}\\x{3a}-\\x{40}\\x{5b}-\\x{5e}\\x{60}\\x{7b}-";
constexpr char16_t spaces[] =
    u"\\x{9}-\\x{d}\\x{20}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}"
    u"\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
constexpr char16_t not_spaces[] =
    u"\\x{0}-\\x{8}\\x{e}-\\x{1f}\\x{21}-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{"
    u"2027}"
    u"\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-";
int hex_value(char16_t c) {
  if (is_digit(c))
    return c - u'0';
  if (c >= u'a' && c <= u'f')
    return c - u'a' + 10;
  return c >= u'A' && c <= u'F' ? c - u'A' + 10 : -1;
}

std::u16string hex_of(char32_t point) {
  std::u16string text;
  do {
    text.insert(text.begin(), u"0123456789abcdef"[point & 15]);
    point >>= 4;
  } while (point != 0);
  return text;
}

} // namespace

char32_t pattern_translator::source_point() {
  const char32_t c = in_[at_++];
  if (flags_.unicode && is_lead(c) && is_trail(peek()))
    return 0x10000 + ((c - 0xD800) << 10) + (in_[at_++] - 0xDC00u);
  return c;
}

std::u16string pattern_translator::point_text(char32_t point) {
  if (point < 0x80
      && (is_letter(static_cast<char16_t>(point)) || is_digit(static_cast<char16_t>(point))))
    return {static_cast<char16_t>(point)};
  beyond_ascii_ = beyond_ascii_ || point > 0x7F;
  return u"\\x{" + hex_of(point) + u"}";
}

void pattern_translator::put_point(char32_t point) {
  // A lone surrogate never equals a code point of well-formed text, and PCRE2 refuses to look for
  // one.
  if (flags_.unicode && (is_lead(point) || is_trail(point)))
    return put(u"(?!)");
  put(point_text(point));
}

void pattern_translator::escape() {
  ++at_;
  if (at_end())
    return fail("\\ at end of pattern");
  const auto c = peek();
  if (c == u'b' || c == u'B') {
    ++at_;
    quantifiable_ = false;
    return put(c == u'b' ? u"\\b" : u"\\B");
  }
  if (c >= u'1' && c <= u'9')
    return back_reference();
  if (c == u'k' && (flags_.unicode || has_names_))
    return named_reference();
  if (std::u16string_view{u"dDsSwWpP"}.find(c) != std::u16string_view::npos) {
    const auto set = class_set(c);
    if (!set.empty())
      return put(u"[" + set + u"]");
  }
  const auto point = character_escape(false);
  if (point != no_point)
    put_point(point);
}

char32_t pattern_translator::legacy_octal() {
  char32_t value = 0;
  for (int i = 0; i < 3 && peek() >= u'0' && peek() <= u'7' && value * 8 + (peek() - u'0') <= 0xFF;
       ++i)
    value = value * 8 + (in_[at_++] - u'0');
  return value;
}

// `at_` is at the digits; it stays when there are too few.
char32_t pattern_translator::fixed_hex(std::size_t count) {
  char32_t value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    const auto digit = hex_value(peek(i));
    if (digit < 0)
      return no_point;
    value = value * 16 + static_cast<char32_t>(digit);
  }
  at_ += count;
  return value;
}

// `at_` is behind the u.
char32_t pattern_translator::unicode_escape() {
  if (peek() == u'{' && flags_.unicode) {
    char32_t value = 0;
    auto at = at_ + 1;
    for (; at < in_.size() && hex_value(in_[at]) >= 0 && value <= 0x10FFFF; ++at)
      value = value * 16 + static_cast<char32_t>(hex_value(in_[at]));
    if (at == at_ + 1 || at >= in_.size() || in_[at] != u'}' || value > 0x10FFFF)
      return no_point;
    at_ = at + 1;
    return value;
  }
  const auto unit = fixed_hex(4);
  if (!flags_.unicode || !is_lead(unit) || !looking_at(u"\\u"))
    return unit;
  const auto saved = at_;
  at_ += 2;
  const auto trail = fixed_hex(4);
  if (trail != no_point && is_trail(trail))
    return 0x10000 + ((unit - 0xD800) << 10) + (trail - 0xDC00);
  at_ = saved;
  return unit;
}

// What a single character escape stands for; `at_` is behind the backslash.
char32_t pattern_translator::character_escape(bool in_class) {
  const auto c = in_[at_++];
  switch (c) {
  case u't':
    return u'\t';
  case u'n':
    return u'\n';
  case u'v':
    return u'\v';
  case u'f':
    return u'\f';
  case u'r':
    return u'\r';
  case u'0':
    if (!is_digit(peek()))
      return 0;
    break;
  case u'c':
    if (is_letter(peek()) || (in_class && !flags_.unicode && (is_digit(peek()) || peek() == u'_')))
      return in_[at_++] & 31;
    if (!flags_.unicode) {
      --at_;
      return u'\\';
    }
    break;
  case u'x':
    if (const auto point = fixed_hex(2); point != no_point)
      return point;
    break;
  case u'u':
    if (const auto point = unicode_escape(); point != no_point)
      return point;
    break;
  default:
    break;
  }
  --at_;
  if (flags_.unicode) {
    const bool syntax =
        std::u16string_view{u"^$\\.*+?()[]{}|/"}.find(c) != std::u16string_view::npos;
    if (!syntax && !(in_class && c == u'-')) {
      fail("Invalid escape");
      return no_point;
    }
  } else if (is_digit(c) && c < u'8') {
    return legacy_octal();
  }
  return source_point();
}

// \d and its like as the inside of a class; empty when the letter is an ordinary character. Takes
// the letter.
std::u16string pattern_translator::class_set(char16_t letter) {
  const auto negated = [&](const char16_t* set) { return set + std::u16string{top()}; };
  if ((letter == u'p' || letter == u'P') && !flags_.unicode)
    return {};
  ++at_;
  switch (letter) {
  case u'd':
    return digits;
  case u'D':
    return negated(not_digits);
  case u's':
    return spaces;
  case u'S':
    return negated(not_spaces);
  case u'w':
    return words;
  case u'W':
    return negated(not_words);
  default:
    return property_set(letter);
  }
}

std::u16string pattern_translator::property_set(char16_t letter) {
  const auto end = in_.find(u'}', at_);
  if (peek() != u'{' || end == std::u16string_view::npos) {
    fail("Invalid property name");
    return u"x";
  }
  const auto expression = in_.substr(at_ + 1, end - at_ - 1);
  at_ = end + 1;
  const auto property = pcre_property({expression.begin(), expression.end()});
  if (!property) {
    fail("Invalid property name");
    return u"x";
  }
  const bool inverted = property->inverted != (letter == u'P');
  return (inverted ? u"\\P{" : u"\\p{")
         + std::u16string{property->name.begin(), property->name.end()} + u"}";
}

void pattern_translator::character_class() {
  ++at_;
  put(take(u"^") ? u"[^" : u"[");
  while (ok() && !at_end() && peek() != u']') {
    const auto first = class_atom();
    const auto piece = [&](const class_item& item) {
      if (!item.set.empty())
        return item.set;
      const bool lone = flags_.unicode && (is_lead(item.point) || is_trail(item.point));
      return lone || item.point == no_point ? std::u16string{} : point_text(item.point);
    };
    if (peek() != u'-' || peek(1) == u']' || at_ + 1 >= in_.size()) {
      put(piece(first));
      continue;
    }
    ++at_;
    const auto last = class_atom();
    if (!first.set.empty() || !last.set.empty()) {
      if (flags_.unicode)
        return fail("Invalid character class");
      put(piece(first) + u"\\x{2d}" + piece(last));
    } else if (first.point > last.point) {
      return fail("Range out of order in character class");
    } else {
      put(point_text(first.point) + u"-" + point_text(last.point));
    }
  }
  if (!take(u"]"))
    return fail("Unterminated character class");
  put(u"]");
}

class_item pattern_translator::class_atom() {
  if (peek() != u'\\')
    return {source_point(), {}};
  return class_escape();
}

class_item pattern_translator::class_escape() {
  ++at_;
  if (at_end()) {
    fail("\\ at end of pattern");
    return {};
  }
  const auto c = peek();
  if (c == u'b') {
    ++at_;
    return {u'\b', {}};
  }
  if (std::u16string_view{u"dDsSwWpP"}.find(c) != std::u16string_view::npos)
    if (auto set = class_set(c); !set.empty())
      return {no_point, std::move(set)};
  return {character_escape(true), {}};
}

// Unicode case folding makes PCRE2's \b Unicode too; JavaScript's stays ASCII.
void pattern_translator::widen_word_boundaries() {
  const std::u16string word = u"[0-9A-Z_a-z]";
  const auto boundary =
      u"(?:(?<=" + word + u")(?!" + word + u")|(?<!" + word + u")(?=" + word + u"))";
  const auto inside =
      u"(?:(?<=" + word + u")(?=" + word + u")|(?<!" + word + u")(?!" + word + u"))";
  std::u16string widened;
  const std::u16string_view text = result_.text;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != u'\\' || at + 1 >= text.size()) {
      widened += text[at];
      continue;
    }
    ++at;
    if (text[at] == u'b')
      widened += boundary;
    else if (text[at] == u'B')
      widened += inside;
    else
      (widened += u'\\') += text[at];
  }
  result_.text = std::move(widened);
}

} // namespace offstage

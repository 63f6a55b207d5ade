// SPDX-License-Identifier: MIT
// Escapes and classes of the regular expression parser.
#include <algorithm>

#include "runtime/natives/backtracker_parser.hpp"

namespace offstage {

namespace {

constexpr char32_t last_unicode_point = 0x10FFFF;

bool is_digit(char16_t c) {
  return c >= u'0' && c <= u'9';
}
bool is_letter(char16_t c) {
  return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
}
bool is_lead(char32_t c) {
  return c >= 0xD800 && c <= 0xDBFF;
}
bool is_trail(char32_t c) {
  return c >= 0xDC00 && c <= 0xDFFF;
}
char32_t join(char32_t lead, char32_t trail) {
  return 0x10000 + ((lead - 0xD800) << 10) + (trail - 0xDC00);
}

constexpr std::u16string_view syntax_characters = u"^$\\.*+?()[]{}|/";

} // namespace

char32_t regexp_parser::source_point() {
  const char32_t c = in_[at_++];
  if (flags_.unicode && is_lead(c) && is_trail(peek()))
    return join(c, in_[at_++]);
  return c;
}

regexp_parser::node_ptr regexp_parser::set_node(code_set set, bool inverted) {
  auto node = std::make_unique<regexp_node>(regexp_node_kind::set);
  set.finish();
  set.close_over(rule_);
  node->set = std::move(set);
  node->inverted = inverted;
  return node;
}

regexp_parser::node_ptr regexp_parser::atom_escape() {
  if (at_end()) {
    fail("\\ at end of pattern");
    return nullptr;
  }
  if (peek() >= u'1' && peek() <= u'9')
    if (auto reference = decimal_escape(); reference || !ok())
      return reference;
  if (peek() == u'k' && (flags_.unicode || !tree_.names.empty())) {
    ++at_;
    return named_reference();
  }
  if (auto set = class_escape()) {
    tree_.needs_backtracker |= rule_ == case_rule::fold;
    return set_node(std::move(*set), false);
  }
  return ok() ? character(character_escape(false)) : nullptr;
}

// Nothing, and nothing taken: a legacy escape.
regexp_parser::node_ptr regexp_parser::decimal_escape() {
  const auto start = at_;
  std::uint32_t number = 0;
  for (; is_digit(peek()); ++at_)
    number = std::min(number * 10 + (peek() - u'0'), regexp_groups_max + 1);
  if (number <= tree_.group_count) {
    auto node = std::make_unique<regexp_node>(regexp_node_kind::back_reference);
    node->index = number;
    return node;
  }
  if (flags_.unicode)
    fail("Invalid escape");
  at_ = start;
  return nullptr;
}

regexp_parser::node_ptr regexp_parser::named_reference() {
  if (!take(u"<")) {
    fail("Invalid named reference");
    return nullptr;
  }
  const auto name = group_name();
  const auto known = std::find_if(tree_.names.begin(), tree_.names.end(),
                                  [&](const auto& row) { return row.first == name; });
  if (known == tree_.names.end()) {
    fail("Invalid named capture referenced");
    return nullptr;
  }
  auto node = std::make_unique<regexp_node>(regexp_node_kind::back_reference);
  node->index = known->second;
  return node;
}

// \d and the like; nothing, and nothing taken, if it is another escape.
std::optional<code_set> regexp_parser::class_escape() {
  const auto letter = peek();
  std::optional<code_set> set;
  switch (letter) {
  case u'd':
  case u'D':
    set = code_set::digits();
    break;
  case u's':
  case u'S':
    set = code_set::spaces();
    break;
  case u'w':
  case u'W':
    set = code_set::words(rule_);
    break;
  case u'p':
  case u'P':
    if (!flags_.unicode)
      return std::nullopt;
    ++at_;
    set = property();
    if (!set)
      return std::nullopt;
    --at_;
    break;
  default:
    return std::nullopt;
  }
  ++at_;
  if (letter == u'D' || letter == u'S' || letter == u'W' || letter == u'P')
    set->invert();
  return set;
}

std::optional<code_set> regexp_parser::property() {
  std::string expression;
  if (take(u"{"))
    for (; !at_end() && peek() != u'}'; ++at_)
      expression += peek() < 128 ? static_cast<char>(peek()) : '?';
  auto set = take(u"}") ? code_set::property(expression) : std::nullopt;
  if (!set)
    fail("Invalid property name");
  return set;
}

std::optional<char32_t> regexp_parser::hex(std::size_t digits) {
  char32_t value = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const auto c = peek(i);
    const auto lower = static_cast<char16_t>(c | 0x20);
    if (is_digit(c))
      value = value * 16 + (c - u'0');
    else if (lower >= u'a' && lower <= u'f')
      value = value * 16 + (lower - u'a' + 10u);
    else
      return std::nullopt;
  }
  at_ += digits;
  return value;
}

// Behind \u; nothing, and nothing taken, if it is none.
std::optional<char32_t> regexp_parser::unicode_escape() {
  const auto start = at_;
  if (flags_.unicode && take(u"{")) {
    char32_t value = 0;
    const auto first = at_;
    while (const auto digit = hex(1))
      value = std::min(value * 16 + *digit, last_unicode_point + 1);
    if (at_ > first && value <= last_unicode_point && take(u"}"))
      return value;
    at_ = start;
    return std::nullopt;
  }
  const auto unit = hex(4);
  if (!unit || !flags_.unicode || !is_lead(*unit) || peek() != u'\\' || peek(1) != u'u')
    return unit;
  const auto behind = at_;
  at_ += 2;
  const auto trail = hex(4);
  if (trail && is_trail(*trail))
    return join(*unit, *trail);
  at_ = behind;
  return unit;
}

// Behind \c. What is none is a backslash, and the c comes next.
char32_t regexp_parser::control_escape(bool in_class) {
  const auto c = peek();
  if (is_letter(c) || (in_class && !flags_.unicode && (is_digit(c) || c == u'_'))) {
    ++at_;
    return c % 32;
  }
  if (flags_.unicode)
    fail("Invalid unicode escape");
  --at_;
  return u'\\';
}

char32_t regexp_parser::legacy_octal() {
  char32_t value = 0;
  for (int digits = 0; digits < 3 && peek() >= u'0' && peek() <= u'7'; ++digits) {
    const auto next = value * 8 + (peek() - u'0');
    if (next > 0xFF)
      break;
    value = next;
    ++at_;
  }
  return value;
}

char32_t regexp_parser::character_escape(bool in_class) {
  const auto c = peek();
  if (is_digit(c)) {
    if (c == u'0' && !is_digit(peek(1))) {
      ++at_;
      return 0;
    }
    if (flags_.unicode)
      fail("Invalid decimal escape");
    if (c <= u'7')
      return legacy_octal();
  }
  constexpr std::pair<char16_t, char32_t> controls[] = {
      {u'f', u'\f'}, {u'n', u'\n'}, {u'r', u'\r'}, {u't', u'\t'}, {u'v', u'\v'}};
  for (const auto& [letter, value] : controls)
    if (c == letter) {
      ++at_;
      return value;
    }
  if (c == u'c' || c == u'x' || c == u'u') {
    ++at_;
    if (c == u'c')
      return control_escape(in_class);
    if (const auto value = c == u'x' ? hex(2) : unicode_escape())
      return *value;
    if (flags_.unicode)
      fail("Invalid escape");
    return c;
  }
  const auto point = source_point();
  if (flags_.unicode
      && (point > 0x7F
          || (syntax_characters.find(static_cast<char16_t>(point)) == std::u16string_view::npos
              && !(in_class && point == u'-'))))
    fail("Invalid escape");
  if (!flags_.unicode && point == u'k' && !tree_.names.empty())
    fail("Invalid named reference");
  return point;
}

regexp_parser::node_ptr regexp_parser::character_class() {
  const auto inverted = take(u"^");
  code_set all;
  while (ok() && !at_end() && peek() != u']') {
    const auto first = class_member();
    if (peek() != u'-' || peek(1) == u']' || at_ + 1 >= in_.size()) {
      first.point ? all.add(*first.point, *first.point) : all.add(first.set);
      continue;
    }
    ++at_;
    const auto last = class_member();
    if (first.point && last.point) {
      if (*first.point > *last.point)
        fail("Range out of order in character class");
      all.add(*first.point, *last.point);
      continue;
    }
    if (flags_.unicode)
      fail("Invalid character class");
    all.add(u'-', u'-');
    for (const auto& end : {first, last})
      end.point ? all.add(*end.point, *end.point) : all.add(end.set);
  }
  if (ok() && !take(u"]"))
    fail("Unterminated character class");
  return set_node(std::move(all), inverted);
}

regexp_parser::member regexp_parser::class_member() {
  if (at_end())
    return {};
  if (!take(u"\\"))
    return {source_point(), {}};
  if (at_end()) {
    fail("\\ at end of pattern");
    return {};
  }
  if (take(u"b"))
    return {u'\b', {}};
  if (auto set = class_escape()) {
    tree_.needs_backtracker |= rule_ == case_rule::fold;
    return {std::nullopt, std::move(*set)};
  }
  return {ok() ? character_escape(true) : 0, {}};
}

} // namespace offstage

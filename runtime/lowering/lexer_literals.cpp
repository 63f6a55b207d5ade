// SPDX-License-Identifier: MIT
// Numbers, strings, templates and regular expressions.
#include <cmath>
#include <string>

#include "runtime/lowering/characters.hpp"
#include "runtime/lowering/lexer.hpp"

namespace offstage::lowering {

// -- numbers

void lexer::read_number(token& out) {
  out.kind = token_kind::number;
  const std::size_t begin = offset_;
  const char second = static_cast<char>(at(offset_ + 1) | 0x20);
  if (at(begin) == '0' && (second == 'x' || second == 'b' || second == 'o')) {
    read_radix_number(out);
  } else if (at(begin) == '0' && is_digit(at(begin + 1))) {
    read_legacy_number(out);
    return;
  } else {
    if (at(offset_) != '.')
      read_digits(is_digit);
    if (at(offset_) == 'n') {
      out.kind = token_kind::bigint;
      ++offset_;
    } else {
      read_fraction_and_exponent();
    }
  }
  finish_number(out, begin);
}

void lexer::read_radix_number(token& out) {
  const char radix = static_cast<char>(at(offset_ + 1) | 0x20);
  offset_ += 2;
  const std::size_t digits = offset_;
  if (radix == 'x')
    read_digits(is_hex_digit);
  else if (radix == 'b')
    read_digits([](char c) { return c == '0' || c == '1'; });
  else
    read_digits([](char c) { return c >= '0' && c <= '7'; });
  if (offset_ == digits)
    fail("missing digits in number");
  if (at(offset_) == 'n') {
    out.kind = token_kind::bigint;
    ++offset_;
  }
}

void lexer::read_digits(bool (*accept)(char)) {
  bool last_was_separator = true;
  while (accept(at(offset_)) || at(offset_) == '_') {
    if (at(offset_) == '_' && last_was_separator)
      fail("misplaced numeric separator");
    last_was_separator = at(offset_) == '_';
    ++offset_;
  }
  if (last_was_separator && at(offset_ - 1) == '_')
    fail("misplaced numeric separator");
}

void lexer::read_fraction_and_exponent() {
  if (at(offset_) == '.') {
    ++offset_;
    if (at(offset_) == '_')
      fail("misplaced numeric separator");
    if (is_digit(at(offset_)))
      read_digits(is_digit);
  }
  if ((at(offset_) | 0x20) != 'e')
    return;
  ++offset_;
  if (at(offset_) == '+' || at(offset_) == '-')
    ++offset_;
  if (!is_digit(at(offset_)))
    fail("missing exponent in number");
  read_digits(is_digit);
}

void lexer::finish_number(token& out, std::size_t begin) {
  if (is_ascii_identifier_part(at(offset_)) || at(offset_) == '\\')
    fail("identifier directly after number");
  out.text = source_.substr(begin, offset_ - begin);
  if (out.kind == token_kind::bigint)
    out.text.remove_suffix(1);
  if (out.text.find('_') == std::string_view::npos)
    return;
  std::string plain;
  for (char c : out.text)
    if (c != '_')
      plain += c;
  out.text = memory_.copy(std::string_view(plain));
}

// 017 is octal, 089 and 08.5 are decimal: the engine gets the decimal value.
void lexer::read_legacy_number(token& out) {
  out.legacy_octal = true;
  const std::size_t begin = offset_;
  bool octal = true;
  for (; is_digit(at(offset_)); ++offset_)
    octal = octal && at(offset_) < '8';
  if (octal) {
    double value = 0;
    for (char c : source_.substr(begin, offset_ - begin))
      value = value * 8 + (c - '0');
    std::string text = std::isfinite(value) ? std::to_string(value) : "1e999.";
    text.erase(text.find('.'));
    finish_number(out, begin);
    out.text = memory_.copy(std::string_view(text));
    return;
  }
  read_fraction_and_exponent();
  finish_number(out, begin);
  while (out.text.size() > 1 && out.text[0] == '0')
    out.text.remove_prefix(1);
}

// -- strings

void lexer::read_string(token& out) {
  out.kind = token_kind::string;
  const std::size_t begin = offset_;
  const char quote_mark = at(offset_++);
  while (at(offset_) != quote_mark) {
    if (offset_ >= source_.size() || at(offset_) == '\n' || at(offset_) == '\r')
      fail("unterminated string");
    if (at(offset_) == '\\')
      read_string_escape(out);
    else
      ++offset_;
  }
  ++offset_;
  out.text = source_.substr(begin, offset_ - begin);
}

void lexer::read_string_escape(token& out) {
  ++offset_;
  const char c = at(offset_);
  if (offset_ >= source_.size())
    fail("unterminated string");
  if (c == 'x' || c == 'u') {
    bool valid = true;
    check_escape_digits(valid);
    if (!valid)
      fail("invalid escape in string");
    return;
  }
  if (is_digit(c) && !(c == '0' && !is_digit(at(offset_ + 1))))
    out.legacy_octal = true;
  if (c == '\n' || (c == '\r' && at(offset_ + 1) != '\n'))
    ++line_;
  if (c == '\r' && at(offset_ + 1) == '\n') {
    ++line_;
    ++offset_;
  }
  ++offset_;
}

// At the x or u of an escape: passes it if it is complete.
void lexer::check_escape_digits(bool& valid) {
  const bool wide = at(offset_++) == 'u';
  if (wide && at(offset_) == '{') {
    std::size_t i = offset_ + 1;
    char32_t value = 0;
    while (is_hex_digit(at(i)) && value <= 0x10ffff)
      value = value * 16 + hex_value(at(i++));
    valid = at(i) == '}' && i > offset_ + 1 && value <= 0x10ffff;
    if (valid)
      offset_ = i + 1;
    return;
  }
  const std::size_t digits = wide ? 4 : 2;
  for (std::size_t i = 0; i < digits; ++i)
    valid = valid && is_hex_digit(at(offset_ + i));
  if (valid)
    offset_ += digits;
}

// -- templates and regular expressions

template_piece lexer::read_template_piece(bool& last) {
  template_piece piece;
  const std::size_t begin = offset_;
  while (at(offset_) != '`' && !starts_with("${")) {
    if (offset_ >= source_.size())
      fail("unterminated template");
    if (at(offset_) == '\\') {
      skip_template_escape(piece);
      continue;
    }
    if (at(offset_) == '\n' || (at(offset_) == '\r' && at(offset_ + 1) != '\n'))
      ++line_;
    ++offset_;
  }
  piece.raw = source_.substr(begin, offset_ - begin);
  last = at(offset_) == '`';
  offset_ += last ? 1 : 2;
  line_is_empty_ = false;
  return piece;
}

void lexer::skip_template_escape(template_piece& piece) {
  ++offset_;
  const char c = at(offset_);
  if (offset_ >= source_.size())
    fail("unterminated template");
  if (c == 'x' || c == 'u') {
    bool valid = true;
    check_escape_digits(valid);
    piece.cooked = piece.cooked && valid;
    return;
  }
  if (is_digit(c) && !(c == '0' && !is_digit(at(offset_ + 1))))
    piece.cooked = false;
  if (c == '\n' || (c == '\r' && at(offset_ + 1) != '\n'))
    ++line_;
  ++offset_;
}

regex_literal* lexer::read_regex(const token& slash) {
  offset_ = slash.begin + 1;
  bool in_class = false;
  while (at(offset_) != '/' || in_class) {
    if (offset_ >= source_.size() || at_line_end())
      fail("unterminated regular expression");
    if (at(offset_) == '\\')
      ++offset_;
    else if (at(offset_) == '[')
      in_class = true;
    else if (at(offset_) == ']')
      in_class = false;
    if (offset_ >= source_.size() || at_line_end())
      fail("unterminated regular expression");
    ++offset_;
  }
  auto* out = memory_.make<regex_literal>();
  out->kind = node_kind::regex;
  out->line = slash.line;
  out->begin = slash.begin;
  out->body = source_.substr(slash.begin + 1, offset_ - slash.begin - 1);
  const std::size_t flags = ++offset_;
  while (is_ascii_identifier_part(at(offset_)))
    ++offset_;
  out->flags = source_.substr(flags, offset_ - flags);
  if (at(offset_) == '\\')
    fail("invalid regular expression flags");
  return out;
}

} // namespace offstage::lowering

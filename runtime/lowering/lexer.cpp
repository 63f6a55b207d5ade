// SPDX-License-Identifier: MIT
#include "runtime/lowering/lexer.hpp"

#include <algorithm>
#include <array>

#include "runtime/lowering/characters.hpp"

namespace offstage::lowering {
namespace {

// Longest first, so that the first match is the right one.
constexpr std::array<std::string_view, 57> punctuators{
    ">>>=", "...", "===", "!==", "**=", "<<=", ">>=", ">>>", "&&=", "||=", "?\?=", "=>",
    "==",   "!=",  "<=",  ">=",  "&&",  "||",  "?\?", "?.",  "++",  "--",  "+=",   "-=",
    "*=",   "/=",  "%=",  "&=",  "|=",  "^=",  "<<",  ">>",  "**",  "{",   "}",    "(",
    ")",    "[",   "]",   ";",   ",",   "<",   ">",   "+",   "-",   "*",   "/",    "%",
    "&",    "|",   "^",   "!",   "~",   "?",   ":",   "=",   "."};

constexpr std::string_view line_separator_bytes = "\xe2\x80\xa8";
constexpr std::string_view paragraph_separator_bytes = "\xe2\x80\xa9";

} // namespace

lexer::lexer(std::string_view source, arena& memory, html_comments html)
    : source_(source), memory_(memory), html_(html) {
  if (starts_with("#!"))
    skip_line();
}

void lexer::fail(std::string message) const {
  throw syntax_error{std::move(message), line_, static_cast<std::uint32_t>(offset_)};
}

token lexer::next() {
  token out;
  out.newline_before = skip_space();
  out.line = line_;
  out.begin = static_cast<std::uint32_t>(offset_);
  line_is_empty_ = false;
  const char c = at(offset_);
  if (offset_ >= source_.size())
    out.kind = token_kind::end;
  else if (is_digit(c) || (c == '.' && is_digit(at(offset_ + 1))))
    read_number(out);
  else if (c == '"' || c == '\'')
    read_string(out);
  else if (c == '`') {
    ++offset_;
    out.kind = token_kind::template_start;
  } else if (is_ascii_identifier_start(c) || c == '#' || c == '\\' || !is_ascii(c))
    read_name(out);
  else
    read_punctuator(out);
  out.end = static_cast<std::uint32_t>(offset_);
  return out;
}

// -- space and comments

bool lexer::at_line_end() const {
  const char c = at(offset_);
  if (c == '\n' || c == '\r')
    return true;
  return starts_with(line_separator_bytes) || starts_with(paragraph_separator_bytes);
}

bool lexer::skip_space() {
  bool newline = offset_ == 0;
  while (offset_ < source_.size() && skip_one_space(newline)) {
  }
  return newline;
}

bool lexer::skip_one_space(bool& newline) {
  const char c = source_[offset_];
  if (c == '\n') {
    ++line_;
    ++offset_;
    newline = line_is_empty_ = true;
  } else if (c == '\r') {
    ++offset_;
    if (at(offset_) != '\n')
      ++line_;
    newline = line_is_empty_ = true;
  } else if (c == ' ' || c == '\t' || c == '\v' || c == '\f') {
    ++offset_;
  } else if (!is_ascii(c)) {
    return skip_wide_space(newline);
  } else if (starts_with("//")) {
    skip_line();
  } else if (starts_with("/*")) {
    skip_block_comment(newline);
  } else if (html_ == html_comments::recognized
             && (starts_with("<!--") || (line_is_empty_ && starts_with("-->")))) {
    skip_line();
  } else {
    return false;
  }
  return true;
}

bool lexer::skip_wide_space(bool& newline) {
  const decoded c = decode_utf8(source_, offset_);
  if (c.value == line_separator || c.value == paragraph_separator) {
    // These end a line for the grammar, but nobody who counts lines counts them.
    newline = line_is_empty_ = true;
  } else if (!is_space(c.value)) {
    return false;
  }
  offset_ = c.next;
  return true;
}

void lexer::skip_line() {
  while (offset_ < source_.size() && !at_line_end())
    ++offset_;
}

void lexer::skip_block_comment(bool& newline) {
  const std::size_t close = source_.find("*/", offset_ + 2);
  if (close == std::string_view::npos)
    fail("unterminated comment");
  while (offset_ < close) {
    if (at_line_end())
      newline = line_is_empty_ = true;
    if (at(offset_) == '\n' || (at(offset_) == '\r' && at(offset_ + 1) != '\n'))
      ++line_;
    ++offset_;
  }
  offset_ = close + 2;
}

// -- names and punctuators

void lexer::read_name(token& out) {
  out.kind = token_kind::name;
  if (at(offset_) == '#') {
    out.kind = token_kind::private_name;
    ++offset_;
  }
  const std::size_t begin = offset_;
  if (is_ascii_identifier_start(at(offset_))) {
    while (is_ascii_identifier_part(at(offset_)))
      ++offset_;
    if (at(offset_) != '\\' && is_ascii(at(offset_))) {
      out.text = source_.substr(begin, offset_ - begin);
      return;
    }
    offset_ = begin;
  }
  const std::string name = decode_name();
  if (name.empty())
    fail("unexpected character");
  out.escaped = source_.substr(begin, offset_ - begin).find('\\') != std::string_view::npos;
  saw_escaped_name_ = saw_escaped_name_ || out.escaped;
  out.text = memory_.copy(std::string_view(name));
}

std::string lexer::decode_name() {
  std::string name;
  while (offset_ < source_.size()) {
    const bool escape = at(offset_) == '\\';
    const std::size_t begin = offset_;
    char32_t c = 0;
    if (escape) {
      c = read_name_escape();
    } else {
      const decoded d = decode_utf8(source_, offset_);
      c = d.value;
      offset_ = d.next;
    }
    if (name.empty() ? !is_identifier_start(c) : !is_identifier_part(c)) {
      if (escape)
        fail("invalid escape in identifier");
      offset_ = begin;
      break;
    }
    append_utf8(name, c);
  }
  return name;
}

char32_t lexer::read_name_escape() {
  ++offset_;
  if (at(offset_) != 'u')
    fail("invalid escape in identifier");
  ++offset_;
  const bool braces = at(offset_) == '{';
  if (braces)
    ++offset_;
  char32_t value = 0;
  std::size_t digits = 0;
  while (is_hex_digit(at(offset_)) && (braces || digits < 4) && value <= 0x10ffff) {
    value = value * 16 + hex_value(at(offset_++));
    ++digits;
  }
  if (digits == 0 || value > 0x10ffff || (!braces && digits != 4))
    fail("invalid escape in identifier");
  if (braces && at(offset_++) != '}')
    fail("invalid escape in identifier");
  return value;
}

void lexer::read_punctuator(token& out) {
  out.kind = token_kind::punctuator;
  const auto found = std::find_if(punctuators.begin(), punctuators.end(), [&](auto text) {
    // `a?.5:b` is a conditional.
    return starts_with(text) && !(text == "?." && is_digit(at(offset_ + 2)));
  });
  if (found == punctuators.end())
    fail("unexpected character");
  out.text = *found;
  offset_ += found->size();
}

} // namespace offstage::lowering

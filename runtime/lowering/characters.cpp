// SPDX-License-Identifier: MIT
#include "runtime/lowering/characters.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include <unicode/uchar.h>

namespace offstage::lowering {
namespace {

// Length of the well-formed sequence at `offset`, 0 when ill-formed; `skip` is then what one
// replacement stands for.
struct sequence_check {
  std::size_t length = 0;
  std::size_t skip = 1;
};

struct lead_range {
  std::size_t length = 0;
  unsigned char second_min = 0x80;
  unsigned char second_max = 0xbf;
};

lead_range classify_lead(unsigned char lead) {
  if (lead >= 0xc2 && lead <= 0xdf)
    return {2};
  if (lead == 0xe0)
    return {3, 0xa0, 0xbf};
  if (lead == 0xed)
    return {3, 0x80, 0x9f};
  if (lead >= 0xe1 && lead <= 0xef)
    return {3};
  if (lead == 0xf0)
    return {4, 0x90, 0xbf};
  if (lead >= 0xf1 && lead <= 0xf3)
    return {4};
  if (lead == 0xf4)
    return {4, 0x80, 0x8f};
  return {};
}

sequence_check check_sequence(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(offset);
  if (lead < 0x80)
    return {1, 1};
  const lead_range range = classify_lead(lead);
  if (range.length == 0)
    return {};
  for (std::size_t i = 1; i < range.length; ++i) {
    const unsigned char low = i == 1 ? range.second_min : 0x80;
    const unsigned char high = i == 1 ? range.second_max : 0xbf;
    if (offset + i >= text.size() || byte(offset + i) < low || byte(offset + i) > high)
      return {0, i};
  }
  return {range.length, range.length};
}

} // namespace

bool is_identifier_start(char32_t c) {
  if (c < 0x80)
    return is_ascii_identifier_start(static_cast<char>(c));
  return u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_ID_START);
}

bool is_identifier_part(char32_t c) {
  if (c < 0x80)
    return is_ascii_identifier_part(static_cast<char>(c));
  return c == 0x200c || c == 0x200d
         || u_hasBinaryProperty(static_cast<UChar32>(c), UCHAR_ID_CONTINUE);
}

bool is_space(char32_t c) {
  if (c == ' ' || c == '\t' || c == 0x0b || c == 0x0c || c == 0xa0 || c == 0xfeff)
    return true;
  return c >= 0x80 && u_charType(static_cast<UChar32>(c)) == U_SPACE_SEPARATOR;
}

decoded decode_utf8(std::string_view text, std::size_t offset) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[offset + i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80)
    return {lead, offset + 1};
  const auto tail = [&](std::size_t i) { return static_cast<char32_t>(byte(i) & 0x3f); };
  if (lead < 0xe0)
    return {static_cast<char32_t>((lead & 0x1f) << 6) | tail(1), offset + 2};
  if (lead < 0xf0)
    return {static_cast<char32_t>((lead & 0x0f) << 12) | (tail(1) << 6) | tail(2), offset + 3};
  return {static_cast<char32_t>((lead & 0x07) << 18) | (tail(1) << 12) | (tail(2) << 6) | tail(3),
          offset + 4};
}

void append_utf8(std::string& out, char32_t c) {
  const auto put = [&](char32_t byte) { out += static_cast<char>(byte); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xc0 | (c >> 6));
    put(0x80 | (c & 0x3f));
  } else if (c < 0x10000) {
    put(0xe0 | (c >> 12));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  } else {
    put(0xf0 | (c >> 18));
    put(0x80 | ((c >> 12) & 0x3f));
    put(0x80 | ((c >> 6) & 0x3f));
    put(0x80 | (c & 0x3f));
  }
}

std::string repair_utf8(std::string_view bytes) {
  if (bytes.substr(0, 3) == "\xef\xbb\xbf")
    bytes.remove_prefix(3);
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t i = 0; i < bytes.size();) {
    const sequence_check check = check_sequence(bytes, i);
    if (check.length == 0)
      out += "\xef\xbf\xbd";
    else
      out += bytes.substr(i, check.length);
    i += check.skip;
  }
  return out;
}

std::string quote(std::string_view text) {
  std::string out = "\"";
  for (std::size_t i = 0; i < text.size();) {
    const decoded c = decode_utf8(text, i);
    if (c.value == '"' || c.value == '\\') {
      out += '\\';
      out += static_cast<char>(c.value);
    } else if (c.value < 0x20 || c.value == line_separator || c.value == paragraph_separator) {
      std::array<char, 16> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", static_cast<unsigned>(c.value));
      out += escape.data();
    } else {
      out += text.substr(i, c.next - i);
    }
    i = c.next;
  }
  return out += '"';
}

std::string escape_identifier(std::string_view name) {
  std::string out;
  for (std::size_t i = 0; i < name.size();) {
    const decoded c = decode_utf8(name, i);
    if (c.value < 0x80) {
      out += static_cast<char>(c.value);
    } else {
      std::array<char, 16> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u{%x}", static_cast<unsigned>(c.value));
      out += escape.data();
    }
    i = c.next;
  }
  return out;
}

bool is_plain_ascii_name(std::string_view name) {
  if (name.empty() || !is_ascii_identifier_start(name[0]))
    return false;
  for (char c : name)
    if (!is_ascii_identifier_part(c))
      return false;
  return true;
}

// Words that the engine does not take as the name of a method.
bool is_engine_word(std::string_view name) {
  static constexpr std::array<std::string_view, 50> words{
      "break",      "case",       "catch",     "class",    "const",   "continue",  "debugger",
      "default",    "delete",     "do",        "else",     "enum",    "export",    "extends",
      "false",      "finally",    "for",       "function", "if",      "import",    "in",
      "instanceof", "new",        "null",      "return",   "super",   "switch",    "this",
      "throw",      "true",       "try",       "typeof",   "var",     "void",      "while",
      "with",       "implements", "interface", "let",      "package", "private",   "protected",
      "public",     "static",     "yield",     "get",      "set",     "__proto__", "eval",
      "arguments"};
  return std::find(words.begin(), words.end(), name) != words.end();
}

} // namespace offstage::lowering

// SPDX-License-Identifier: MIT
// Character classes and encodings of the source text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace offstage::lowering {

constexpr char32_t line_separator = 0x2028;
constexpr char32_t paragraph_separator = 0x2029;

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_ascii(char c) {
  return static_cast<unsigned char>(c) < 0x80;
}

inline bool is_hex_digit(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

inline std::uint32_t hex_value(char c) {
  return static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
}

inline bool is_ascii_identifier_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '$';
}

inline bool is_ascii_identifier_part(char c) {
  return is_ascii_identifier_start(c) || is_digit(c);
}

bool is_identifier_start(char32_t c);
bool is_identifier_part(char32_t c);
bool is_space(char32_t c); // white space but line ends

// The code point at `offset` of well-formed UTF-8, and the offset behind it.
struct decoded {
  char32_t value = 0;
  std::size_t next = 0;
};
decoded decode_utf8(std::string_view text, std::size_t offset);

void append_utf8(std::string& out, char32_t c);

// What a byte stream means as source: no byte order mark, each ill-formed sequence a replacement
// character.
std::string repair_utf8(std::string_view bytes);

// `"text"` as a literal of the engine's dialect, on one line.
std::string quote(std::string_view text);

// An identifier name in the engine's dialect: characters beyond ASCII are escaped, because its
// Unicode tables are old.
std::string escape_identifier(std::string_view name);

// Whether the name is an identifier name that needs no quotes as a property key.
bool is_plain_ascii_name(std::string_view name);

// Words that the engine does not take as the name of a method or function.
bool is_engine_word(std::string_view name);

} // namespace offstage::lowering

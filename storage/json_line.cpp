// SPDX-License-Identifier: MIT
#include "storage/json_line.hpp"

#include <algorithm>
#include <utility>

namespace offstage {

namespace {

constexpr std::string_view hex_digits = "0123456789abcdef";

/// How many bytes the character at the front takes; 0 if it is not UTF-8.
size_t character_bytes(std::string_view text) {
  const auto first = static_cast<uint8_t>(text.front());
  if (first < 0x80)
    return 1;
  const size_t size = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : first >= 0xc2 ? 2 : 0;
  if (size == 0 || first > 0xf4 || text.size() < size)
    return 0;
  for (size_t i = 1; i < size; ++i)
    if ((static_cast<uint8_t>(text[i]) & 0xc0) != 0x80)
      return 0;
  const auto second = static_cast<uint8_t>(text[1]);
  const auto is_bad = (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f)
                      || (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
  return is_bad ? 0 : size;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const auto size = character_bytes(text);
    if (size == 0)
      return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string to_base64(std::string_view bytes) {
  constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const auto left = std::min<size_t>(3, bytes.size() - i);
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (k < left ? static_cast<uint8_t>(bytes[i + k]) : 0U);
    for (size_t k = 0; k < 4; ++k)
      out += k <= left ? digits[group >> (18 - 6 * k) & 63] : '=';
  }
  return out;
}

} // namespace

json_line& json_line::begin(char bracket) {
  out_ += bracket;
  is_first_ = true;
  return *this;
}

void json_line::separate() {
  if (!std::exchange(is_first_, false))
    out_ += ',';
}

void json_line::member(std::string_view name) {
  separate();
  quote(name);
  out_ += ':';
}

// What is not UTF-8 shows as the replacement character.
void json_line::quote(std::string_view value) {
  out_ += '"';
  while (!value.empty()) {
    const auto size = character_bytes(value);
    const auto c = value.front();
    if (size == 0)
      out_ += "\xef\xbf\xbd";
    else if (c == '"' || c == '\\')
      (out_ += '\\') += c;
    else if (static_cast<uint8_t>(c) < 0x20)
      ((out_ += "\\u00") += hex_digits[static_cast<uint8_t>(c) >> 4]) += hex_digits[c & 15];
    else
      out_ += value.substr(0, size);
    value.remove_prefix(size == 0 ? 1 : size);
  }
  out_ += '"';
}

json_line& json_line::text(std::string_view name, std::string_view value) {
  member(name);
  quote(value);
  return *this;
}

json_line& json_line::number(std::string_view name, uint64_t value) {
  member(name);
  out_ += std::to_string(value);
  return *this;
}

json_line& json_line::boolean(std::string_view name, bool value) {
  member(name);
  out_ += value ? "true" : "false";
  return *this;
}

json_line& json_line::bytes(std::string_view name, std::string_view value) {
  return is_utf8(value) ? text(name, value) : base64(std::string{name} + "Base64", value);
}

json_line& json_line::base64(std::string_view name, std::string_view value) {
  return text(name, to_base64(value));
}

json_line& json_line::begin_list(std::string_view name) {
  member(name);
  return begin('[');
}

json_line& json_line::item(std::string_view value) {
  separate();
  quote(value);
  return *this;
}

json_line& json_line::pair(std::string_view first, std::string_view second) {
  separate();
  begin('[');
  item(first).item(second);
  return end_list();
}

json_line& json_line::end_list() {
  out_ += ']';
  is_first_ = false;
  return *this;
}

std::string json_line::take() {
  return std::move(out_) + '}';
}

} // namespace offstage

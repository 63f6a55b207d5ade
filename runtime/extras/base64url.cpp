// SPDX-License-Identifier: MIT
#include "runtime/extras/base64url.hpp"

#include <cstdint>

namespace offstage {

namespace {

constexpr std::string_view digits =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

} // namespace

std::string encode_base64url(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() * 4 + 2) / 3);
  std::uint32_t group = 0;
  int bits = 0;
  for (const auto byte : bytes) {
    group = group << 8 | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 6; bits -= 6)
      out += digits[group >> (bits - 6) & 63];
  }
  if (bits > 0)
    out += digits[group << (6 - bits) & 63];
  return out;
}

std::optional<std::string> decode_base64url(std::string_view text) {
  if (text.size() % 4 == 1)
    return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t group = 0;
  int bits = 0;
  for (const auto character : text) {
    const auto digit = digits.find(character);
    if (digit == std::string_view::npos)
      return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(digit);
    bits += 6;
    if (bits < 8)
      continue;
    bits -= 8;
    out += static_cast<char>(group >> bits & 0xFF);
  }
  return out;
}

} // namespace offstage

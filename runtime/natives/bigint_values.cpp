// SPDX-License-Identifier: MIT
#include <cstring>

#include "runtime/engine_limits.hpp"
#include "runtime/natives/bigint.hpp"

#include <offstage_duk.h>

namespace offstage {

namespace {

constexpr std::string_view prefix{"\x81\xFE", 2};

std::string_view bytes_of(duk_context* ctx, duk_idx_t index) {
  duk_size_t size = 0;
  const auto* bytes = duk_get_lstring(ctx, index, &size);
  return {bytes, size};
}

std::string_view magnitude_of(std::string_view bytes) {
  return bytes.substr(prefix.size() + 1, bytes.size() - prefix.size() - 2);
}

bool is_negative(std::string_view bytes) {
  return bytes[prefix.size()] == '-';
}

bool is_space(duk_codepoint_t c) {
  return (c >= 9 && c <= 13) || c == 32 || c == 160 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A)
         || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

} // namespace

bool read_small_bigint(duk_context* ctx, duk_idx_t index, std::int64_t& value) {
  const auto bytes = bytes_of(ctx, index);
  const auto magnitude = magnitude_of(bytes);
  if (magnitude.size() > 7)
    return false;
  value = 0;
  for (const auto byte : magnitude)
    value = value << 8 | static_cast<unsigned char>(byte);
  if (is_negative(bytes))
    value = -value;
  return true;
}

void push_small_bigint(duk_context* ctx, std::int64_t value) {
  char bytes[12] = {prefix[0], prefix[1], value < 0 ? '-' : '+'};
  auto magnitude =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  std::size_t count = 0;
  for (auto rest = magnitude; rest != 0; rest >>= 8)
    ++count;
  for (std::size_t i = count; i > 0; --i, magnitude >>= 8)
    bytes[2 + i] = static_cast<char>(magnitude & 0xFF);
  bytes[3 + count] = 'n';
  duk_push_lstring(ctx, bytes, count + 4);
}

std::string_view bigint_bytes(duk_context* ctx, duk_idx_t index) {
  const auto bytes = bytes_of(ctx, index);
  return bytes.substr(prefix.size(), bytes.size() - prefix.size() - 1);
}

bool push_bigint_of_bytes(duk_context* ctx, std::string_view bytes) {
  if (bytes.empty() || (bytes[0] != '+' && bytes[0] != '-')
      || bytes.size() > static_cast<std::size_t>(bigint_bits_max) / 8 + 1)
    return false;
  const auto is_zero = bytes.size() == 1;
  if (is_zero ? bytes[0] == '-' : bytes[1] == 0)
    return false;
  const auto size = prefix.size() + bytes.size() + 1;
  auto* room = static_cast<char*>(duk_push_fixed_buffer(ctx, size));
  std::memcpy(room, prefix.data(), prefix.size());
  std::memcpy(room + prefix.size(), bytes.data(), bytes.size());
  room[size - 1] = 'n';
  duk_push_lstring(ctx, room, size);
  duk_remove(ctx, -2);
  return true;
}

big_integer bigint_at(duk_context* ctx, duk_idx_t index) {
  const auto bytes = bytes_of(ctx, index);
  return big_integer::from_bytes(magnitude_of(bytes), is_negative(bytes));
}

js_result<int> push_bytes(duk_context* ctx, const std::string& bytes) {
  if (auto pushed = protect(
          ctx, 1, [&](duk_context* inner) { duk_push_lstring(inner, bytes.data(), bytes.size()); });
      !pushed)
    return pushed.error();
  return 1;
}

js_result<int> push_bigint(duk_context* ctx, const big_integer& value) {
  std::string bytes{prefix};
  bytes += value.is_negative() && !value.is_zero() ? '-' : '+';
  bytes += value.magnitude_bytes();
  bytes += 'n';
  return push_bytes(ctx, bytes);
}

void run_or_throw(duk_context* ctx, native_body body) {
  if (run_native(ctx, body) < 0)
    static_cast<void>(duk_throw(ctx));
}

js_error bigint_error(big_error what) {
  switch (what) {
  case big_error::division_by_zero:
    return js_error::range("Division by zero");
  case big_error::negative_exponent:
    return js_error::range("Exponent must be non-negative");
  default:
    return js_error::range("Maximum BigInt size exceeded");
  }
}

js_result<int> parse_bigint(duk_context* ctx) {
  const auto length = duk_get_length(ctx, -1);
  duk_size_t first = 0;
  auto last = length;
  while (first < last && is_space(duk_char_code_at(ctx, -1, first)))
    ++first;
  while (last > first && is_space(duk_char_code_at(ctx, -1, last - 1)))
    --last;
  std::string digits;
  for (auto i = first; i < last; ++i) {
    const auto c = duk_char_code_at(ctx, -1, i);
    digits += c < 128 ? static_cast<char>(c) : '?';
  }
  const auto value = big_integer::parse(digits);
  if (value && value->bits() > bigint_bits_max)
    return bigint_error(big_error::too_big);
  if (value)
    return push_bigint(ctx, *value);
  duk_push_undefined(ctx);
  return 1;
}

void to_bigint(duk_context* ctx) {
  if (offstage_duk_is_bigint(ctx, -1))
    return;
  if (duk_is_boolean(ctx, -1)) {
    push_small_bigint(ctx, duk_get_boolean(ctx, -1));
  } else if (duk_is_string(ctx, -1) && !duk_is_symbol(ctx, -1)) {
    run_or_throw(ctx, parse_bigint);
    if (duk_is_undefined(ctx, -1))
      static_cast<void>(
          duk_syntax_error(ctx, "Cannot convert %s to a BigInt", duk_get_string(ctx, -2)));
  } else {
    static_cast<void>(
        duk_type_error(ctx, "Cannot convert %s to a BigInt",
                       duk_is_symbol(ctx, -1) ? "a symbol" : duk_safe_to_string(ctx, -1)));
  }
  duk_remove(ctx, -2);
}

} // namespace offstage

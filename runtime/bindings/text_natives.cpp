// SPDX-License-Identifier: MIT
// Strings and bytes: header names and values, UTF-8, base64.
#include <algorithm>
#include <array>
#include <cstring>

#include "protocol/headers.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

constexpr std::string_view blanks{" \t\r\n"};

js_result<int> push_string(duk_context* ctx, std::string_view utf8) {
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, utf8); }); !pushed)
    return pushed.error();
  return 1;
}

js_result<int> push_latin1(duk_context* ctx, std::string_view bytes) {
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_byte_string(inner, bytes); });
      !pushed)
    return pushed.error();
  return 1;
}

js_result<int> push_array_of(duk_context* ctx, std::string_view bytes) {
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_bytes(inner, bytes); }); !pushed)
    return pushed.error();
  return 1;
}

/// headerName(value): in lower case, or a TypeError. (Fetch: header-name)
js_result<int> header_name(duk_context* ctx) {
  auto name = to_byte_string(ctx, 0);
  if (!name)
    return name.error();
  if (!is_header_name(*name))
    return js_error::type("'" + *name + "' is not a valid header name");
  std::ranges::transform(*name, name->begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return push_latin1(ctx, *name);
}

/// headerValue(value): normalised, or a TypeError. Spec: Fetch#concept-header-value-normalize
js_result<int> header_value(duk_context* ctx) {
  auto value = to_byte_string(ctx, 0);
  if (!value)
    return value.error();
  const auto first = value->find_first_not_of(blanks);
  const auto last = value->find_last_not_of(blanks);
  const auto trimmed =
      first == std::string::npos ? std::string{} : value->substr(first, last - first + 1);
  if (!is_header_value(trimmed))
    return js_error::type("The header value contains a character that is not allowed");
  return push_latin1(ctx, trimmed);
}

js_result<int> byte_string(duk_context* ctx) {
  auto text = to_byte_string(ctx, 0);
  if (!text)
    return text.error();
  return push_latin1(ctx, *text);
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

/// scalar(value, strip): a string without lone surrogates; with `strip` without a byte order mark.
js_result<int> scalar(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  return push_string(ctx, duk_get_boolean(ctx, 1) ? without_mark(*text) : *text);
}

js_result<int> encode_utf8(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  return push_array_of(ctx, *text);
}

std::string_view view_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// decodeUtf8(bytes, keep): as fetch decodes a body; with `keep` a byte order mark stays.
js_result<int> decode_utf8(duk_context* ctx) {
  const auto bytes = bytes_at(ctx, 0);
  if (!bytes)
    return js_error::type("decoding needs bytes");
  return push_string(ctx,
                     duk_get_boolean(ctx, 1) ? view_of(*bytes) : without_mark(view_of(*bytes)));
}

/// copyBytes(value): a Uint8Array, or undefined if the value holds no bytes.
js_result<int> copy_bytes(duk_context* ctx) {
  const auto bytes = bytes_at(ctx, 0);
  if (!bytes)
    return 0;
  return push_array_of(ctx, view_of(*bytes));
}

constexpr std::string_view base64_digits{
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"};

std::string to_base64(std::string_view bytes) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (size_t i = 0; i < bytes.size(); i += 3) {
    uint32_t group = 0;
    for (size_t k = 0; k < 3; ++k)
      group = group << 8 | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0u);
    for (size_t k = 0; k < 4; ++k)
      out += i + k > bytes.size() ? '=' : base64_digits[group >> (18 - 6 * k) & 63];
  }
  return out;
}

/// btoa. (HTML: dom-btoa)
js_result<int> encode_base64(duk_context* ctx) {
  auto bytes = to_byte_string(ctx, 0);
  if (!bytes)
    return js_error::dom("InvalidCharacterError",
                         "The string contains characters outside of the Latin1 range");
  return push_string(ctx, to_base64(*bytes));
}

/// As the Infra specification has it (forgiving-base64-decode).
std::optional<std::string> from_base64(std::string text) {
  std::erase_if(text, [](char c) { return std::strchr(" \t\n\f\r", c) != nullptr && c != '\0'; });
  if (text.size() % 4 == 0 && text.ends_with("=="))
    text.resize(text.size() - 2);
  else if (text.size() % 4 == 0 && text.ends_with("="))
    text.pop_back();
  if (text.size() % 4 == 1)
    return std::nullopt;
  std::string out;
  uint32_t group = 0;
  int bits = 0;
  for (const auto c : text) {
    const auto digit = base64_digits.find(c);
    if (digit == std::string_view::npos)
      return std::nullopt;
    group = group << 6 | static_cast<uint32_t>(digit);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out += static_cast<char>(group >> bits & 0xFF);
    }
  }
  return out;
}

js_result<int> decode_base64(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  const auto bytes = from_base64(std::move(*text));
  if (!bytes)
    return js_error::dom("InvalidCharacterError", "The string to be decoded is not base64");
  return push_latin1(ctx, *bytes);
}

/// bytesOfBase64(bytes): forgiving, undefined on failure.
js_result<int> bytes_of_base64(duk_context* ctx) {
  const auto digits = bytes_at(ctx, 0);
  if (!digits)
    return 0;
  const auto bytes = from_base64(std::string{view_of(*digits)});
  return bytes ? push_array_of(ctx, *bytes) : js_result<int>{0};
}

constexpr native_entry functions[] = {
    {"headerName", native<header_name>, 1, 1},     {"headerValue", native<header_value>, 1, 1},
    {"byteString", native<byte_string>, 1, 1},     {"scalar", native<scalar>, 2, 2},
    {"encodeUtf8", native<encode_utf8>, 1, 1},     {"decodeUtf8", native<decode_utf8>, 2, 2},
    {"copyBytes", native<copy_bytes>, 1, 1},       {"encodeBase64", native<encode_base64>, 1, 1},
    {"decodeBase64", native<decode_base64>, 1, 1}, {"bytesOfBase64", native<bytes_of_base64>, 1, 1},
};

} // namespace

// The wide form of a name: pairs of surrogates become one character, lone ones stay.
std::string name_from_cesu(std::string_view text) {
  if (is_plain_ascii(text))
    return std::string{text};
  std::string out;
  const auto is_half = [&](size_t at, unsigned char low, unsigned char high) {
    return at + 2 < text.size() && static_cast<unsigned char>(text[at]) == 0xED
           && static_cast<unsigned char>(text[at + 1]) >= low
           && static_cast<unsigned char>(text[at + 1]) <= high;
  };
  for (size_t at = 0; at < text.size();) {
    if (is_half(at, 0xA0, 0xAF) && is_half(at + 3, 0xB0, 0xBF)) {
      out += utf8_from_cesu(text.substr(at, 6));
      at += 6;
    } else {
      out += text[at++];
    }
  }
  return out;
}

void push_name(duk_context* ctx, std::string_view name) {
  if (is_plain_ascii(name))
    return push_text(ctx, name);
  auto* to = static_cast<unsigned char*>(duk_push_fixed_buffer(ctx, name.size() * 2));
  size_t size = 0;
  for (size_t at = 0; at < name.size();) {
    const auto lead = static_cast<unsigned char>(name[at]);
    if (lead < 0xF0 || at + 3 >= name.size()) {
      to[size++] = static_cast<unsigned char>(name[at++]);
      continue;
    }
    const auto bits = [&](size_t k) { return static_cast<unsigned char>(name[at + k]) & 0x3Fu; };
    const auto point = ((lead & 7u) << 18 | bits(1) << 12 | bits(2) << 6 | bits(3)) - 0x10000u;
    for (const auto unit : {0xD800u + (point >> 10), 0xDC00u + (point & 0x3FFu)}) {
      to[size++] = static_cast<unsigned char>(0xE0u | unit >> 12);
      to[size++] = static_cast<unsigned char>(0x80u | (unit >> 6 & 0x3Fu));
      to[size++] = static_cast<unsigned char>(0x80u | (unit & 0x3Fu));
    }
    at += 4;
  }
  duk_push_lstring(ctx, reinterpret_cast<const char*>(to), size);
  duk_remove(ctx, -2);
}

void install_text_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

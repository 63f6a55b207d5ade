// SPDX-License-Identifier: MIT
// Text as UTF-8 in a view of script, and the form encoding of URLs.
#include <algorithm>
#include <cctype>

#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

/// encodeInto(text, view): {read, written} of what fits, whole characters only.
/// Spec: Encoding#interface-textencoder
js_result<int> encode_into(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  duk_size_t room = 0;
  auto* to = static_cast<char*>(duk_get_buffer_data(ctx, 1, &room));
  const auto is_trail = [&](size_t at) {
    return at < text->size() && (static_cast<unsigned char>((*text)[at]) & 0xC0u) == 0x80u;
  };
  auto written = std::min(text->size(), to == nullptr ? 0 : room);
  while (written > 0 && is_trail(written))
    --written;
  size_t read = 0;
  for (size_t at = 0; at < written; ++at) {
    to[at] = (*text)[at];
    const auto byte = static_cast<unsigned char>((*text)[at]);
    read += byte >= 0xF0u ? 2u : is_trail(at) ? 0u : 1u;
  }
  auto pushed = protect(ctx, 1, [&](duk_context* inner) {
    duk_push_object(inner);
    duk_push_number(inner, static_cast<double>(read));
    duk_put_prop_literal(inner, -2, "read");
    duk_push_number(inner, static_cast<double>(written));
    duk_put_prop_literal(inner, -2, "written");
  });
  if (!pushed)
    return pushed.error();
  return 1;
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

enum class plus_sign : bool { itself, space };

// As the URL Standard has it (string-percent-decode).
std::string percent_decoded(std::string_view text, plus_sign plus) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto c = text[i];
    const auto high = c == '%' && i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const auto low = high >= 0 ? hex_value(text[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += c == '+' && plus == plus_sign::space ? ' ' : c;
    }
  }
  return out;
}

/// formDecode(text): with plus signs as spaces.
js_result<int> form_decode(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  const auto out = percent_decoded(*text, plus_sign::space);
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, out); }); !pushed)
    return pushed.error();
  return 1;
}

/// percentDecode(text): the bytes.
js_result<int> percent_decode(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  const auto out = percent_decoded(*text, plus_sign::itself);
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_bytes(inner, out); }); !pushed)
    return pushed.error();
  return 1;
}

/// formEncode(text). Spec: URL#urlencoded-serializing
js_result<int> form_encode(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  std::string out;
  for (const auto c : *text) {
    constexpr std::string_view digits{"0123456789ABCDEF"};
    const auto byte = static_cast<unsigned char>(c);
    if (c == ' ')
      out += '+';
    else if ((byte < 0x80 && std::isalnum(byte)) || c == '*' || c == '-' || c == '.' || c == '_')
      out += c;
    else
      (out += '%').append({digits[byte >> 4], digits[byte & 15]});
  }
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, out); }); !pushed)
    return pushed.error();
  return 1;
}

constexpr native_entry functions[] = {
    {"encodeInto", native<encode_into>, 2, 2},
    {"percentDecode", native<percent_decode>, 1, 1},
    {"formDecode", native<form_decode>, 1, 1},
    {"formEncode", native<form_encode>, 1, 1},
};

} // namespace

void install_encoding_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

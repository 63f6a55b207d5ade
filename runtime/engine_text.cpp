// SPDX-License-Identifier: MIT
#include "runtime/engine_text.hpp"

#include <algorithm>
#include <cstdint>

namespace offstage {

namespace {

constexpr char32_t replacement = 0xFFFD;

struct raw_sink {
  char* at;
  void push_back(char c) { *at++ = c; }
};

bool is_lead(char32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}
bool is_trail(char32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

template <class Sink>
void append_utf8(Sink& out, char32_t point) {
  const auto byte = [&](char32_t value) { out.push_back(static_cast<char>(value)); };
  if (point < 0x80) {
    byte(point);
  } else if (point < 0x800) {
    byte(0xC0 | (point >> 6));
    byte(0x80 | (point & 0x3F));
  } else if (point < 0x10000) {
    byte(0xE0 | (point >> 12));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  } else {
    byte(0xF0 | (point >> 18));
    byte(0x80 | ((point >> 12) & 0x3F));
    byte(0x80 | ((point >> 6) & 0x3F));
    byte(0x80 | (point & 0x3F));
  }
}

template <class Sink>
void append_cesu(Sink& out, char32_t point) {
  if (point < 0x10000)
    return append_utf8(out, point);
  point -= 0x10000;
  append_utf8(out, 0xD800 + (point >> 10));
  append_utf8(out, 0xDC00 + (point & 0x3FF));
}

struct sequence_shape {
  int trailing = 0;
  char32_t bits = 0;
  std::uint8_t second_min = 0x80;
  std::uint8_t second_max = 0xBF;
};

// Bounds of the second byte keep out overlong forms, surrogates and points past U+10FFFF (Unicode
// table 3-7).
sequence_shape shape_of(std::uint8_t lead, bool surrogates_allowed) {
  if (lead >= 0xC2 && lead <= 0xDF)
    return {1, lead & 0x1Fu};
  if (lead >= 0xE0 && lead <= 0xEF) {
    sequence_shape shape{2, lead & 0x0Fu};
    if (lead == 0xE0)
      shape.second_min = 0xA0;
    if (lead == 0xED && !surrogates_allowed)
      shape.second_max = 0x9F;
    return shape;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    sequence_shape shape{3, lead & 0x07u};
    if (lead == 0xF0)
      shape.second_min = 0x90;
    if (lead == 0xF4)
      shape.second_max = 0x8F;
    return shape;
  }
  return {};
}

enum class surrogates { refused, allowed };

char32_t next_point(std::string_view text, std::size_t& at, surrogates policy) {
  const auto lead = static_cast<std::uint8_t>(text[at++]);
  if (lead < 0x80)
    return lead;
  const auto shape = shape_of(lead, policy == surrogates::allowed);
  if (shape.trailing == 0)
    return replacement;
  auto point = shape.bits;
  for (int i = 0; i < shape.trailing; ++i) {
    const auto byte = at < text.size() ? static_cast<std::uint8_t>(text[at]) : std::uint8_t{0};
    const auto low = i == 0 ? shape.second_min : std::uint8_t{0x80};
    const auto high = i == 0 ? shape.second_max : std::uint8_t{0xBF};
    if (byte < low || byte > high)
      return replacement;
    point = (point << 6) | (byte & 0x3Fu);
    ++at;
  }
  return point;
}

} // namespace

bool is_plain_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

std::string utf8_from_cesu(std::string_view text) {
  if (is_plain_ascii(text))
    return std::string{text};
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    auto point = next_point(text, at, surrogates::allowed);
    if (is_lead(point) && at < text.size()) {
      auto after = at;
      const auto trail = next_point(text, after, surrogates::allowed);
      if (is_trail(trail)) {
        point = 0x10000 + ((point - 0xD800) << 10) + (trail - 0xDC00);
        at = after;
      }
    }
    append_utf8(out, is_lead(point) || is_trail(point) ? replacement : point);
  }
  return out;
}

std::string cesu_from_utf8(std::string_view text) {
  if (is_plain_ascii(text))
    return std::string{text};
  std::string out;
  out.reserve(text.size() + text.size() / 4);
  for (std::size_t at = 0; at < text.size();)
    append_cesu(out, next_point(text, at, surrogates::refused));
  return out;
}

std::size_t utf16_from_cesu(std::string_view text, char16_t* out) {
  const auto* begin = out;
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<std::uint8_t>(text[at]);
    if (byte < 0x80) {
      *out++ = byte;
      ++at;
      continue;
    }
    // Script strings hold surrogates one by one; a sequence of four bytes would count as one unit.
    const auto point = next_point(text, at, surrogates::allowed);
    *out++ = point < 0x10000 ? static_cast<char16_t>(point) : static_cast<char16_t>(replacement);
  }
  return static_cast<std::size_t>(out - begin);
}

std::u16string utf16_from_cesu(std::string_view text) {
  std::u16string out(text.size(), u'\0');
  out.resize(utf16_from_cesu(text, out.data()));
  return out;
}

std::size_t cesu_from_utf16(std::u16string_view text, char* out) {
  raw_sink sink{out};
  for (const auto unit : text)
    append_utf8(sink, unit);
  return static_cast<std::size_t>(sink.at - out);
}

std::string cesu_from_utf16(std::u16string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const auto unit : text)
    append_utf8(out, unit);
  return out;
}

void push_text(duk_context* ctx, std::string_view utf8) {
  if (is_plain_ascii(utf8)) {
    duk_push_lstring(ctx, utf8.data(), utf8.size());
    return;
  }
  // A Duktape buffer holds the converted bytes while the string is made, so a throw leaks nothing.
  // A broken byte becomes three, four bytes become six: three times the length is always enough.
  raw_sink sink{static_cast<char*>(duk_push_fixed_buffer(ctx, utf8.size() * 3))};
  const auto* begin = sink.at;
  for (std::size_t at = 0; at < utf8.size();)
    append_cesu(sink, next_point(utf8, at, surrogates::refused));
  duk_push_lstring(ctx, begin, static_cast<duk_size_t>(sink.at - begin));
  duk_remove(ctx, -2);
}

} // namespace offstage

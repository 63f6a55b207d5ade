// SPDX-License-Identifier: MIT
// Text in other encodings than the heap's: UTF-8 piece by piece, the legacy encodings through ICU,
// and the form encoding of URLs.
#include <algorithm>
#include <memory>

#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

#include <unicode/ucnv.h>

namespace offstage {

namespace {

std::string_view view_at(duk_context* ctx, duk_idx_t index) {
  const auto bytes = bytes_at(ctx, index);
  if (!bytes)
    return {};
  return {reinterpret_cast<const char*>(bytes->data()), bytes->size()};
}

/// How long a character that starts with this byte is; 0 if none does.
size_t length_of(unsigned char lead) {
  return lead < 0x80                   ? 1u
         : lead >= 0xC2 && lead < 0xE0 ? 2u
         : lead >= 0xE0 && lead < 0xF0 ? 3u
         : lead >= 0xF0 && lead < 0xF5 ? 4u
                                       : 0u;
}

bool is_trail(unsigned char lead, unsigned char byte, size_t at) {
  if (at > 1)
    return (byte & 0xC0) == 0x80;
  const unsigned low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  return byte >= low && byte <= high;
}

/// The longest valid part of a character at `at`, and whether it is all of it.
struct character {
  size_t size = 0;
  bool complete = false;
};

character character_at(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const auto length = length_of(lead);
  if (length == 0)
    return {1, false};
  size_t size = 1;
  while (size < length && at + size < text.size()
         && is_trail(lead, static_cast<unsigned char>(text[at + size]), size))
    ++size;
  return {size, size == length};
}

/// Where a character begins that the bytes end in the middle of; the size if there is none.
size_t incomplete_tail(std::string_view text) {
  for (size_t back = 1; back <= 3 && back <= text.size(); ++back) {
    const auto at = text.size() - back;
    const auto lead = static_cast<unsigned char>(text[at]);
    if ((lead & 0xC0) == 0x80)
      continue;
    const auto found = character_at(text, at);
    return length_of(lead) > back && found.size == back ? at : text.size();
  }
  return text.size();
}

bool is_valid(std::string_view text) {
  for (size_t at = 0; at < text.size();) {
    const auto found = character_at(text, at);
    if (!found.complete)
      return false;
    at += found.size;
  }
  return true;
}

js_result<int> push_decoded(duk_context* ctx, std::string_view utf8, size_t rest) {
  auto pushed = protect(ctx, 1, [&](duk_context* inner) {
    duk_push_object(inner);
    push_text(inner, utf8);
    duk_put_prop_literal(inner, -2, "text");
    duk_push_number(inner, static_cast<double>(rest));
    duk_put_prop_literal(inner, -2, "rest");
  });
  if (!pushed)
    return pushed.error();
  return 1;
}

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

/// decodeUtf8Part(bytes, fatal, keep mark, flush): {text, rest: undecoded bytes at the end}, or
/// undefined if fatal and not valid.
js_result<int> decode_part(duk_context* ctx) {
  const auto bytes = view_at(ctx, 0);
  const auto flush = duk_get_boolean(ctx, 3) != 0;
  const auto end = flush ? bytes.size() : incomplete_tail(bytes);
  const auto text = bytes.substr(0, end);
  if (duk_get_boolean(ctx, 1) && !is_plain_ascii(text) && !is_valid(text))
    return 0;
  return push_decoded(ctx, duk_get_boolean(ctx, 2) ? text : without_mark(text), bytes.size() - end);
}

using converter_ptr = std::unique_ptr<UConverter, decltype(&ucnv_close)>;

converter_ptr open_converter(const std::string& name) {
  auto status = U_ZERO_ERROR;
  return {ucnv_open(name.c_str(), &status), &ucnv_close};
}

/// Names that the Encoding Standard gives another meaning than ICU does.
std::string_view alias_of(std::string_view label) {
  constexpr std::pair<std::string_view, std::string_view> aliases[] = {
      {"utf8", "utf-8"},
      {"unicode-1-1-utf-8", "utf-8"},
      {"latin1", "windows-1252"},
      {"l1", "windows-1252"},
      {"ascii", "windows-1252"},
      {"us-ascii", "windows-1252"},
      {"iso-8859-1", "windows-1252"},
      {"iso8859-1", "windows-1252"},
      {"iso_8859-1", "windows-1252"},
      {"cp1252", "windows-1252"},
      {"x-cp1252", "windows-1252"},
      {"utf-16", "utf-16le"},
      {"unicode", "utf-16le"},
      {"ucs-2", "utf-16le"},
      {"gb2312", "gbk"},
      {"gb_2312-80", "gbk"},
      {"chinese", "gbk"},
      {"sjis", "shift_jis"},
      {"ms_kanji", "shift_jis"},
      {"x-sjis", "shift_jis"},
      {"windows-31j", "shift_jis"},
      {"korean", "euc-kr"},
      {"ks_c_5601-1987", "euc-kr"},
      {"big5-hkscs", "big5"},
      {"x-mac-roman", "macintosh"},
      {"mac", "macintosh"},
      {"iso-8859-9", "windows-1254"},
      {"latin5", "windows-1254"},
      {"tis-620", "windows-874"},
      {"iso-8859-11", "windows-874"},
  };
  for (const auto& [from, to] : aliases)
    if (from == label)
      return to;
  return label;
}

constexpr std::string_view encodings[] = {
    "utf-8",        "ibm866",       "iso-8859-2",   "iso-8859-3",   "iso-8859-4",   "iso-8859-5",
    "iso-8859-6",   "iso-8859-7",   "iso-8859-8",   "iso-8859-10",  "iso-8859-13",  "iso-8859-14",
    "iso-8859-15",  "koi8-r",       "koi8-u",       "macintosh",    "windows-874",  "windows-1250",
    "windows-1251", "windows-1252", "windows-1253", "windows-1254", "windows-1255", "windows-1256",
    "windows-1257", "windows-1258", "gbk",          "gb18030",      "big5",         "euc-jp",
    "iso-2022-jp",  "shift_jis",    "euc-kr",       "utf-16be",     "utf-16le",
};

/// encodingName(label): the encoding's name, undefined if there is none. As the
/// Encoding specification gets an encoding from a label.
js_result<int> encoding_name(duk_context* ctx) {
  auto label = to_utf8(ctx, 0);
  if (!label)
    return label.error();
  constexpr std::string_view blanks{"\t\n\f\r "};
  const auto first = std::min(label->find_first_not_of(blanks), label->size());
  std::string name = label->substr(first, label->find_last_not_of(blanks) - first + 1);
  std::ranges::transform(name, name.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  const auto known = alias_of(name);
  if (std::ranges::find(encodings, known) == std::end(encodings))
    return 0;
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, known); }); !pushed)
    return pushed.error();
  return 1;
}

/// decodeLegacy(bytes, name, fatal, keep mark)
js_result<int> decode_legacy(duk_context* ctx) {
  const auto bytes = view_at(ctx, 0);
  const auto name = string_at(ctx, 1).value_or("");
  const auto converter = open_converter(name);
  if (!converter)
    return 0;
  auto status = U_ZERO_ERROR;
  if (duk_get_boolean(ctx, 2))
    ucnv_setToUCallBack(converter.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
  std::u16string text(bytes.size() * 2 + 1, u'\0');
  const auto size = ucnv_toUChars(converter.get(), text.data(), static_cast<int32_t>(text.size()),
                                  bytes.data(), static_cast<int32_t>(bytes.size()), &status);
  if (U_FAILURE(status))
    return 0;
  text.resize(static_cast<size_t>(size));
  if (!duk_get_boolean(ctx, 3) && name.starts_with("utf-16") && text.starts_with(u'\xFEFF'))
    text.erase(0, 1);
  return push_decoded(ctx, utf8_from_cesu(cesu_from_utf16(text)), 0);
}

int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// formDecode(text). (URL: string-percent-decode) with plus signs as spaces.
js_result<int> form_decode(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  std::string out;
  for (size_t i = 0; i < text->size(); ++i) {
    const auto c = (*text)[i];
    const auto high = c == '%' && i + 2 < text->size() ? hex_value((*text)[i + 1]) : -1;
    const auto low = high >= 0 ? hex_value((*text)[i + 2]) : -1;
    if (low >= 0) {
      out += static_cast<char>(high * 16 + low);
      i += 2;
    } else {
      out += c == '+' ? ' ' : c;
    }
  }
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, out); }); !pushed)
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

/// latin1(bytes): one character for each byte.
js_result<int> latin1(duk_context* ctx) {
  const auto bytes = view_at(ctx, 0);
  auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_byte_string(inner, bytes); });
  if (!pushed)
    return pushed.error();
  return 1;
}

constexpr native_entry functions[] = {
    {"decodeUtf8Part", native<decode_part>, 4, 4}, {"encodingName", native<encoding_name>, 1, 1},
    {"decodeLegacy", native<decode_legacy>, 4, 4}, {"formDecode", native<form_decode>, 1, 1},
    {"formEncode", native<form_encode>, 1, 1},     {"latin1", native<latin1>, 1, 1},
};

} // namespace

void install_encoding_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once
// The encodings of the Encoding Standard by their labels. Values only; nothing to own.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace offstage {

enum class text_encoding : std::uint8_t {
  utf_8,
  ibm866,
  iso_8859_2,
  iso_8859_3,
  iso_8859_4,
  iso_8859_5,
  iso_8859_6,
  iso_8859_7,
  iso_8859_8,
  iso_8859_8_i,
  iso_8859_10,
  iso_8859_13,
  iso_8859_14,
  iso_8859_15,
  iso_8859_16,
  koi8_r,
  koi8_u,
  macintosh,
  windows_874,
  windows_1250,
  windows_1251,
  windows_1252,
  windows_1253,
  windows_1254,
  windows_1255,
  windows_1256,
  windows_1257,
  windows_1258,
  x_mac_cyrillic,
  gbk,
  gb18030,
  big5,
  euc_jp,
  iso_2022_jp,
  shift_jis,
  euc_kr,
  replacement,
  utf_16be,
  utf_16le,
  x_user_defined,
};

// The longest label has 19 bytes.
inline constexpr std::size_t label_bytes_max = 32;

// Spec: Encoding#concept-encoding-get
std::optional<text_encoding> encoding_of_label(std::string_view label);
// In lower case, as TextDecoder's `encoding` shows it.
std::string_view name_of(text_encoding encoding);

} // namespace offstage

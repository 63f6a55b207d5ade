// SPDX-License-Identifier: MIT
#include "runtime/extras/text_index.hpp"

#include <algorithm>
#include <cstddef>

#include <unicode/ucnv.h>

namespace offstage {

namespace {

struct index_row {
  std::uint32_t pointer;
  char16_t point;
};

// What the standard's Big5 has beyond ICU's Hong Kong set of 2008.
// Invariant: sorted by pointer; held by "every index agrees with the standard".
constexpr index_row big5_additions[] = {
    {1008, 0x9F97},  {1016, 0x9F96},  {1099, 0x31C0},  {1100, 0x31C1},  {1101, 0x31C2},
    {1102, 0x31C3},  {1103, 0x31C4},  {1105, 0x31C5},  {1108, 0x31C6},  {1109, 0x31C7},
    {1112, 0x31C8},  {1114, 0x31C9},  {1115, 0x31CA},  {1116, 0x31CB},  {1117, 0x31CC},
    {1119, 0x31CD},  {1120, 0x31CE},  {1170, 0x23DA},  {1171, 0x23DB},  {1730, 0x9FA6},
    {1772, 0x9FA7},  {1779, 0x9FA8},  {1812, 0x9FA9},  {1814, 0x9FAA},  {1816, 0x9FAB},
    {1821, 0x9FAC},  {1844, 0x9FAD},  {1845, 0x9FAE},  {1847, 0x9FAF},  {1866, 0x9FB2},
    {1892, 0x9FB3},  {2082, 0x7BB8},  {2088, 0x7C06},  {2103, 0x7CCE},  {2114, 0x7DD2},
    {2123, 0x7E1D},  {2148, 0x8005},  {2151, 0x8028},  {2221, 0x83C1},  {2239, 0x84A8},
    {2244, 0x840F},  {2303, 0x89A6},  {2304, 0x89A9},  {2354, 0x8D77},  {2400, 0x90FD},
    {2413, 0x92B9},  {2477, 0x975C},  {2498, 0x97FF},  {2605, 0x9F16},  {2673, 0x8503},
    {2746, 0x5159},  {2747, 0x515B},  {2748, 0x515D},  {2749, 0x515E},  {2771, 0x936E},
    {2780, 0x7479},  {2990, 0x6D67},  {3087, 0x799B},  {3259, 0x9097},  {3301, 0x975D},
    {3436, 0x701E},  {3451, 0x5B28},  {4136, 0x7201},  {4138, 0x77D7},  {4141, 0x7E87},
    {4182, 0x99D6},  {4206, 0x91D4},  {4220, 0x60DE},  {4230, 0x6FB6},  {4241, 0x8F36},
    {4258, 0x4FBB},  {4273, 0x71DF},  {4279, 0x9104},  {4282, 0x9DF0},  {4294, 0x83CF},
    {4329, 0x5C10},  {4330, 0x79E3},  {4349, 0x5A67},  {4419, 0x8F0B},  {4422, 0x7B51},
    {4494, 0x62D0},  {4624, 0x6062},  {4694, 0x75F9},  {4708, 0x6C4A},  {4742, 0x9B2E},
    {4748, 0x9F17},  {4815, 0x50ED},  {4828, 0x5F0C},  {4902, 0x880F},  {4922, 0x62CE},
    {4982, 0x7468},  {4992, 0x7162},  {4997, 0x7250},  {5464, 0x2421},  {10942, 0x5EF4},
    {10946, 0x65E0}, {10948, 0x7676}, {10950, 0x96B6}, {10957, 0x3003}, {10958, 0x4EDD},
    {11204, 0x31CF}, {11210, 0x9FB0}, {11212, 0x9FB1}, {19028, 0x5029}, {19035, 0x507D},
    {19088, 0x5305}, {19096, 0x5344}, {19112, 0x537F}, {19162, 0x5605}, {19240, 0x5A77},
    {19299, 0x5E75}, {19305, 0x5ED0}, {19326, 0x5F58}, {19355, 0x60A4}, {19398, 0x6490},
    {19439, 0x6674}, {19454, 0x675E}, {19553, 0x6C9C}, {19554, 0x6E1D}, {19557, 0x6E2F},
    {19611, 0x716E}, {19643, 0x732A}, {19672, 0x745C}, {19697, 0x74E9}, {19748, 0x7809}};

// The control pictures U+2400 to U+241F of Big5.
constexpr std::uint32_t big5_pictures_begin = 5432;
constexpr std::uint32_t big5_pictures_end = 5464;

// GB18030-2022 gave these their own code points; ICU has them in the private use area.
constexpr index_row gb18030_additions[] = {
    {7182, 0xFE10},  {7183, 0xFE12},  {7184, 0xFE11},  {7185, 0xFE13},  {7186, 0xFE14},
    {7187, 0xFE15},  {7188, 0xFE16},  {7201, 0xFE17},  {7202, 0xFE18},  {7208, 0xFE19},
    {23775, 0x9FB4}, {23783, 0x9FB5}, {23788, 0x9FB6}, {23789, 0x9FB7}, {23795, 0x9FB8},
    {23812, 0x9FB9}, {23829, 0x9FBA}, {23845, 0x9FBB}};

// ISO-8859-16 is the one set that ICU lacks: the upper 96 code points.
constexpr char16_t iso_8859_16[] = {
    0xA0,  0x104, 0x105, 0x141, 0x20AC, 0x201E, 0x160, 0xA7,  0x161, 0xA9,   0x218, 0xAB,
    0x179, 0xAD,  0x17A, 0x17B, 0xB0,   0xB1,   0x10C, 0x142, 0x17D, 0x201D, 0xB6,  0xB7,
    0x17E, 0x10D, 0x219, 0xBB,  0x152,  0x153,  0x178, 0x17C, 0xC0,  0xC1,   0xC2,  0x102,
    0xC4,  0x106, 0xC6,  0xC7,  0xC8,   0xC9,   0xCA,  0xCB,  0xCC,  0xCD,   0xCE,  0xCF,
    0x110, 0x143, 0xD2,  0xD3,  0xD4,   0x150,  0xD6,  0x15A, 0x170, 0xD9,   0xDA,  0xDB,
    0xDC,  0x118, 0x21A, 0xDF,  0xE0,   0xE1,   0xE2,  0x103, 0xE4,  0x107,  0xE6,  0xE7,
    0xE8,  0xE9,  0xEA,  0xEB,  0xEC,   0xED,   0xEE,  0xEF,  0x111, 0x144,  0xF2,  0xF3,
    0xF4,  0x151, 0xF6,  0x15B, 0x171,  0xF9,   0xFA,  0xFB,  0xFC,  0x119,  0x21B, 0xFF};

template <std::size_t Count>
char32_t find_row(const index_row (&rows)[Count], std::uint32_t pointer) {
  const auto* at = std::lower_bound(
      std::begin(rows), std::end(rows), pointer,
      [](const index_row& row, std::uint32_t wanted) { return row.pointer < wanted; });
  return at != std::end(rows) && at->pointer == pointer ? at->point : 0;
}

bool is_private(char32_t point) {
  return point >= 0xE000 && point <= 0xF8FF;
}

const char* converter_of(text_index::name which) {
  switch (which) {
  case text_index::name::jis0208:
    return "ibm-943_P15A-2003";
  case text_index::name::jis0212:
    return "euc-jp-2007";
  case text_index::name::big5:
    return "ibm-1375_P100-2008";
  case text_index::name::euc_kr:
    return "windows-949-2000";
  case text_index::name::gb18030:
    return "gb18030";
  }
  return "";
}

// Writes lead and trail; the gap in the trail bytes begins at `gap` and has `skipped` values.
struct pair_shape {
  std::uint32_t columns;
  std::uint32_t gap;
  std::uint32_t skipped;
};

std::string_view pair_at(std::uint32_t pointer, pair_shape shape, char (&bytes)[4]) {
  const auto column = pointer % shape.columns;
  bytes[0] = static_cast<char>(0x81 + pointer / shape.columns);
  bytes[1] = static_cast<char>(0x40 + column + (column >= shape.gap ? shape.skipped : 0));
  return {bytes, 2};
}

std::string_view shift_jis_at(std::uint32_t pointer, char (&bytes)[4]) {
  constexpr std::uint32_t leads_before_katakana = 31;
  const auto pair = pair_at(pointer, {188, 63, 1}, bytes);
  if (pointer / 188 >= leads_before_katakana)
    bytes[0] = static_cast<char>(pointer / 188 + 0xC1);
  return pair;
}

std::string_view jis0212_at(std::uint32_t pointer, char (&bytes)[4]) {
  bytes[0] = static_cast<char>(0x8F);
  bytes[1] = static_cast<char>(0xA1 + pointer / 94);
  bytes[2] = static_cast<char>(0xA1 + pointer % 94);
  return {bytes, 3};
}

} // namespace

void icu_converter::closer::operator()(UConverter* converter) const {
  ucnv_close(converter);
}

icu_converter::icu_converter(const char* name) {
  UErrorCode status = U_ZERO_ERROR;
  converter_.reset(ucnv_open(name, &status));
  if (converter_)
    ucnv_setToUCallBack(converter_.get(), UCNV_TO_U_CALLBACK_STOP, nullptr, nullptr, nullptr,
                        &status);
}

char32_t icu_converter::convert(std::string_view bytes) {
  if (!converter_)
    return 0;
  ucnv_resetToUnicode(converter_.get());
  UErrorCode status = U_ZERO_ERROR;
  const auto* at = bytes.data();
  const auto* end = at + bytes.size();
  const auto point = ucnv_getNextUChar(converter_.get(), &at, end, &status);
  return U_FAILURE(status) || at != end || point == 0xFFFD ? 0 : static_cast<char32_t>(point);
}

text_index::text_index(name which) : which_(which), converter_(converter_of(which)) {}

char32_t text_index::at(std::uint32_t pointer) {
  char bytes[4];
  switch (which_) {
  case name::jis0208: {
    const auto point = pointer < 11'280 ? converter_.convert(shift_jis_at(pointer, bytes)) : 0;
    return is_private(point) ? 0 : point;
  }
  case name::jis0212: {
    // ICU puts IBM's rows 83 and 84 there, which the standard leaves out.
    const bool is_ibm = pointer >= 7708 && pointer <= 7730 && pointer != 7728 && pointer != 7729;
    return is_ibm ? 0 : converter_.convert(jis0212_at(pointer, bytes));
  }
  case name::big5: {
    if (const auto added = find_row(big5_additions, pointer); added != 0)
      return added;
    if (pointer >= big5_pictures_begin && pointer < big5_pictures_end)
      return 0x2400 + pointer - big5_pictures_begin;
    const auto point = converter_.convert(pair_at(pointer, {157, 63, 34}, bytes));
    return is_private(point) ? 0 : point;
  }
  case name::euc_kr: {
    bytes[0] = static_cast<char>(0x81 + pointer / 190);
    bytes[1] = static_cast<char>(0x41 + pointer % 190);
    const auto point = converter_.convert({bytes, 2});
    return is_private(point) ? 0 : point;
  }
  case name::gb18030: {
    constexpr std::uint32_t wide_space = 6555;
    if (pointer == wide_space)
      return 0x3000;
    if (const auto added = find_row(gb18030_additions, pointer); added != 0)
      return added;
    return converter_.convert(pair_at(pointer, {190, 63, 1}, bytes));
  }
  }
  return 0;
}

char32_t text_index::in_gb18030_ranges(std::uint32_t pointer) {
  if ((pointer > 39'419 && pointer < 189'000) || pointer > 1'237'575)
    return 0;
  char bytes[4];
  bytes[3] = static_cast<char>(0x30 + pointer % 10);
  bytes[2] = static_cast<char>(0x81 + pointer / 10 % 126);
  bytes[1] = static_cast<char>(0x30 + pointer / 1260 % 10);
  bytes[0] = static_cast<char>(0x81 + pointer / 12'600);
  return converter_.convert({bytes, 4});
}

namespace {

// ICU's own sets differ from the standard at a few places.
char16_t corrected(text_encoding encoding, int byte, char16_t point) {
  switch (encoding) {
  case text_encoding::koi8_u:
    return byte == 0xAE ? u'\u045E' : byte == 0xBE ? u'\u040E' : point;
  case text_encoding::windows_1253:
    return byte == 0xAA ? u'\0' : point;
  case text_encoding::windows_1255:
    return byte == 0xCA ? u'\u05BA' : point;
  case text_encoding::windows_874:
    return is_private(point) ? u'\0' : point;
  default:
    return point;
  }
}

char16_t iso_8859_16_at(int byte) {
  return byte < 0xA0 ? static_cast<char16_t>(byte) : iso_8859_16[byte - 0xA0];
}

std::string_view single_byte_converter(text_encoding encoding) {
  if (encoding == text_encoding::ibm866)
    return "ibm-866_P100-1995";
  if (encoding == text_encoding::iso_8859_8_i)
    return "iso-8859-8";
  return name_of(encoding);
}

} // namespace

single_byte_table make_single_byte_table(text_encoding encoding) {
  single_byte_table table{};
  icu_converter converter{single_byte_converter(encoding).data()};
  for (int byte = 0x80; byte <= 0xFF; ++byte) {
    const auto text = static_cast<char>(byte);
    const auto point = encoding == text_encoding::iso_8859_16
                           ? iso_8859_16_at(byte)
                           : static_cast<char16_t>(converter.convert({&text, 1}));
    table[static_cast<std::size_t>(byte - 0x80)] = corrected(encoding, byte, point);
  }
  return table;
}

} // namespace offstage

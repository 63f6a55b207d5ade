// SPDX-License-Identifier: MIT
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>

#include <doctest/doctest.h>

#include "runtime/extras/text_decoder.hpp"
#include "runtime/extras/text_index.hpp"

namespace offstage::test {

namespace {

struct labels_of {
  std::string_view name;
  const char* labels;
};

constexpr labels_of all_labels[] = {
    {"utf-8", "unicode-1-1-utf-8 unicode11utf8 unicode20utf8 utf-8 utf8 "
              "x-unicode20utf8"},
    {"ibm866", "866 cp866 csibm866 ibm866"},
    {"iso-8859-2", "csisolatin2 iso-8859-2 iso-ir-101 iso8859-2 iso88592 iso_8859-2 "
                   "iso_8859-2:1987 l2 latin2"},
    {"iso-8859-3", "csisolatin3 iso-8859-3 iso-ir-109 iso8859-3 iso88593 iso_8859-3 "
                   "iso_8859-3:1988 l3 latin3"},
    {"iso-8859-4", "csisolatin4 iso-8859-4 iso-ir-110 iso8859-4 iso88594 iso_8859-4 "
                   "iso_8859-4:1988 l4 latin4"},
    {"iso-8859-5", "csisolatincyrillic cyrillic iso-8859-5 iso-ir-144 iso8859-5 iso88595 "
                   "iso_8859-5 iso_8859-5:1988"},
    {"iso-8859-6", "arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 "
                   "iso-8859-6 iso-8859-6-e iso-8859-6-i iso-ir-127 iso8859-6 iso88596 "
                   "iso_8859-6 iso_8859-6:1987"},
    {"iso-8859-7", "csisolatingreek ecma-118 elot_928 greek greek8 iso-8859-7 iso-ir-126 "
                   "iso8859-7 iso88597 iso_8859-7 iso_8859-7:1987 sun_eu_greek"},
    {"iso-8859-8", "csiso88598e csisolatinhebrew hebrew iso-8859-8 iso-8859-8-e iso-ir-138 "
                   "iso8859-8 iso88598 iso_8859-8 iso_8859-8:1988 visual"},
    {"iso-8859-8-i", "csiso88598i iso-8859-8-i logical"},
    {"iso-8859-10", "csisolatin6 iso-8859-10 iso-ir-157 iso8859-10 iso885910 l6 latin6"},
    {"iso-8859-13", "iso-8859-13 iso8859-13 iso885913"},
    {"iso-8859-14", "iso-8859-14 iso8859-14 iso885914"},
    {"iso-8859-15", "csisolatin9 iso-8859-15 iso8859-15 iso885915 iso_8859-15 l9"},
    {"iso-8859-16", "iso-8859-16"},
    {"koi8-r", "cskoi8r koi koi8 koi8-r koi8_r"},
    {"koi8-u", "koi8-ru koi8-u"},
    {"macintosh", "csmacintosh mac macintosh x-mac-roman"},
    {"windows-874", "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874"},
    {"windows-1250", "cp1250 windows-1250 x-cp1250"},
    {"windows-1251", "cp1251 windows-1251 x-cp1251"},
    {"windows-1252", "ansi_x3.4-1968 ascii cp1252 cp819 csisolatin1 ibm819 iso-8859-1 "
                     "iso-ir-100 iso8859-1 iso88591 iso_8859-1 iso_8859-1:1987 l1 latin1 "
                     "us-ascii windows-1252 x-cp1252"},
    {"windows-1253", "cp1253 windows-1253 x-cp1253"},
    {"windows-1254", "cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso8859-9 iso88599 iso_8859-9 "
                     "iso_8859-9:1989 l5 latin5 windows-1254 x-cp1254"},
    {"windows-1255", "cp1255 windows-1255 x-cp1255"},
    {"windows-1256", "cp1256 windows-1256 x-cp1256"},
    {"windows-1257", "cp1257 windows-1257 x-cp1257"},
    {"windows-1258", "cp1258 windows-1258 x-cp1258"},
    {"x-mac-cyrillic", "x-mac-cyrillic x-mac-ukrainian"},
    {"gbk", "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 gbk "
            "iso-ir-58 x-gbk"},
    {"gb18030", "gb18030"},
    {"big5", "big5 big5-hkscs cn-big5 csbig5 x-x-big5"},
    {"euc-jp", "cseucpkdfmtjapanese euc-jp x-euc-jp"},
    {"iso-2022-jp", "csiso2022jp iso-2022-jp"},
    {"shift_jis", "csshiftjis ms932 ms_kanji shift-jis shift_jis sjis windows-31j x-sjis"},
    {"euc-kr", "cseuckr csksc56011987 euc-kr iso-ir-149 korean ks_c_5601-1987 "
               "ks_c_5601-1989 ksc5601 ksc_5601 windows-949"},
    {"replacement", "csiso2022kr hz-gb-2312 iso-2022-cn iso-2022-cn-ext iso-2022-kr "
                    "replacement"},
    {"utf-16be", "unicodefffe utf-16be"},
    {"utf-16le", "csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff utf-16 utf-16le"},
    {"x-user-defined", "x-user-defined"},
};

struct single_byte_digest {
  const char* name;
  std::uint64_t digest;
};

// FNV-1a over the code points, four bytes each, of the standard's index files; 0 for a gap.
constexpr single_byte_digest single_bytes[] = {
    {"ibm866", 0x96319DCF1D929585},         {"iso-8859-2", 0x15DD93976FE998CA},
    {"iso-8859-3", 0x70AF575411232B5B},     {"iso-8859-4", 0xF0B5D36AAB27B23C},
    {"iso-8859-5", 0xAC92A43EB69C8F9A},     {"iso-8859-6", 0x4C63DBAA37209F88},
    {"iso-8859-7", 0xFC9E6C45312DBCA0},     {"iso-8859-8", 0xD8F178D62489403D},
    {"iso-8859-10", 0x233BDB423408493B},    {"iso-8859-13", 0x3A4F3B5B04C42A4A},
    {"iso-8859-14", 0x75B35CF60953A41F},    {"iso-8859-15", 0xEC2DF6E172F1BED8},
    {"iso-8859-16", 0x5FAEACFF2300A1EC},    {"koi8-r", 0x79B9C995AC090B16},
    {"koi8-u", 0x3AC9F3805AE4EFB6},         {"macintosh", 0x7EBECF5C3A3C57AD},
    {"windows-874", 0xE4DD3C5BCFA817D5},    {"windows-1250", 0x0DAF793815160EE8},
    {"windows-1251", 0x729B349AC32A31B7},   {"windows-1252", 0x3C481CA49EEFFB78},
    {"windows-1253", 0x8BA9E7CEF4DB781D},   {"windows-1254", 0x8CF2CBAACFA5B91E},
    {"windows-1255", 0x68A3F6F4FD14BAAB},   {"windows-1256", 0xEA1CE6FBD2270C30},
    {"windows-1257", 0xC987E830DA111689},   {"windows-1258", 0x868C3EFE3FDD4D6A},
    {"x-mac-cyrillic", 0xE4A36C3EC0BAB6CB},
};

struct index_digest {
  text_index::name which;
  std::uint32_t count;
  std::uint64_t digest;
};

constexpr index_digest indexes[] = {
    {text_index::name::jis0208, 11'280, 0xDE920A8ABA38E688},
    {text_index::name::jis0212, 8836, 0x5B56479163FD7636},
    {text_index::name::big5, 19'782, 0x770B6FA0631178DF},
    {text_index::name::euc_kr, 23'940, 0xB4FC3F13C6ABF5FA},
    {text_index::name::gb18030, 23'940, 0x1D93F96466693822},
};

class fnv_digest {
public:
  void add(char32_t point) {
    for (int shift = 0; shift < 32; shift += 8)
      value_ = (value_ ^ ((point >> shift) & 0xFF)) * 0x100000001B3;
  }
  std::uint64_t value() const { return value_; }

private:
  std::uint64_t value_ = 0xCBF29CE484222325;
};

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

// Decodes in one piece and again byte by byte; both must agree.
std::u16string decode(std::string_view label, std::string_view input,
                      byte_order_mark mark = byte_order_mark::skip) {
  const auto encoding = encoding_of_label(label);
  REQUIRE(encoding);
  std::u16string whole;
  text_decoder decoder{*encoding, decode_errors::replace, mark};
  REQUIRE(decoder.decode(bytes_of(input), input_end::reached, whole));
  std::u16string pieces;
  for (const auto& byte : input)
    REQUIRE(decoder.decode(bytes_of({&byte, 1}), input_end::more_follows, pieces));
  REQUIRE(decoder.decode({}, input_end::reached, pieces));
  CHECK(pieces == whole);
  return whole;
}

bool is_fatal(std::string_view label, std::string_view input) {
  std::u16string out;
  text_decoder decoder{*encoding_of_label(label), decode_errors::fatal, byte_order_mark::skip};
  return !decoder.decode(bytes_of(input), input_end::reached, out);
}

} // namespace

TEST_CASE("every label of the standard names its encoding") {
  for (const auto& row : all_labels) {
    std::istringstream words{row.labels};
    for (std::string label; words >> label;) {
      CAPTURE(label);
      const auto encoding = encoding_of_label(label);
      REQUIRE(encoding);
      CHECK(name_of(*encoding) == row.name);
    }
  }
}

TEST_CASE("labels are trimmed and case-insensitive, anything else is no label") {
  CHECK(name_of(*encoding_of_label("\t\n UTF-16 \f\r")) == "utf-16le");
  CHECK(name_of(*encoding_of_label("Latin1")) == "windows-1252");
  for (const auto* label : {"", " ", "utf-7", "utf-32", "\vutf-8",
                            "utf\xE2\x80\x93"
                            "8"})
    CHECK_FALSE(encoding_of_label(label));
  CHECK_FALSE(encoding_of_label(std::string(100'000, 'u')));
}

TEST_CASE("every single-byte set agrees with the standard") {
  for (const auto& row : single_bytes) {
    CAPTURE(row.name);
    fnv_digest digest;
    for (const auto point : make_single_byte_table(*encoding_of_label(row.name)))
      digest.add(point);
    CHECK(digest.value() == row.digest);
  }
  CHECK(make_single_byte_table(text_encoding::iso_8859_8_i)
        == make_single_byte_table(text_encoding::iso_8859_8));
}

TEST_CASE("every index agrees with the standard") {
  for (const auto& row : indexes) {
    CAPTURE(static_cast<int>(row.which));
    text_index index{row.which};
    fnv_digest digest;
    for (std::uint32_t pointer = 0; pointer < row.count; ++pointer)
      digest.add(index.at(pointer));
    CHECK(digest.value() == row.digest);
  }
}

TEST_CASE("the ranges of gb18030 end where the standard says") {
  text_index index{text_index::name::gb18030};
  CHECK(index.in_gb18030_ranges(0) == 0x80);
  CHECK(index.in_gb18030_ranges(7457) == 0xE7C7);
  CHECK(index.in_gb18030_ranges(39'394) == 0xFFE6);
  CHECK(index.in_gb18030_ranges(39'419) == 0xFFFF);
  CHECK(index.in_gb18030_ranges(39'420) == 0);
  CHECK(index.in_gb18030_ranges(188'999) == 0);
  CHECK(index.in_gb18030_ranges(189'000) == 0x10000);
  CHECK(index.in_gb18030_ranges(1'237'575) == 0x10FFFF);
  CHECK(index.in_gb18030_ranges(1'237'576) == 0);
}

TEST_CASE("malformed UTF-8 becomes one replacement for each maximal part") {
  CHECK(decode("utf-8", "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x92\xA9z") == u"a\u00E9\u20AC\U0001F4A9z");
  CHECK(decode("utf-8", "\xF0\x9F\x92") == u"\uFFFD");
  CHECK(decode("utf-8", "\xE2\x82"
                        "A\xED\xA0\x80\xC0\xAF\xF5")
        == u"\uFFFDA\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD\uFFFD");
  CHECK(is_fatal("utf-8", "\xFF"));
  CHECK(is_fatal("utf-8", "\xE2\x82"));
  CHECK_FALSE(is_fatal("utf-8", "\xE2\x82\xAC"));
}

TEST_CASE("a byte order mark is dropped once, unless it is asked for") {
  CHECK(decode("utf-8", "\xEF\xBB\xBF\xEF\xBB\xBFx") == u"\uFEFFx");
  CHECK(decode("utf-8", "\xEF\xBB\xBFx", byte_order_mark::keep) == u"\uFEFFx");
  CHECK(decode("utf-16le", std::string_view{"\xFF\xFEx\0", 4}) == u"x");
  CHECK(decode("utf-16be", std::string_view{"\xFE\xFF\0x", 4}) == u"x");
  CHECK(decode("gb18030", "\x84\x31\x95\x33x") == u"\uFEFFx");
}

TEST_CASE("UTF-16 joins surrogates and replaces lone ones") {
  CHECK(decode("utf-16be", std::string_view{"\xD8\x3D\xDC\xA9\0z", 6}) == u"\U0001F4A9z");
  CHECK(decode("utf-16le", std::string_view{"\x3D\xD8\xA9\xDCz\0", 6}) == u"\U0001F4A9z");
  CHECK(decode("utf-16be", std::string_view{"\xD8\x3D\0z", 4}) == u"\uFFFDz");
  CHECK(decode("utf-16be", std::string_view{"\xDC\xA9\0z", 4}) == u"\uFFFDz");
  CHECK(decode("utf-16be", std::string_view{"\0z\xD8", 3}) == u"z\uFFFD");
  CHECK(decode("utf-16be", std::string_view{"\xD8\x3D\0", 3}) == u"\uFFFD");
}

TEST_CASE("single-byte text, private bytes and refused sets") {
  CHECK(decode("latin1", "\x80\x81\xE9") == u"\u20AC\u0081\u00E9");
  CHECK(decode("windows-1253", "\xAA\xC1") == u"\uFFFD\u0391");
  CHECK(decode("x-user-defined", "a\x80\xFF") == u"a\uF780\uF7FF");
  CHECK(decode("iso-2022-kr", "abc") == u"\uFFFD");
  CHECK(is_fatal("windows-1253", "\xAA"));
}

TEST_CASE("a broken pair gives its ASCII byte back") {
  CHECK(decode("shift_jis", "\x82\xA0\xB1\x80\x81 \xF0\x40\xFD")
        == u"\u3042\uFF71\u0080\uFFFD \uE000\uFFFD");
  CHECK(decode("euc-kr", "\xB0\xA1\xC9\xA1\x81\x20\xFF") == u"\uAC00\uFFFD\uFFFD \uFFFD");
  CHECK(decode("big5", "\xA4\x40\x88\x62\x88\xA5\x81\x40\xFF")
        == u"\u4E00\u00CA\u0304\u00EA\u030C\uFFFD@\uFFFD");
  CHECK(decode("euc-jp", "\xA4\xA2\x8E\xB1\x8F\xB0\xA1\xA4\x41\x8F\xA1")
        == u"\u3042\uFF71\u4E02\uFFFDA\uFFFD");
  CHECK(decode("gbk", "\x80\xD6\xD0\x81\x20\xA3\xA0\xFF") == u"\u20AC\u4E2D\uFFFD \u3000\uFFFD");
}

TEST_CASE("four bytes of gb18030, and what a broken four gives back") {
  CHECK(decode("gb18030", "\x94\x39\xFC\x36\x81\x30\x81\x30") == u"\U0001F600\u0080");
  CHECK(decode("gb18030", "\x81\x30\x81 ") == u"\uFFFD0\uFFFD ");
  CHECK(decode("gb18030", "\x81\x30z") == u"\uFFFD0z");
  CHECK(decode("gb18030", "\xFE\x39\xFE\x39\x81\x30") == u"\uFFFD\uFFFD");
  CHECK(decode("gb18030", "\xA6\xD9\xFE\xA0") == u"\uFE10\u9FBB");
}

TEST_CASE("ISO-2022-JP switches sets and reports switches without text") {
  CHECK(decode("iso-2022-jp", "a\x1B$B$\"\x1B(Bz") == u"a\u3042z");
  CHECK(decode("iso-2022-jp", "\x1B(J\\~\x1B(I1\x1B(B\\") == u"\u00A5\u203E\uFF71\\");
  CHECK(decode("iso-2022-jp", "\x1B(B\x1B(Ba") == u"\uFFFDa");
  CHECK(decode("iso-2022-jp", "\x1B$B$") == u"\uFFFD");
  CHECK(decode("iso-2022-jp", "\x1B(") == u"\uFFFD(");
  CHECK(decode("iso-2022-jp", "\x1Bx\x0E\xFF") == u"\uFFFDx\uFFFD\uFFFD");
  CHECK(decode("iso-2022-jp", "\x1B$B$\x1B(Ba") == u"\uFFFDa");
}

TEST_CASE("a fatal decoder starts anew after an error") {
  text_decoder decoder{text_encoding::shift_jis, decode_errors::fatal, byte_order_mark::skip};
  std::u16string out;
  CHECK(decoder.decode(bytes_of("\x82"), input_end::more_follows, out));
  CHECK_FALSE(decoder.decode(bytes_of(" "), input_end::more_follows, out));
  out.clear();
  CHECK(decoder.decode(bytes_of("\xA0"), input_end::reached, out) == false);
  CHECK(decoder.decode(bytes_of("\x82\xA0"), input_end::reached, out));
  CHECK(out == u"\u3042");
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include <doctest/doctest.h>

#include "protocol/idb_key.hpp"
#include "protocol/limits_of_wire.hpp"

namespace offstage::test {

namespace {

std::string date_key(double time) {
  std::string key;
  idb_key_writer{key}.date(time);
  return key;
}

std::string text_key(std::string_view text) {
  std::string key;
  idb_key_writer{key}.text(text);
  return key;
}

std::string binary_key(std::string_view bytes) {
  std::string key;
  idb_key_writer{key}.binary(bytes);
  return key;
}

std::string array_key(const std::vector<std::string>& elements) {
  std::string key;
  idb_key_writer writer{key};
  writer.begin_array();
  for (const auto& element : elements)
    key += element;
  writer.end_array();
  return key;
}

std::string unit_text(uint32_t unit) {
  std::string text;
  if (unit < 0x80) {
    text += static_cast<char>(unit);
  } else if (unit < 0x800) {
    text += static_cast<char>(0xC0 | unit >> 6);
    text += static_cast<char>(0x80 | (unit & 0x3F));
  } else {
    text += static_cast<char>(0xE0 | unit >> 12);
    text += static_cast<char>(0x80 | (unit >> 6 & 0x3F));
    text += static_cast<char>(0x80 | (unit & 0x3F));
  }
  return text;
}

constexpr auto infinity = std::numeric_limits<double>::infinity();

} // namespace

TEST_CASE("IndexedDB keys are ordered by their bytes") {
  const std::vector<std::string> keys{
      idb_number_key(-infinity),
      idb_number_key(-1e300),
      idb_number_key(-1),
      idb_number_key(-5e-324),
      idb_number_key(0),
      idb_number_key(5e-324),
      idb_number_key(1),
      idb_number_key(1.5),
      idb_number_key(9007199254740992.0),
      idb_number_key(infinity),
      date_key(-1),
      date_key(0),
      date_key(8.64e15),
      text_key(""),
      text_key(std::string_view{"\0", 1}),
      text_key("a"),
      text_key("ab"),
      text_key("b"),
      text_key("\x7E"),
      text_key("\x7F"),
      text_key(unit_text(0x407E)),
      text_key(unit_text(0x407F)),
      text_key(unit_text(0xD7FF)),
      text_key("\xF0\x9F\x98\x80"),
      text_key(unit_text(0xDC00)),
      text_key(unit_text(0xE000)),
      text_key(unit_text(0xFFFF)),
      binary_key(""),
      binary_key(std::string_view{"\0", 1}),
      binary_key(std::string_view{"\0\0", 2}),
      binary_key(std::string_view{"\0\1", 2}),
      binary_key("\1"),
      binary_key("\xFF"),
      array_key({}),
      array_key({idb_number_key(1)}),
      array_key({idb_number_key(1), idb_number_key(2)}),
      array_key({idb_number_key(2)}),
      array_key({text_key("")}),
      array_key({text_key("a"), text_key("")}),
      array_key({text_key("ab")}),
      array_key({array_key({})}),
      array_key({array_key({array_key({})})}),
  };
  for (size_t i = 0; i + 1 < keys.size(); ++i) {
    CAPTURE(i);
    CHECK(keys[i] < keys[i + 1]);
    CHECK(is_idb_key(keys[i]));
  }
}

TEST_CASE("negative zero is the key zero") {
  CHECK(idb_number_key(-0.0) == idb_number_key(0));
}

TEST_CASE("numbers come back from their keys") {
  for (const auto value : {0.0, -1.5, 1e-310, 9007199254740992.0, infinity, -infinity})
    CHECK(number_of_idb_key(idb_number_key(value)) == value);
  CHECK_FALSE(number_of_idb_key(date_key(1)));
  CHECK_FALSE(number_of_idb_key(idb_number_key(1) + "x"));
}

TEST_CASE("every code unit comes back from its key") {
  for (uint32_t unit = 0; unit <= 0xFFFF; ++unit) {
    const auto text = unit_text(unit);
    const auto key = text_key(text);
    idb_key_reader reader{key};
    std::string read;
    REQUIRE(reader.take_text(read));
    REQUIRE(reader.at_end());
    REQUIRE(read == text);
  }
}

TEST_CASE("bytes come back from their key") {
  std::string bytes;
  for (int i = 0; i < 512; ++i)
    bytes += static_cast<char>(i / 2);
  const auto key = binary_key(bytes);
  idb_key_reader reader{key};
  std::string read;
  CHECK(reader.take_binary(read));
  CHECK(read == bytes);
}

TEST_CASE("a generated key is filled in wherever it stands") {
  std::string generated;
  idb_key_writer{generated}.generated();
  const auto key = array_key({text_key("a"), generated, array_key({generated})});
  CHECK_FALSE(is_idb_key(key));
  CHECK(is_idb_key(key, idb_generated::allowed));
  const auto five = idb_number_key(5);
  CHECK(idb_key_with_number(key, 5) == array_key({text_key("a"), five, array_key({five})}));
}

TEST_CASE("keys that are nested too deep or too long are none") {
  std::string deep(wire::idb_key_depth_max, '\x50');
  deep.append(wire::idb_key_depth_max, '\0');
  CHECK(is_idb_key(deep));
  CHECK_FALSE(is_idb_key("\x50" + deep + std::string(1, '\0')));
  CHECK_FALSE(is_idb_key(text_key(std::string(wire::idb_key_bytes_max, 'a'))));
}

TEST_CASE("bytes that are no key are refused") {
  CHECK_FALSE(is_idb_key(""));
  CHECK_FALSE(is_idb_key("\x10"));
  CHECK_FALSE(is_idb_key(idb_number_key(1) + idb_number_key(2)));
  CHECK_FALSE(is_idb_key("\x30 no end"));
  CHECK_FALSE(is_idb_key("\x40 no end"));
  CHECK_FALSE(is_idb_key("\x50"));
  std::mt19937 random{7};
  for (int round = 0; round < 20'000; ++round) {
    auto key = array_key({text_key("ab\xC3\xA4"), idb_number_key(3), binary_key("xyz")});
    for (int i = 0; i < 3; ++i)
      key[random() % key.size()] = static_cast<char>(random());
    key.resize(random() % (key.size() + 1));
    // Whatever is accepted can be read again as the same bytes.
    if (is_idb_key(key))
      CHECK(idb_key_with_number(key, 1) == key);
  }
}

} // namespace offstage::test

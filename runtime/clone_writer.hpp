// SPDX-License-Identifier: MIT
#pragma once

// The primitive parts of the clone format that runtime/structured_serialize.cpp describes, appended
// to a string. A value; lives as long as one serialization.

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

namespace offstage {

class clone_writer {
public:
  static constexpr char format_version = 1;

  explicit clone_writer(std::string& out) : out_(out) {}

  size_t size() const { return out_.size(); }

  void put(char byte) { out_ += byte; }

  void put_varint(uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      put(static_cast<char>(value | 0x80));
    put(static_cast<char>(value));
  }

  void put_number(double value) {
    const auto whole = static_cast<int32_t>(std::abs(value) <= 0x7FFFFFFF ? value : 0.5);
    if (static_cast<double>(whole) == value && !(value == 0 && std::signbit(value))) {
      put('i');
      const auto wide = int64_t{whole};
      return put_varint(static_cast<uint64_t>(wide << 1 ^ wide >> 63));
    }
    put('n');
    auto bits = std::bit_cast<uint64_t>(value);
    for (int i = 0; i < 8; ++i, bits >>= 8)
      put(static_cast<char>(bits & 0xFF));
  }

  /// Code units as CESU-8.
  void put_string(std::string_view cesu8) {
    put_varint(cesu8.size());
    out_.append(cesu8);
  }

private:
  std::string& out_;
};

} // namespace offstage

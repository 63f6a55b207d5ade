// SPDX-License-Identifier: MIT
// Format: key := 0x08 | 0x10 number | 0x20 number | 0x30 unit* 0x00 | 0x40 byte* 0x00 0x00
// Format:      | 0x50 key* 0x00
// Format: number := the IEEE 754 bits, big endian; all inverted if negative, else the first one
// Format: unit := u+1 below 0x7F | 0x8000 + u-0x7F below 0x407F | 0xC00000 + (u << 6)
// Format: byte := 0x00 0xFF for 0x00, else itself
// A key that is the beginning of another one comes first, because everything that may follow it is
// larger than the 0x00 that ends it.
#include "protocol/idb_key.hpp"

#include <bit>
#include <cmath>

#include "protocol/limits_of_wire.hpp"

namespace offstage {

namespace {

constexpr uint64_t sign_bit = uint64_t{1} << 63;
constexpr uint32_t one_byte_end = 0x7F;
constexpr uint32_t two_bytes_end = one_byte_end + 0x4000;
constexpr size_t number_bytes = 8;

// One code unit, or a pair for four bytes of UTF-8; broken bytes stand for themselves.
size_t decode(std::string_view text, size_t at, uint32_t& code) {
  const auto byte = [&](size_t i) { return static_cast<unsigned char>(text[at + i]); };
  const auto left = text.size() - at;
  const auto more = [&](size_t count) {
    for (size_t i = 1; i <= count; ++i)
      if (i >= left || (byte(i) & 0xC0) != 0x80)
        return false;
    return true;
  };
  code = byte(0);
  if (code >= 0xF0 && code < 0xF5 && more(3)) {
    code = (code & 7u) << 18 | (byte(1) & 0x3Fu) << 12 | (byte(2) & 0x3Fu) << 6 | (byte(3) & 0x3Fu);
    return 4;
  }
  if (code >= 0xE0 && code < 0xF0 && more(2)) {
    code = (code & 15u) << 12 | (byte(1) & 0x3Fu) << 6 | (byte(2) & 0x3Fu);
    return 3;
  }
  if (code >= 0xC0 && code < 0xE0 && more(1)) {
    code = (code & 31u) << 6 | (byte(1) & 0x3Fu);
    return 2;
  }
  return 1;
}

void append_unit(std::string& out, uint32_t unit) {
  if (unit >= 0x800) {
    out += static_cast<char>(0xE0 | unit >> 12);
    out += static_cast<char>(0x80 | (unit >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (unit & 0x3F));
  } else if (unit >= 0x80) {
    out += static_cast<char>(0xC0 | unit >> 6);
    out += static_cast<char>(0x80 | (unit & 0x3F));
  } else {
    out += static_cast<char>(unit);
  }
}

} // namespace

void idb_key_writer::scalar(idb_key_type type, double value) {
  out_ += static_cast<char>(type);
  auto bits = std::bit_cast<uint64_t>(value == 0 ? 0.0 : value);
  bits = (bits & sign_bit) != 0 ? ~bits : bits | sign_bit;
  for (int shift = 56; shift >= 0; shift -= 8)
    out_ += static_cast<char>(bits >> shift & 0xFF);
}

void idb_key_writer::number(double value) {
  scalar(idb_key_type::number, value);
}

void idb_key_writer::date(double time) {
  scalar(idb_key_type::date, time);
}

void idb_key_writer::code_unit(uint32_t unit) {
  if (unit < one_byte_end) {
    out_ += static_cast<char>(unit + 1);
  } else if (unit < two_bytes_end) {
    unit = unit - one_byte_end + 0x8000;
    out_ += static_cast<char>(unit >> 8);
    out_ += static_cast<char>(unit & 0xFF);
  } else {
    unit = 0xC00000 + (unit << 6);
    out_ += static_cast<char>(unit >> 16);
    out_ += static_cast<char>(unit >> 8 & 0xFF);
    out_ += static_cast<char>(unit & 0xFF);
  }
}

void idb_key_writer::text(std::string_view cesu8) {
  out_ += static_cast<char>(idb_key_type::string);
  for (size_t at = 0; at < cesu8.size();) {
    uint32_t code = 0;
    at += decode(cesu8, at, code);
    if (code > 0xFFFF) {
      code_unit(0xD800 + ((code - 0x10000) >> 10));
      code = 0xDC00 + (code & 0x3FF);
    }
    code_unit(code);
  }
  out_ += '\0';
}

void idb_key_writer::binary(std::string_view bytes) {
  out_ += static_cast<char>(idb_key_type::binary);
  for (const auto byte : bytes) {
    out_ += byte;
    if (byte == '\0')
      out_ += '\xFF';
  }
  out_.append(2, '\0');
}

void idb_key_writer::begin_array() {
  out_ += static_cast<char>(idb_key_type::array);
}

void idb_key_writer::end_array() {
  out_ += '\0';
}

void idb_key_writer::generated() {
  out_ += static_cast<char>(idb_key_type::generated);
}

idb_key_type idb_key_reader::type() const {
  const auto type = rest_.empty() ? idb_key_type::none : static_cast<idb_key_type>(rest_.front());
  switch (type) {
  case idb_key_type::generated:
  case idb_key_type::number:
  case idb_key_type::date:
  case idb_key_type::string:
  case idb_key_type::binary:
  case idb_key_type::array:
    return type;
  default:
    return idb_key_type::none;
  }
}

std::optional<double> idb_key_reader::take_number() {
  if ((type() != idb_key_type::number && type() != idb_key_type::date)
      || rest_.size() < 1 + number_bytes)
    return std::nullopt;
  uint64_t bits = 0;
  for (size_t i = 1; i <= number_bytes; ++i)
    bits = bits << 8 | static_cast<unsigned char>(rest_[i]);
  const auto value = std::bit_cast<double>((bits & sign_bit) != 0 ? bits & ~sign_bit : ~bits);
  if (std::isnan(value) || (value == 0 && std::signbit(value)))
    return std::nullopt;
  rest_.remove_prefix(1 + number_bytes);
  return value;
}

bool idb_key_reader::take_unit(uint32_t& unit) {
  const auto byte = [&](size_t i) { return uint32_t{static_cast<unsigned char>(rest_[i])}; };
  const auto first = byte(0);
  if (first < 0x80) {
    unit = first - 1;
    rest_.remove_prefix(1);
    return true;
  }
  if (first < 0xC0) {
    if (rest_.size() < 2)
      return false;
    unit = (first << 8 | byte(1)) - 0x8000 + one_byte_end;
    rest_.remove_prefix(2);
    return true;
  }
  if (rest_.size() < 3 || (byte(2) & 0x3F) != 0)
    return false;
  unit = ((first << 16 | byte(1) << 8 | byte(2)) - 0xC00000) >> 6;
  rest_.remove_prefix(3);
  return unit >= two_bytes_end;
}

bool idb_key_reader::take_text(std::string& out) {
  if (type() != idb_key_type::string)
    return false;
  rest_.remove_prefix(1);
  while (!rest_.empty()) {
    if (rest_.front() == '\0') {
      rest_.remove_prefix(1);
      return true;
    }
    uint32_t unit = 0;
    if (!take_unit(unit))
      return false;
    append_unit(out, unit);
  }
  return false;
}

bool idb_key_reader::take_binary(std::string& out) {
  if (type() != idb_key_type::binary)
    return false;
  rest_.remove_prefix(1);
  while (!rest_.empty()) {
    const auto byte = rest_.front();
    rest_.remove_prefix(1);
    if (byte != '\0') {
      out += byte;
      continue;
    }
    if (rest_.empty() || (rest_.front() != '\0' && rest_.front() != '\xFF'))
      return false;
    const auto is_end = rest_.front() == '\0';
    rest_.remove_prefix(1);
    if (is_end)
      return true;
    out += byte;
  }
  return false;
}

bool idb_key_reader::take_generated() {
  if (type() != idb_key_type::generated)
    return false;
  rest_.remove_prefix(1);
  return true;
}

bool idb_key_reader::begin_array() {
  if (type() != idb_key_type::array)
    return false;
  rest_.remove_prefix(1);
  return true;
}

bool idb_key_reader::end_array() {
  if (rest_.empty() || rest_.front() != '\0')
    return false;
  rest_.remove_prefix(1);
  return true;
}

namespace {

// Walks the key and appends it to `out`, if there is one, with the number in place of `generated`.
class key_walk {
public:
  key_walk(std::string_view key, idb_generated generated, std::string* out, double number)
      : key_(key), reader_(key), generated_(generated), out_(out), number_(number) {}

  bool run() {
    if (key_.size() > wire::idb_key_bytes_max)
      return false;
    do {
      if (depth_ > 0 && reader_.end_array()) {
        --depth_;
        if (out_ != nullptr)
          idb_key_writer{*out_}.end_array();
      } else if (!take_one()) {
        return false;
      }
    } while (depth_ > 0);
    return reader_.at_end();
  }

private:
  bool take_one() {
    std::string scratch;
    switch (reader_.type()) {
    case idb_key_type::generated:
      reader_.take_generated();
      if (out_ != nullptr)
        idb_key_writer{*out_}.number(number_);
      return generated_ == idb_generated::allowed;
    case idb_key_type::number:
    case idb_key_type::date:
      return copy([&] { return reader_.take_number().has_value(); });
    case idb_key_type::string:
      return copy([&] { return reader_.take_text(scratch); });
    case idb_key_type::binary:
      return copy([&] { return reader_.take_binary(scratch); });
    case idb_key_type::array:
      return ++depth_ <= wire::idb_key_depth_max && copy([&] { return reader_.begin_array(); });
    default:
      return false;
    }
  }

  template <class Take>
  bool copy(Take take) {
    const auto before = rest();
    if (!take())
      return false;
    if (out_ != nullptr)
      out_->append(before.substr(0, before.size() - rest().size()));
    return true;
  }

  std::string_view rest() const { return reader_.rest(); }

  std::string_view key_;
  idb_key_reader reader_;
  idb_generated generated_;
  std::string* out_;
  double number_;
  uint32_t depth_ = 0;
};

} // namespace

bool is_idb_key(std::string_view key, idb_generated generated) {
  return key_walk{key, generated, nullptr, 0}.run();
}

std::optional<double> number_of_idb_key(std::string_view key) {
  idb_key_reader reader{key};
  if (reader.type() != idb_key_type::number)
    return std::nullopt;
  const auto number = reader.take_number();
  return reader.at_end() ? number : std::nullopt;
}

std::string idb_number_key(double value) {
  std::string key;
  idb_key_writer{key}.number(value);
  return key;
}

std::string idb_key_with_number(std::string_view key, double number) {
  std::string filled;
  filled.reserve(key.size() + number_bytes);
  key_walk{key, idb_generated::allowed, &filled, number}.run();
  return filled;
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "runtime/clone_scanner.hpp"

#include <bit>

#include "config/limits.hpp"

namespace offstage {

bool clone_scanner::take(char& byte) {
  if (rest_.empty())
    return false;
  byte = rest_.front();
  rest_.remove_prefix(1);
  return true;
}

bool clone_scanner::take_varint(uint64_t& value) {
  value = 0;
  char byte = 0;
  for (int shift = 0; shift < 64 && take(byte); shift += 7) {
    value |= uint64_t{static_cast<unsigned char>(byte) & 0x7Fu} << shift;
    if ((static_cast<unsigned char>(byte) & 0x80u) == 0)
      return true;
  }
  return false;
}

bool clone_scanner::take_bytes(std::string_view& bytes) {
  uint64_t size = 0;
  if (!take_varint(size) || size > rest_.size())
    return false;
  bytes = rest_.substr(0, size);
  rest_.remove_prefix(size);
  return true;
}

bool clone_scanner::skip_values(uint64_t count, uint32_t depth) {
  for (; count > 0; --count)
    if (!skip(depth))
      return false;
  return true;
}

bool clone_scanner::skip_properties(uint32_t depth) {
  char tag = 0;
  std::string_view name;
  while (take(tag) && tag == 'k')
    if (!take_bytes(name) || !skip(depth))
      return false;
  return tag == 'z';
}

// Behind one value or element.
bool clone_scanner::skip(uint32_t depth) {
  char tag = 0;
  uint64_t number = 0;
  std::string_view bytes;
  if (depth > limits::clone_depth_max || !take(tag))
    return false;
  switch (tag) {
  case '_':
  case '0':
  case 't':
  case 'f':
  case 'h':
    return true;
  case 'n':
    if (rest_.size() < sizeof(double))
      return false;
    rest_.remove_prefix(sizeof(double));
    return true;
  case 'i':
  case 'r':
    return take_varint(number);
  case 's':
  case 'b':
  case 'B':
    return take_bytes(bytes);
  case 'o':
    return skip_properties(depth + 1);
  case 'd':
    return take_varint(number) && skip_values(number, depth + 1) && skip_properties(depth + 1);
  case 'a':
    return take_varint(number) && skip_properties(depth + 1);
  case 'x':
    return take(tag) && take_varint(number) && skip_values(number, depth + 1);
  default:
    return false;
  }
}

// Into the property of the object that is next.
clone_scanner::found clone_scanner::enter(std::string_view name) {
  char tag = 0;
  if (!take(tag) || tag != 'o')
    return found::undecided;
  std::string_view key;
  while (take(tag) && tag == 'k') {
    if (!take_bytes(key))
      return found::undecided;
    if (key == name)
      return found::number;
    if (!skip(0))
      return found::undecided;
  }
  return tag == 'z' ? found::nothing : found::undecided;
}

clone_scanner::found clone_scanner::read() {
  char tag = 0;
  if (!take(tag))
    return found::undecided;
  if (tag == '_')
    return found::nothing;
  if (tag == 's')
    return take_bytes(text_) ? found::text : found::undecided;
  if (tag == 'i') {
    uint64_t raw = 0;
    if (!take_varint(raw))
      return found::undecided;
    number_ = static_cast<double>(static_cast<int64_t>(raw >> 1) ^ -static_cast<int64_t>(raw & 1));
    return found::number;
  }
  if (tag != 'n' || rest_.size() < sizeof(double))
    return found::undecided;
  uint64_t bits = 0;
  for (size_t i = 0; i < sizeof(double); ++i)
    bits |= uint64_t{static_cast<unsigned char>(rest_[i])} << (8 * i);
  number_ = std::bit_cast<double>(bits);
  return found::number;
}

clone_scanner::found clone_scanner::find(const std::vector<std::string>& path) {
  for (const auto& name : path)
    if (const auto next = enter(name); next != found::number)
      return next;
  return read();
}

bool clone_scanner::is_object(std::string_view record) {
  return record.size() > 1 && std::string_view{"odabx"}.find(record[1]) != std::string_view::npos;
}

} // namespace offstage

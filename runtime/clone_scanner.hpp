// SPDX-License-Identifier: MIT
#pragma once

// Finds a property in the bytes of a clone without making a script value of it: the keys of most
// records are numbers and strings of plain objects. Knows only what
// runtime/structured_serialize.cpp writes; it says so when it meets anything else, and the caller
// then reads the value. Passive.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace offstage {

class clone_scanner {
public:
  enum class found : uint8_t { number, text, nothing, undecided };

  /// The record has a valid version.
  explicit clone_scanner(std::string_view record) : rest_(record.substr(1)) {}

  /// Follows the names (CESU-8) through plain objects.
  found find(const std::vector<std::string>& path);

  double number() const { return number_; }
  /// CESU-8, in the record.
  std::string_view text() const { return text_; }

  /// True if the value is an object of any kind.
  static bool is_object(std::string_view record);

private:
  bool take(char& byte);
  bool take_varint(uint64_t& value);
  bool take_bytes(std::string_view& bytes);
  bool skip(uint32_t depth);
  bool skip_values(uint64_t count, uint32_t depth);
  bool skip_properties(uint32_t depth);
  found enter(std::string_view name);
  found read();

  std::string_view rest_;
  double number_ = 0;
  std::string_view text_;
};

} // namespace offstage

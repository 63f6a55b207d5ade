// SPDX-License-Identifier: MIT
#pragma once

// IndexedDB keys as byte strings whose order, byte by byte and unsigned, is that of the keys
// (Spec: IndexedDB#key-construct). Workers make them from script values; storage sorts and
// compares them and reads no more of them than the numbers of key generators. Plain values.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offstage {

/// The first byte of a key. The order of types is that of the specification.
enum class idb_key_type : uint8_t {
  none = 0,
  generated = 0x08, ///< Stands for the number that the store's key generator is about to give.
  number = 0x10,
  date = 0x20,
  string = 0x30,
  binary = 0x40,
  array = 0x50,
};

/// Appends keys to a string. Elements of an array stand between begin_array and end_array.
class idb_key_writer {
public:
  explicit idb_key_writer(std::string& out) : out_(out) {}

  void number(double value); ///< Not NaN.
  void date(double time);    ///< Not NaN.
  /// Code units as CESU-8 (or UTF-8): a surrogate may stand alone.
  void text(std::string_view cesu8);
  void binary(std::string_view bytes);
  void begin_array();
  void end_array();
  void generated();

private:
  void scalar(idb_key_type type, double value);
  void code_unit(uint32_t unit);

  std::string& out_;
};

/// Walks over one key. Every member that takes something gives nothing when the bytes are no key.
class idb_key_reader {
public:
  explicit idb_key_reader(std::string_view key) : rest_(key) {}

  /// `none` at the end of an array, at the end of the bytes and for bytes that are no key.
  idb_key_type type() const;
  std::optional<double> take_number(); ///< Of a date too.
  /// Appends code units as CESU-8.
  bool take_text(std::string& out);
  bool take_binary(std::string& out);
  bool take_generated();
  bool begin_array();
  /// True, and behind it, if the array ends here.
  bool end_array();
  bool at_end() const { return rest_.empty(); }
  std::string_view rest() const { return rest_; }

private:
  bool take_unit(uint32_t& unit);

  std::string_view rest_;
};

enum class idb_generated : uint8_t { forbidden, allowed };

/// One whole key within wire::idb_key_bytes_max and wire::idb_key_depth_max.
bool is_idb_key(std::string_view key, idb_generated generated = idb_generated::forbidden);

/// The number of a key that is one.
std::optional<double> number_of_idb_key(std::string_view key);
std::string idb_number_key(double value);

/// The key with `number` wherever it has `generated`: what an index gets from a record whose key
/// was not known when the keys were made. The key is one that is_idb_key allows.
std::string idb_key_with_number(std::string_view key, double number);

} // namespace offstage

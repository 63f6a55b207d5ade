// SPDX-License-Identifier: MIT
#pragma once

// The frame around every stored value, and the two archives that put fields into it and take them
// out. A frame's checksum covers its key too, so a value that lies under the wrong key is noticed.
// Reading never throws, never reads outside the record and never allocates more than the record is
// long, whatever its bytes are.

#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <caf/expected.hpp>

#include "protocol/headers.hpp"
#include "protocol/shared_bytes.hpp"

namespace offstage {

enum class record_kind : uint8_t {
  format = 1,
  counter,
  registration,
  script,
  cache_name,
  usage,
  pending_body,
  cache_entry,
  index_row,
  body_record,
  idb_database,
  idb_store,
  idb_record,
  idb_index_row,
  artifact,
  persisted,
  last_use,
};

/// The frame's first bytes for a payload that follows them.
std::string make_frame(record_kind kind, std::string_view key, std::string_view payload,
                       std::string_view more_payload = {});
inline constexpr size_t frame_bytes = 10;

/// The payload of a frame. Errors: corrupted.
caf::expected<shared_bytes> open_frame(record_kind kind, std::string_view key,
                                       const shared_bytes& record);

/// The greatest enumerator; anything above it is damage.
template <class Enum>
inline constexpr Enum last_enumerator = Enum::no_limit_declared;

/// The list of a type's fields, for both archives; types of value_codec have theirs there.
template <class Archive>
bool fields(Archive& f, header& x) {
  return f(x.name, x.value);
}

class record_writer {
public:
  template <class... Ts>
  bool operator()(const Ts&... xs) {
    (put(xs), ...);
    return true;
  }

  std::string take() { return std::move(out_); }

private:
  void put(bool x) { out_ += static_cast<char>(x); }

  template <std::unsigned_integral T>
  void put(T x) {
    for (size_t i = 0; i < sizeof(T); ++i)
      out_ += static_cast<char>(x >> (8 * i));
  }

  void put(int64_t x) { put(static_cast<uint64_t>(x)); }

  template <class Enum>
  requires std::is_enum_v<Enum>
  void put(Enum x) { put(static_cast<std::underlying_type_t<Enum>>(x)); }

  void put(std::string_view x) {
    put(static_cast<uint32_t>(x.size()));
    out_ += x;
  }

  void put(const std::string& x) { put(std::string_view{x}); }
  void put(const shared_bytes& x) { put(x.view()); }

  template <class T>
  void put(const std::optional<T>& x) {
    put(x.has_value());
    if (x)
      put(*x);
  }

  template <class T>
  void put(const std::vector<T>& xs) {
    put(static_cast<uint32_t>(xs.size()));
    for (const auto& x : xs)
      put(x);
  }

  void put(const header_list& x) { put(x.items()); }

  template <class T>
  requires std::is_class_v<T>
  void put(const T& x) { fields(*this, const_cast<T&>(x)); }

  std::string out_;
};

class record_reader {
public:
  explicit record_reader(shared_bytes bytes) : bytes_(std::move(bytes)), rest_(bytes_.view()) {}

  /// False once anything did not fit; the fields are unspecified then.
  template <class... Ts>
  bool operator()(Ts&... xs) {
    return (get(xs) && ...);
  }

  bool at_end() const { return rest_.empty(); }
  /// What was not read yet.
  shared_bytes rest() const { return bytes_.slice(bytes_.size() - rest_.size(), rest_.size()); }

private:
  bool take(size_t count, std::string_view& out) {
    if (count > rest_.size())
      return false;
    out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return true;
  }

  bool take_sized(std::string_view& out) {
    uint32_t size = 0;
    return get(size) && take(size, out);
  }

  bool get(bool& x) {
    uint8_t byte = 0;
    if (!get(byte) || byte > 1)
      return false;
    x = byte == 1;
    return true;
  }

  template <std::unsigned_integral T>
  bool get(T& x) {
    std::string_view bytes;
    if (!take(sizeof(T), bytes))
      return false;
    x = 0;
    for (size_t i = 0; i < sizeof(T); ++i)
      x = static_cast<T>(
          x | static_cast<T>(static_cast<T>(static_cast<uint8_t>(bytes[i])) << (8 * i)));
    return true;
  }

  bool get(int64_t& x) {
    uint64_t bits = 0;
    if (!get(bits))
      return false;
    x = static_cast<int64_t>(bits);
    return true;
  }

  template <class Enum>
  requires std::is_enum_v<Enum>
  bool get(Enum& x) {
    std::underlying_type_t<Enum> value = 0;
    if (!get(value) || value > static_cast<std::underlying_type_t<Enum>>(last_enumerator<Enum>))
      return false;
    x = static_cast<Enum>(value);
    return true;
  }

  bool get(std::string& x) {
    std::string_view bytes;
    if (!take_sized(bytes))
      return false;
    x = bytes;
    return true;
  }

  bool get(shared_bytes& x) {
    std::string_view bytes;
    if (!take_sized(bytes))
      return false;
    const auto offset = bytes_.size() - rest_.size() - bytes.size();
    x = bytes_.slice(offset, bytes.size());
    return true;
  }

  template <class T>
  bool get(std::optional<T>& x) {
    bool present = false;
    if (!get(present))
      return false;
    x.reset();
    return !present || get(x.emplace());
  }

  template <class T>
  bool get(std::vector<T>& xs) {
    uint32_t count = 0;
    if (!get(count) || count > rest_.size())
      return false;
    xs.clear();
    for (uint32_t i = 0; i < count; ++i)
      if (!get(xs.emplace_back()))
        return false;
    return true;
  }

  bool get(header_list& x) {
    std::vector<header> items;
    if (!get(items))
      return false;
    x = {};
    for (auto& item : items)
      x.append(std::move(item.name), std::move(item.value));
    return true;
  }

  template <class T>
  requires std::is_class_v<T>
  bool get(T& x) { return fields(*this, x); }

  shared_bytes bytes_;
  std::string_view rest_;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Immutable, reference-counted bytes: the only byte sequence that messages carry. Copies and slices
// share memory. On the wire a sequence of at most wire::inline_bytes_max travels inside its
// message. A longer one has to be handed to the link first (byte_link::outgoing), which puts it
// into a sealed descriptor and returns a `detached` value that names the descriptor; the receiver
// gets the bytes back with byte_link::incoming. Sending a long sequence without that is an error at
// the sender. Every length is checked before memory is allocated for it.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>

#include <caf/deserializer.hpp>
#include <caf/error.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/serializer.hpp>

#include "protocol/limits_of_wire.hpp"

namespace offstage {

/// Inspectors that neither write nor read bytes: those that print.
template <class Inspector>
concept observing_inspector =
    !std::is_base_of_v<caf::serializer,
                       Inspector> && !std::is_base_of_v<caf::deserializer, Inspector>;

class shared_bytes {
public:
  shared_bytes() = default;

  /// Takes the string's memory over.
  explicit shared_bytes(std::string bytes);

  /// Copies once.
  static shared_bytes copy_of(const void* data, size_t size);

  /// Refers to memory that `owner` keeps alive and that nobody changes (a mapped descriptor, a
  /// database block).
  static shared_bytes adopt(std::shared_ptr<const void> owner, const void* data, size_t size);

  /// Names descriptor `sequence` of the link over which it was received or will be sent.
  static shared_bytes detached(uint64_t sequence, size_t size);

  const uint8_t* data() const { return data_; }
  size_t size() const { return size_; }
  bool empty() const { return size_ == 0; }
  std::string_view view() const {
    return {reinterpret_cast<const char*>(data_), data_ ? size_ : 0};
  }
  std::string to_string() const { return std::string{view()}; }

  /// True while the bytes are still in a descriptor; data() is null then.
  bool is_detached() const { return sequence_ != 0; }
  uint64_t sequence() const { return sequence_; }

  /// Shares this memory; the range is clamped to the sequence.
  shared_bytes slice(size_t offset, size_t count) const;

  friend bool operator==(const shared_bytes& a, const shared_bytes& b) {
    return a.view() == b.view();
  }

  friend caf::error inspect(caf::serializer& sink, shared_bytes& x) { return x.save(sink); }
  friend caf::error inspect(caf::deserializer& source, shared_bytes& x) { return x.load(source); }

  template <observing_inspector Inspector>
  friend auto inspect(Inspector& f, shared_bytes& x) {
    auto size = static_cast<uint64_t>(x.size_);
    return f(caf::meta::type_name("shared_bytes"), size, x.sequence_);
  }

private:
  caf::error save(caf::serializer& sink) const;
  caf::error load(caf::deserializer& source);

  std::shared_ptr<const void> owner_;
  const uint8_t* data_ = nullptr;
  size_t size_ = 0;
  uint64_t sequence_ = 0;
};

} // namespace offstage

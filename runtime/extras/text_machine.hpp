// SPDX-License-Identifier: MIT
#pragma once
// The state machines behind text_decoder: one for each family of encodings, fed byte by byte.
// Owned by a text_decoder.

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <span>

#include "runtime/extras/text_encodings.hpp"

namespace offstage {

// Input with room to put a few bytes back. Spec: Encoding#concept-stream-prepend
class byte_queue {
public:
  static constexpr int end = -1;

  explicit byte_queue(std::span<const std::byte> input) : input_(input) {}

  int next() {
    if (restored_count_ > 0)
      return restored_[--restored_count_];
    return at_ < input_.size() ? static_cast<int>(input_[at_++]) : end;
  }

  // The first of the bytes is read first.
  void restore(std::initializer_list<int> bytes) {
    for (auto at = bytes.end(); at != bytes.begin();)
      restored_[restored_count_++] = static_cast<std::uint8_t>(*--at);
  }

private:
  std::span<const std::byte> input_;
  std::size_t at_ = 0;
  // No machine puts back more than it was given since its last code point, which is four bytes.
  std::uint8_t restored_[8] = {};
  std::size_t restored_count_ = 0;
};

struct decode_step {
  enum class kind : std::uint8_t { more, point, error, finished };
  kind what = kind::more;
  char32_t point = 0;
  char32_t second = 0; // some bytes of Big5 are two code points

  static decode_step of(char32_t point) { return {kind::point, point, 0}; }
  static decode_step error() { return {kind::error, 0, 0}; }
  static decode_step finished() { return {kind::finished, 0, 0}; }
};

class encoding_machine {
public:
  virtual ~encoding_machine() = default;
  // `byte` may be byte_queue::end. Spec: Encoding#concept-encoding-process
  virtual decode_step handle(byte_queue& queue, int byte) = 0;
};

using encoding_machine_ptr = std::unique_ptr<encoding_machine>;

encoding_machine_ptr make_encoding_machine(text_encoding encoding);
// Those that need an index; null for other encodings.
encoding_machine_ptr make_east_asian_machine(text_encoding encoding);

constexpr bool is_within(int byte, int low, int high) {
  return byte >= low && byte <= high;
}

} // namespace offstage

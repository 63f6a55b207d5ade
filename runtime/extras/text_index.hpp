// SPDX-License-Identifier: MIT
#pragma once
// The indexes of the Encoding Standard: pointer to code point, taken from ICU's converters with
// the few corrections that make them what the standard lists. Owned by one state machine.

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "runtime/extras/text_encodings.hpp"

struct UConverter;

namespace offstage {

class icu_converter {
public:
  // Invariant: the names below exist in every ICU; held by "every index agrees with the standard".
  explicit icu_converter(const char* name);
  // The one code point that exactly these bytes are; 0 if they are none.
  char32_t convert(std::string_view bytes);

private:
  struct closer {
    void operator()(UConverter* converter) const;
  };
  std::unique_ptr<UConverter, closer> converter_;
};

// Spec: Encoding#index
class text_index {
public:
  enum class name : std::uint8_t { jis0208, jis0212, big5, euc_kr, gb18030 };

  explicit text_index(name which);
  // 0 if there is no such pointer.
  char32_t at(std::uint32_t pointer);
  // Spec: Encoding#indexes
  char32_t in_gb18030_ranges(std::uint32_t pointer);

private:
  name which_;
  icu_converter converter_;
};

// Code points of the bytes 0x80 to 0xFF; 0 where there is none. Spec: Encoding#indexes
using single_byte_table = std::array<char16_t, 128>;
single_byte_table make_single_byte_table(text_encoding encoding);

} // namespace offstage

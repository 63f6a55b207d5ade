// SPDX-License-Identifier: MIT
#pragma once
// Bytes of every encoding of the Encoding Standard to UTF-16, in pieces. Owned by a TextDecoder of
// script or by whoever decodes; pure values and an ICU converter, so any thread and process may
// have one. Limited by its input: it keeps at most four bytes between two calls.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "runtime/extras/text_encodings.hpp"

namespace offstage {

enum class decode_errors : std::uint8_t { replace, fatal };
enum class byte_order_mark : std::uint8_t { skip, keep };
enum class input_end : std::uint8_t { more_follows, reached };

class encoding_machine;

class text_decoder {
public:
  text_decoder(text_encoding encoding, decode_errors errors, byte_order_mark mark);
  ~text_decoder();
  text_decoder(const text_decoder&) = delete;
  text_decoder& operator=(const text_decoder&) = delete;

  // Appends to `out`. False: the input is malformed and errors are fatal; the decoder starts anew
  // then, as it does after the end of the input.
  // Spec: Encoding#interface-textdecoder
  bool decode(std::span<const std::byte> input, input_end end, std::u16string& out);

  text_encoding encoding() const { return encoding_; }

private:
  enum class outcome : std::uint8_t { finished, failed };

  void emit(char32_t point, std::u16string& out);
  void restart(outcome how);
  bool run(std::span<const std::byte> input, input_end end, std::u16string& out);

  text_encoding encoding_;
  decode_errors errors_;
  byte_order_mark mark_;
  bool mark_seen_ = false;
  std::unique_ptr<encoding_machine> machine_;
};

} // namespace offstage

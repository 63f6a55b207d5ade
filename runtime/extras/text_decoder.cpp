// SPDX-License-Identifier: MIT
#include "runtime/extras/text_decoder.hpp"

#include <utility>

#include "runtime/extras/text_index.hpp"
#include "runtime/extras/text_machine.hpp"

namespace offstage {

namespace {

constexpr bool is_leading_surrogate(char32_t unit) {
  return unit >= 0xD800 && unit <= 0xDBFF;
}

constexpr bool is_trailing_surrogate(char32_t unit) {
  return unit >= 0xDC00 && unit <= 0xDFFF;
}

// Spec: Encoding#utf-8-decoder
class utf_8_machine : public encoding_machine {
public:
  decode_step handle(byte_queue& queue, int byte) override {
    if (needed_ == 0)
      return byte == byte_queue::end ? decode_step::finished() : begin(byte);
    if (!is_within(byte, lower_, upper_)) {
      reset();
      if (byte != byte_queue::end)
        queue.restore({byte});
      return decode_step::error();
    }
    lower_ = 0x80;
    upper_ = 0xBF;
    point_ = (point_ << 6) | static_cast<char32_t>(byte & 0x3F);
    if (--needed_ > 0)
      return {};
    const auto point = point_;
    reset();
    return decode_step::of(point);
  }

private:
  decode_step begin(int byte) {
    if (byte <= 0x7F)
      return decode_step::of(static_cast<char32_t>(byte));
    if (!is_within(byte, 0xC2, 0xF4))
      return decode_step::error();
    if (byte <= 0xDF)
      return expect(1, byte & 0x1F);
    if (byte <= 0xEF) {
      lower_ = byte == 0xE0 ? 0xA0 : 0x80;
      upper_ = byte == 0xED ? 0x9F : 0xBF;
      return expect(2, byte & 0xF);
    }
    lower_ = byte == 0xF0 ? 0x90 : 0x80;
    upper_ = byte == 0xF4 ? 0x8F : 0xBF;
    return expect(3, byte & 0x7);
  }

  decode_step expect(int count, int bits) {
    needed_ = count;
    point_ = static_cast<char32_t>(bits);
    return {};
  }

  void reset() {
    needed_ = 0;
    point_ = 0;
    lower_ = 0x80;
    upper_ = 0xBF;
  }

  int needed_ = 0;
  char32_t point_ = 0;
  int lower_ = 0x80;
  int upper_ = 0xBF;
};

// Spec: Encoding#shared-utf-16-decoder
class utf_16_machine : public encoding_machine {
public:
  explicit utf_16_machine(text_encoding encoding) : encoding_(encoding) {}

  decode_step handle(byte_queue& queue, int byte) override {
    if (byte == byte_queue::end)
      return end();
    if (leading_byte_ == byte_queue::end) {
      leading_byte_ = byte;
      return {};
    }
    const int first = std::exchange(leading_byte_, byte_queue::end);
    const auto unit = static_cast<char32_t>(
        encoding_ == text_encoding::utf_16be ? first << 8 | byte : byte << 8 | first);
    if (surrogate_ != 0) {
      const auto leading = std::exchange(surrogate_, 0);
      if (is_trailing_surrogate(unit))
        return decode_step::of(0x10000 + ((leading - 0xD800) << 10) + (unit - 0xDC00));
      queue.restore({first, byte});
      return decode_step::error();
    }
    if (is_leading_surrogate(unit)) {
      surrogate_ = unit;
      return {};
    }
    return is_trailing_surrogate(unit) ? decode_step::error() : decode_step::of(unit);
  }

private:
  decode_step end() {
    const bool broken = leading_byte_ != byte_queue::end || surrogate_ != 0;
    leading_byte_ = byte_queue::end;
    surrogate_ = 0;
    return broken ? decode_step::error() : decode_step::finished();
  }

  text_encoding encoding_;
  int leading_byte_ = byte_queue::end;
  char32_t surrogate_ = 0;
};

// Spec: Encoding#single-byte-decoder
class single_byte_machine : public encoding_machine {
public:
  explicit single_byte_machine(text_encoding encoding) : table_(make_single_byte_table(encoding)) {}

  decode_step handle(byte_queue&, int byte) override {
    if (byte == byte_queue::end)
      return decode_step::finished();
    if (byte < 0x80)
      return decode_step::of(static_cast<char32_t>(byte));
    const auto point = table_[static_cast<std::size_t>(byte - 0x80)];
    return point == 0 ? decode_step::error() : decode_step::of(point);
  }

private:
  single_byte_table table_;
};

// Spec: Encoding#x-user-defined-decoder
class user_defined_machine : public encoding_machine {
public:
  decode_step handle(byte_queue&, int byte) override {
    if (byte == byte_queue::end)
      return decode_step::finished();
    return decode_step::of(static_cast<char32_t>(byte < 0x80 ? byte : 0xF780 + byte - 0x80));
  }
};

// Spec: Encoding#replacement-decoder
class replacement_machine : public encoding_machine {
public:
  decode_step handle(byte_queue&, int byte) override {
    if (byte == byte_queue::end || std::exchange(returned_error_, true))
      return decode_step::finished();
    return decode_step::error();
  }

private:
  bool returned_error_ = false;
};

bool has_byte_order_mark(text_encoding encoding) {
  return encoding == text_encoding::utf_8 || encoding == text_encoding::utf_16le
         || encoding == text_encoding::utf_16be;
}

} // namespace

encoding_machine_ptr make_encoding_machine(text_encoding encoding) {
  switch (encoding) {
  case text_encoding::utf_8:
    return std::make_unique<utf_8_machine>();
  case text_encoding::utf_16le:
  case text_encoding::utf_16be:
    return std::make_unique<utf_16_machine>(encoding);
  case text_encoding::x_user_defined:
    return std::make_unique<user_defined_machine>();
  case text_encoding::replacement:
    return std::make_unique<replacement_machine>();
  default:
    break;
  }
  if (auto machine = make_east_asian_machine(encoding))
    return machine;
  return std::make_unique<single_byte_machine>(encoding);
}

text_decoder::text_decoder(text_encoding encoding, decode_errors errors, byte_order_mark mark)
    : encoding_(encoding),
      errors_(errors),
      mark_(mark),
      machine_(make_encoding_machine(encoding)) {}

text_decoder::~text_decoder() = default;

// At the end of its input every machine is as it began, but for two.
void text_decoder::restart(outcome how) {
  mark_seen_ = false;
  const bool keeps_state =
      encoding_ == text_encoding::iso_2022_jp || encoding_ == text_encoding::replacement;
  if (how == outcome::failed || keeps_state)
    machine_ = make_encoding_machine(encoding_);
}

bool text_decoder::decode(std::span<const std::byte> input, input_end end, std::u16string& out) {
  out.reserve(out.size() + input.size());
  const bool good = run(input, end, out);
  if (!good || end == input_end::reached)
    restart(good ? outcome::finished : outcome::failed);
  return good;
}

bool text_decoder::run(std::span<const std::byte> input, input_end end, std::u16string& out) {
  byte_queue queue{input};
  for (;;) {
    const auto byte = queue.next();
    if (byte == byte_queue::end && end == input_end::more_follows)
      return true;
    const auto step = machine_->handle(queue, byte);
    switch (step.what) {
    case decode_step::kind::more:
      break;
    case decode_step::kind::finished:
      return true;
    case decode_step::kind::error:
      if (errors_ == decode_errors::fatal)
        return false;
      emit(0xFFFD, out);
      break;
    case decode_step::kind::point:
      emit(step.point, out);
      if (step.second != 0)
        emit(step.second, out);
      break;
    }
  }
}

// Spec: Encoding#concept-td-serialize
void text_decoder::emit(char32_t point, std::u16string& out) {
  if (!mark_seen_) {
    mark_seen_ = true;
    if (point == 0xFEFF && mark_ == byte_order_mark::skip && has_byte_order_mark(encoding_))
      return;
  }
  if (point < 0x10000) {
    out.push_back(static_cast<char16_t>(point));
    return;
  }
  out.push_back(static_cast<char16_t>(0xD7C0 + (point >> 10)));
  out.push_back(static_cast<char16_t>(0xDC00 + (point & 0x3FF)));
}

} // namespace offstage

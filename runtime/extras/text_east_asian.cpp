// SPDX-License-Identifier: MIT
#include <optional>
#include <utility>

#include "runtime/extras/text_index.hpp"
#include "runtime/extras/text_machine.hpp"

namespace offstage {

namespace {

bool is_ascii(int byte) {
  return is_within(byte, 0, 0x7F);
}

// The end of a pair that is none: an ASCII byte stands for itself again.
decode_step broken_pair(byte_queue& queue, int byte) {
  if (is_ascii(byte))
    queue.restore({byte});
  return decode_step::error();
}

decode_step point_or_broken(char32_t point, byte_queue& queue, int byte) {
  return point != 0 ? decode_step::of(point) : broken_pair(queue, byte);
}

// Spec: Encoding#gb18030-decoder
class gb18030_machine : public encoding_machine {
public:
  decode_step handle(byte_queue& queue, int byte) override {
    if (byte == byte_queue::end)
      return end();
    if (third_ != 0)
      return fourth(queue, byte);
    if (second_ != 0)
      return third(queue, byte);
    if (first_ != 0)
      return second(queue, byte);
    if (is_ascii(byte))
      return decode_step::of(static_cast<char32_t>(byte));
    if (byte == 0x80)
      return decode_step::of(0x20AC);
    if (!is_within(byte, 0x81, 0xFE))
      return decode_step::error();
    first_ = byte;
    return {};
  }

private:
  decode_step end() {
    const bool broken = first_ != 0 || second_ != 0 || third_ != 0;
    first_ = second_ = third_ = 0;
    return broken ? decode_step::error() : decode_step::finished();
  }

  decode_step second(byte_queue& queue, int byte) {
    if (is_within(byte, 0x30, 0x39)) {
      second_ = byte;
      return {};
    }
    const auto leading = std::exchange(first_, 0);
    if (!is_within(byte, 0x40, 0x7E) && !is_within(byte, 0x80, 0xFE))
      return broken_pair(queue, byte);
    const auto pointer = (leading - 0x81) * 190 + byte - (byte < 0x7F ? 0x40 : 0x41);
    return point_or_broken(index_.at(static_cast<std::uint32_t>(pointer)), queue, byte);
  }

  decode_step third(byte_queue& queue, int byte) {
    if (is_within(byte, 0x81, 0xFE)) {
      third_ = byte;
      return {};
    }
    first_ = 0;
    queue.restore({std::exchange(second_, 0), byte});
    return decode_step::error();
  }

  decode_step fourth(byte_queue& queue, int byte) {
    const auto first = std::exchange(first_, 0);
    const auto second = std::exchange(second_, 0);
    const auto third = std::exchange(third_, 0);
    if (!is_within(byte, 0x30, 0x39)) {
      queue.restore({second, third, byte});
      return decode_step::error();
    }
    const auto pointer =
        (first - 0x81) * 12'600 + (second - 0x30) * 1260 + (third - 0x81) * 10 + byte - 0x30;
    const auto point = index_.in_gb18030_ranges(static_cast<std::uint32_t>(pointer));
    return point != 0 ? decode_step::of(point) : decode_step::error();
  }

  text_index index_{text_index::name::gb18030};
  int first_ = 0;
  int second_ = 0;
  int third_ = 0;
};

// What Big5, EUC-KR and Shift_JIS have in common: a leading byte, then a pair.
class pair_machine : public encoding_machine {
public:
  explicit pair_machine(text_index::name which) : index_(which) {}

  decode_step handle(byte_queue& queue, int byte) override {
    if (byte == byte_queue::end)
      return std::exchange(leading_, 0) != 0 ? decode_step::error() : decode_step::finished();
    if (leading_ != 0)
      return pair(queue, std::exchange(leading_, 0), byte);
    if (is_ascii(byte))
      return decode_step::of(static_cast<char32_t>(byte));
    if (!is_leading(byte))
      return single(byte);
    leading_ = byte;
    return {};
  }

protected:
  virtual bool is_leading(int byte) const { return is_within(byte, 0x81, 0xFE); }
  virtual decode_step single(int) const { return decode_step::error(); }
  virtual decode_step pair(byte_queue& queue, int leading, int byte) = 0;

  text_index index_;

private:
  int leading_ = 0;
};

// Spec: Encoding#big5-decoder
class big5_machine : public pair_machine {
public:
  big5_machine() : pair_machine(text_index::name::big5) {}

protected:
  decode_step pair(byte_queue& queue, int leading, int byte) override {
    if (!is_within(byte, 0x40, 0x7E) && !is_within(byte, 0xA1, 0xFE))
      return broken_pair(queue, byte);
    const auto pointer = (leading - 0x81) * 157 + byte - (byte < 0x7F ? 0x40 : 0x62);
    switch (pointer) {
    case 1133:
      return {decode_step::kind::point, 0xCA, 0x304};
    case 1135:
      return {decode_step::kind::point, 0xCA, 0x30C};
    case 1164:
      return {decode_step::kind::point, 0xEA, 0x304};
    case 1166:
      return {decode_step::kind::point, 0xEA, 0x30C};
    default:
      return point_or_broken(index_.at(static_cast<std::uint32_t>(pointer)), queue, byte);
    }
  }
};

// Spec: Encoding#euc-kr-decoder
class euc_kr_machine : public pair_machine {
public:
  euc_kr_machine() : pair_machine(text_index::name::euc_kr) {}

protected:
  decode_step pair(byte_queue& queue, int leading, int byte) override {
    if (!is_within(byte, 0x41, 0xFE))
      return broken_pair(queue, byte);
    const auto pointer = (leading - 0x81) * 190 + byte - 0x41;
    return point_or_broken(index_.at(static_cast<std::uint32_t>(pointer)), queue, byte);
  }
};

// Spec: Encoding#shift_jis-decoder
class shift_jis_machine : public pair_machine {
public:
  shift_jis_machine() : pair_machine(text_index::name::jis0208) {}

protected:
  bool is_leading(int byte) const override {
    return is_within(byte, 0x81, 0x9F) || is_within(byte, 0xE0, 0xFC);
  }

  decode_step single(int byte) const override {
    if (byte == 0x80)
      return decode_step::of(0x80);
    if (is_within(byte, 0xA1, 0xDF))
      return decode_step::of(static_cast<char32_t>(0xFF61 - 0xA1 + byte));
    return decode_step::error();
  }

  decode_step pair(byte_queue& queue, int leading, int byte) override {
    constexpr int private_begin = 8836;
    constexpr int private_end = 10'716;
    if (!is_within(byte, 0x40, 0x7E) && !is_within(byte, 0x80, 0xFC))
      return broken_pair(queue, byte);
    const auto pointer =
        (leading - (leading < 0xA0 ? 0x81 : 0xC1)) * 188 + byte - (byte < 0x7F ? 0x40 : 0x41);
    if (pointer >= private_begin && pointer < private_end)
      return decode_step::of(static_cast<char32_t>(0xE000 - private_begin + pointer));
    return point_or_broken(index_.at(static_cast<std::uint32_t>(pointer)), queue, byte);
  }
};

// Spec: Encoding#euc-jp-decoder
class euc_jp_machine : public encoding_machine {
public:
  decode_step handle(byte_queue& queue, int byte) override {
    if (byte == byte_queue::end)
      return end();
    if (leading_ == 0x8E && is_within(byte, 0xA1, 0xDF)) {
      leading_ = 0;
      return decode_step::of(static_cast<char32_t>(0xFF61 - 0xA1 + byte));
    }
    if (leading_ == 0x8F && is_within(byte, 0xA1, 0xFE)) {
      supplementary_ = true;
      leading_ = byte;
      return {};
    }
    if (leading_ != 0)
      return pair(queue, byte);
    if (is_ascii(byte))
      return decode_step::of(static_cast<char32_t>(byte));
    if (byte != 0x8E && byte != 0x8F && !is_within(byte, 0xA1, 0xFE))
      return decode_step::error();
    leading_ = byte;
    return {};
  }

private:
  decode_step end() {
    supplementary_ = false;
    return std::exchange(leading_, 0) != 0 ? decode_step::error() : decode_step::finished();
  }

  decode_step pair(byte_queue& queue, int byte) {
    const auto leading = std::exchange(leading_, 0);
    const bool supplementary = std::exchange(supplementary_, false);
    if (!is_within(leading, 0xA1, 0xFE) || !is_within(byte, 0xA1, 0xFE))
      return broken_pair(queue, byte);
    const auto pointer = static_cast<std::uint32_t>((leading - 0xA1) * 94 + byte - 0xA1);
    const auto point = supplementary ? jis0212().at(pointer) : jis0208_.at(pointer);
    return point_or_broken(point, queue, byte);
  }

  text_index& jis0212() {
    if (!jis0212_)
      jis0212_.emplace(text_index::name::jis0212);
    return *jis0212_;
  }

  text_index jis0208_{text_index::name::jis0208};
  std::optional<text_index> jis0212_; // rare: opened when text needs it
  int leading_ = 0;
  bool supplementary_ = false;
};

// Spec: Encoding#iso-2022-jp-decoder
class iso_2022_jp_machine : public encoding_machine {
public:
  decode_step handle(byte_queue& queue, int byte) override {
    switch (state_) {
    case state::escape_start:
      return escape_start(queue, byte);
    case state::escape:
      return escape(queue, byte);
    case state::trailing:
      return trailing(byte);
    default:
      return text(byte);
    }
  }

private:
  enum class state : std::uint8_t {
    ascii,
    roman,
    katakana,
    leading,
    trailing,
    escape_start,
    escape
  };
  static constexpr int escape_byte = 0x1B;

  decode_step text(int byte) {
    if (byte == byte_queue::end)
      return decode_step::finished();
    if (byte == escape_byte) {
      state_ = state::escape_start;
      return {};
    }
    output_ = false;
    if (state_ == state::katakana)
      return is_within(byte, 0x21, 0x5F)
                 ? decode_step::of(static_cast<char32_t>(0xFF61 - 0x21 + byte))
                 : decode_step::error();
    return state_ == state::leading ? leading(byte) : single(byte);
  }

  decode_step single(int byte) const {
    if (!is_ascii(byte) || byte == 0x0E || byte == 0x0F)
      return decode_step::error();
    if (state_ == state::roman && byte == 0x5C)
      return decode_step::of(0xA5);
    if (state_ == state::roman && byte == 0x7E)
      return decode_step::of(0x203E);
    return decode_step::of(static_cast<char32_t>(byte));
  }

  decode_step leading(int byte) {
    if (!is_within(byte, 0x21, 0x7E))
      return decode_step::error();
    leading_ = byte;
    state_ = state::trailing;
    return {};
  }

  decode_step trailing(int byte) {
    state_ = byte == escape_byte ? state::escape_start : state::leading;
    if (!is_within(byte, 0x21, 0x7E))
      return decode_step::error();
    const auto pointer = static_cast<std::uint32_t>((leading_ - 0x21) * 94 + byte - 0x21);
    const auto point = index_.at(pointer);
    return point != 0 ? decode_step::of(point) : decode_step::error();
  }

  decode_step escape_start(byte_queue& queue, int byte) {
    if (byte == 0x24 || byte == 0x28) {
      leading_ = byte;
      state_ = state::escape;
      return {};
    }
    if (byte != byte_queue::end)
      queue.restore({byte});
    return no_escape();
  }

  decode_step escape(byte_queue& queue, int byte) {
    const auto leading = std::exchange(leading_, 0);
    if (const auto next = escaped_to(leading, byte)) {
      state_ = output_state_ = *next;
      return std::exchange(output_, true) ? decode_step::error() : decode_step{};
    }
    if (byte == byte_queue::end)
      queue.restore({leading});
    else
      queue.restore({leading, byte});
    return no_escape();
  }

  static std::optional<state> escaped_to(int leading, int byte) {
    if (leading == 0x24)
      return byte == 0x40 || byte == 0x42 ? std::optional{state::leading} : std::nullopt;
    switch (byte) {
    case 0x42:
      return state::ascii;
    case 0x4A:
      return state::roman;
    case 0x49:
      return state::katakana;
    default:
      return std::nullopt;
    }
  }

  decode_step no_escape() {
    output_ = false;
    state_ = output_state_;
    return decode_step::error();
  }

  text_index index_{text_index::name::jis0208};
  state state_ = state::ascii;
  state output_state_ = state::ascii;
  int leading_ = 0;
  bool output_ = false;
};

} // namespace

encoding_machine_ptr make_east_asian_machine(text_encoding encoding) {
  switch (encoding) {
  case text_encoding::gbk:
  case text_encoding::gb18030:
    return std::make_unique<gb18030_machine>();
  case text_encoding::big5:
    return std::make_unique<big5_machine>();
  case text_encoding::euc_kr:
    return std::make_unique<euc_kr_machine>();
  case text_encoding::shift_jis:
    return std::make_unique<shift_jis_machine>();
  case text_encoding::euc_jp:
    return std::make_unique<euc_jp_machine>();
  case text_encoding::iso_2022_jp:
    return std::make_unique<iso_2022_jp_machine>();
  default:
    return nullptr;
  }
}

} // namespace offstage

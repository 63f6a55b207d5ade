// SPDX-License-Identifier: MIT
#include "runtime/natives/big_integer.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "runtime/engine_limits.hpp"

namespace offstage {

namespace {

struct context_deleter {
  void operator()(BN_CTX* context) const { BN_CTX_free(context); }
};

using bignum_context = std::unique_ptr<BN_CTX, context_deleter>;

constexpr int mantissa_bits = 53;
constexpr int word_bits = 64;

int digit_of(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  const auto lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

// Two's complement, lowest byte first.
std::vector<std::uint8_t> complement_of(const BIGNUM* number, std::size_t size) {
  std::vector<std::uint8_t> bytes(size);
  BN_bn2lebinpad(number, bytes.data(), static_cast<int>(size));
  if (BN_is_negative(number) == 0)
    return bytes;
  unsigned carry = 1;
  for (auto& byte : bytes) {
    const auto sum = (~byte & 0xFFu) + carry;
    byte = static_cast<std::uint8_t>(sum);
    carry = sum >> 8;
  }
  return bytes;
}

void from_complement(std::vector<std::uint8_t> bytes, BIGNUM* number) {
  const auto negative = !bytes.empty() && (bytes.back() & 0x80) != 0;
  unsigned carry = 1;
  if (negative)
    for (auto& byte : bytes) {
      const auto sum = (~byte & 0xFFu) + carry;
      byte = static_cast<std::uint8_t>(sum);
      carry = sum >> 8;
    }
  BN_lebin2bn(bytes.data(), static_cast<int>(bytes.size()), number);
  BN_set_negative(number, negative ? 1 : 0);
}

big_error within_limit(const big_integer& result) {
  return result.bits() > bigint_bits_max ? big_error::too_big : big_error::none;
}

} // namespace

big_integer::big_integer(std::int64_t value) : big_integer() {
  const auto magnitude =
      value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  BN_set_word(number_.get(), magnitude);
  BN_set_negative(number_.get(), value < 0 ? 1 : 0);
}

big_integer big_integer::from_double(double value) {
  big_integer result;
  int exponent = 0;
  const auto mantissa = std::frexp(std::fabs(value), &exponent);
  BN_set_word(result.number_.get(), static_cast<BN_ULONG>(std::ldexp(mantissa, mantissa_bits)));
  if (exponent > mantissa_bits)
    BN_lshift(result.number_.get(), result.number_.get(), exponent - mantissa_bits);
  else
    BN_rshift(result.number_.get(), result.number_.get(), mantissa_bits - exponent);
  BN_set_negative(result.number_.get(), value < 0 ? 1 : 0);
  return result;
}

std::optional<big_integer> big_integer::parse(std::string_view text) {
  int radix = 10;
  bool negative = false;
  if (text.size() > 2 && text[0] == '0' && digit_of(text[1]) > 9) {
    const auto mark = static_cast<char>(text[1] | 0x20);
    radix = mark == 'x' ? 16 : mark == 'o' ? 8 : mark == 'b' ? 2 : 0;
    text.remove_prefix(2);
  } else if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
    if (text.empty())
      return std::nullopt;
  }
  if (radix == 0
      || !std::all_of(text.begin(), text.end(), [&](char c) { return digit_of(c) < radix; }))
    return std::nullopt;
  if (text.size() > static_cast<std::size_t>(bigint_bits_max))
    return std::nullopt;
  big_integer result;
  if (radix == 10 && !text.empty()) {
    auto* number = result.number_.get();
    BN_dec2bn(&number, std::string{text}.c_str());
  } else {
    const auto digit_bits = radix == 16 ? 4 : radix == 8 ? 3 : 1;
    for (const auto c : text) {
      BN_lshift(result.number_.get(), result.number_.get(), digit_bits);
      BN_add_word(result.number_.get(), static_cast<BN_ULONG>(digit_of(c)));
    }
  }
  BN_set_negative(result.number_.get(), negative ? 1 : 0);
  return result;
}

big_integer big_integer::from_bytes(std::string_view big_endian, bool negative) {
  big_integer result;
  BN_bin2bn(reinterpret_cast<const unsigned char*>(big_endian.data()),
            static_cast<int>(big_endian.size()), result.number_.get());
  BN_set_negative(result.number_.get(), negative ? 1 : 0);
  return result;
}

std::string big_integer::magnitude_bytes() const {
  std::string bytes(static_cast<std::size_t>(BN_num_bytes(number_.get())), '\0');
  BN_bn2bin(number_.get(), reinterpret_cast<unsigned char*>(bytes.data()));
  return bytes;
}

std::string big_integer::text(int radix) const {
  if (radix == 10) {
    auto* digits = BN_bn2dec(number_.get());
    std::string result = digits == nullptr ? "" : digits;
    OPENSSL_free(digits);
    return result;
  }
  big_integer rest;
  BN_copy(rest.number_.get(), number_.get());
  BN_set_negative(rest.number_.get(), 0);
  BN_ULONG chunk = static_cast<BN_ULONG>(radix);
  int chunk_digits = 1;
  for (; chunk < (std::uint64_t{1} << 48); ++chunk_digits)
    chunk *= static_cast<BN_ULONG>(radix);
  std::string digits;
  while (!rest.is_zero()) {
    auto part = BN_div_word(rest.number_.get(), chunk);
    for (int i = 0; i < chunk_digits && (part != 0 || !rest.is_zero()); ++i) {
      digits += "0123456789abcdefghijklmnopqrstuvwxyz"[part % static_cast<BN_ULONG>(radix)];
      part /= static_cast<BN_ULONG>(radix);
    }
  }
  if (digits.empty())
    digits += '0';
  if (is_negative())
    digits += '-';
  std::reverse(digits.begin(), digits.end());
  return digits;
}

// The engine rounds the top 64 bits; whether anything is below them decides a tie.
double big_integer::to_double() const {
  const auto count = bits();
  double magnitude = 0;
  if (count <= word_bits) {
    magnitude = static_cast<double>(BN_get_word(number_.get()));
  } else {
    big_integer top;
    BN_rshift(top.number_.get(), number_.get(), count - word_bits);
    BN_set_negative(top.number_.get(), 0);
    auto word = BN_get_word(top.number_.get());
    for (int i = 0; i < count - word_bits; ++i)
      if (BN_is_bit_set(number_.get(), i) != 0) {
        word |= 1;
        break;
      }
    magnitude = std::ldexp(static_cast<double>(word), count - word_bits);
  }
  return is_negative() ? -magnitude : magnitude;
}

std::uint64_t big_integer::low_bits() const {
  const auto bytes =
      complement_of(number_.get(), static_cast<std::size_t>(BN_num_bytes(number_.get())) + 9);
  std::uint64_t result = 0;
  for (int i = 7; i >= 0; --i)
    result = result << 8 | bytes[static_cast<std::size_t>(i)];
  return result;
}

big_error big_integer::divide(const big_integer& x, const big_integer& y, BIGNUM* quotient,
                              BIGNUM* remainder) {
  if (y.is_zero())
    return big_error::division_by_zero;
  const bignum_context context{BN_CTX_new()};
  BN_div(quotient, remainder, x.number_.get(), y.number_.get(), context.get());
  return big_error::none;
}

big_error big_integer::power(const big_integer& base, const big_integer& exponent,
                             big_integer& result) {
  if (exponent.is_negative())
    return big_error::negative_exponent;
  const auto grows = base.bits() > 1;
  if (grows
      && (exponent.bits() > 31
          || static_cast<std::int64_t>(BN_get_word(exponent.number_.get())) * (base.bits() - 1)
                 > bigint_bits_max))
    return big_error::too_big;
  const auto odd = BN_is_odd(exponent.number_.get()) != 0;
  if (!grows) {
    BN_set_word(result.number_.get(), base.is_zero() && !exponent.is_zero() ? 0 : 1);
    BN_set_negative(result.number_.get(), base.is_negative() && odd ? 1 : 0);
    return big_error::none;
  }
  const bignum_context context{BN_CTX_new()};
  BN_exp(result.number_.get(), base.number_.get(), exponent.number_.get(), context.get());
  BN_set_negative(result.number_.get(), base.is_negative() && odd ? 1 : 0);
  return within_limit(result);
}

big_error big_integer::shift(const big_integer& x, const big_integer& count, bool left,
                             big_integer& result) {
  if (count.is_negative())
    left = !left;
  const auto huge = count.bits() > 30;
  const auto places = huge ? 0 : static_cast<int>(BN_get_word(count.number_.get()));
  if (left) {
    if (x.is_zero())
      return big_error::none;
    if (huge || x.bits() + std::int64_t{places} > bigint_bits_max)
      return big_error::too_big;
    BN_lshift(result.number_.get(), x.number_.get(), places);
    return big_error::none;
  }
  if (huge) {
    BN_set_word(result.number_.get(), x.is_negative() ? 1 : 0);
  } else {
    BN_copy(result.number_.get(), x.number_.get());
    BN_set_negative(result.number_.get(), 0);
    // Rounds towards minus infinity.
    if (x.is_negative())
      BN_sub_word(result.number_.get(), 1);
    BN_rshift(result.number_.get(), result.number_.get(), places);
    if (x.is_negative())
      BN_add_word(result.number_.get(), 1);
  }
  BN_set_negative(result.number_.get(), x.is_negative() ? 1 : 0);
  return big_error::none;
}

void big_integer::combine(int operation, const big_integer& x, const big_integer& y,
                          big_integer& result) {
  const auto size = static_cast<std::size_t>(std::max(x.bits(), y.bits())) / 8 + 2;
  auto left = complement_of(x.number_.get(), size);
  const auto right = complement_of(y.number_.get(), size);
  for (std::size_t i = 0; i < size; ++i)
    left[i] = static_cast<std::uint8_t>(operation == '&'   ? left[i] & right[i]
                                        : operation == '|' ? left[i] | right[i]
                                                           : left[i] ^ right[i]);
  from_complement(std::move(left), result.number_.get());
}

big_error big_integer::operate(int operation, const big_integer& x, const big_integer& y,
                               big_integer& result) {
  auto* out = result.number_.get();
  switch (operation) {
  case '+':
    BN_add(out, x.number_.get(), y.number_.get());
    break;
  case '-':
    BN_sub(out, x.number_.get(), y.number_.get());
    break;
  case '*': {
    if (std::int64_t{x.bits()} + y.bits() > bigint_bits_max)
      return big_error::too_big;
    const bignum_context context{BN_CTX_new()};
    BN_mul(out, x.number_.get(), y.number_.get(), context.get());
    break;
  }
  case '/':
    return divide(x, y, out, nullptr);
  case '%':
    return divide(x, y, nullptr, out);
  case 'e':
    return power(x, y, result);
  case 'l':
  case 'r':
    return shift(x, y, operation == 'l', result);
  default:
    combine(operation, x, y, result);
    break;
  }
  return within_limit(result);
}

big_integer big_integer::as_bits(std::uint64_t count, bool is_signed) const {
  const auto width = static_cast<std::uint64_t>(bits());
  big_integer result;
  if (count == 0)
    return result;
  if (count > width + 1 && (is_signed || !is_negative())) {
    BN_copy(result.number_.get(), number_.get());
    return result;
  }
  const auto places = static_cast<int>(count);
  auto bytes =
      complement_of(number_.get(), static_cast<std::size_t>(std::max(count, width)) / 8 + 2);
  const auto sign_bit = static_cast<std::size_t>(places - 1);
  const auto negative = is_signed && (bytes[sign_bit / 8] >> (sign_bit % 8) & 1) != 0;
  for (auto bit = static_cast<std::size_t>(places); bit < bytes.size() * 8;) {
    if (bit % 8 == 0) {
      bytes[bit / 8] = negative ? 0xFF : 0;
      bit += 8;
      continue;
    }
    const auto mask = static_cast<std::uint8_t>(1u << (bit % 8));
    bytes[bit / 8] =
        static_cast<std::uint8_t>(negative ? bytes[bit / 8] | mask : bytes[bit / 8] & ~mask);
    ++bit;
  }
  from_complement(std::move(bytes), result.number_.get());
  return result;
}

} // namespace offstage

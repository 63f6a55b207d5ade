// SPDX-License-Identifier: MIT
#pragma once
// Integers of any size, for BigInt: OpenSSL's numbers with the language's rules for them. A value;
// no Duktape. Its memory is outside script's heap, so bigint_bits_max bounds every result.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <openssl/bn.h>

namespace offstage {

struct bignum_deleter {
  void operator()(BIGNUM* number) const { BN_free(number); }
};

enum class big_error : std::uint8_t { none, too_big, division_by_zero, negative_exponent };

class big_integer {
public:
  big_integer() : number_(BN_new()) {}
  explicit big_integer(std::int64_t value);
  // An integral double.
  static big_integer from_double(double value);
  // ECMAScript: stringtobigint
  static std::optional<big_integer> parse(std::string_view text);
  static big_integer from_bytes(std::string_view big_endian, bool negative);

  bool is_negative() const { return BN_is_negative(number_.get()) != 0; }
  bool is_zero() const { return BN_is_zero(number_.get()) != 0; }
  int bits() const { return BN_num_bits(number_.get()); }
  std::string magnitude_bytes() const;
  std::string text(int radix) const;
  double to_double() const;
  // The lowest 64 bits of the two's complement.
  std::uint64_t low_bits() const;
  int compare(const big_integer& other) const { return BN_cmp(number_.get(), other.number_.get()); }

  // The operations of offstage_bigint_operate.
  static big_error operate(int operation, const big_integer& x, const big_integer& y,
                           big_integer& result);
  // ECMAScript: bigint.asintn, bigint.asuintn
  // Asking for more bits than bigint_bits_max of a negative number without sign is for the caller
  // to refuse.
  big_integer as_bits(std::uint64_t count, bool is_signed) const;

private:
  static big_error divide(const big_integer& x, const big_integer& y, BIGNUM* quotient,
                          BIGNUM* remainder);
  static big_error power(const big_integer& base, const big_integer& exponent, big_integer& result);
  static big_error shift(const big_integer& x, const big_integer& count, bool left,
                         big_integer& result);
  static void combine(int operation, const big_integer& x, const big_integer& y,
                      big_integer& result);

  std::unique_ptr<BIGNUM, bignum_deleter> number_;
};

} // namespace offstage

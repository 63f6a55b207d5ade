// SPDX-License-Identifier: MIT
#include "runtime/extras/crypto_keys.hpp"

#include <algorithm>
#include <array>

#include "runtime/extras/crypto_limits.hpp"
#include "runtime/extras/key_encoding.hpp"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/rsa.h>

namespace offstage {

namespace {

const char* group_of(std::string_view curve) {
  if (curve == "P-256")
    return "prime256v1";
  if (curve == "P-384")
    return "secp384r1";
  return curve == "P-521" ? "secp521r1" : nullptr;
}

std::string curve_of_group(std::string_view group) {
  for (const auto* curve : {"P-256", "P-384", "P-521"})
    if (group == group_of(curve))
      return curve;
  return {};
}

std::size_t coordinate_bytes(std::string_view curve) {
  return curve == "P-256" ? 32 : curve == "P-384" ? 48 : 66;
}

std::string curve_of(const EVP_PKEY* key) {
  char group[32] = {};
  if (EVP_PKEY_get_group_name(key, group, sizeof group, nullptr) != 1)
    return {};
  return curve_of_group(group);
}

std::optional<key_pair_encoding> encode_pair(const key_ptr& key) {
  auto secret = encode_key(key_part::private_key, key.get());
  auto open = encode_key(key_part::public_key, key.get());
  if (!secret || !open)
    return std::nullopt;
  return key_pair_encoding{std::move(*secret), std::move(*open)};
}

// A key of named numbers; the builder and what was pushed into it have to live until then.
class key_builder {
public:
  key_builder() : builder_(OSSL_PARAM_BLD_new()) {}

  void group(const char* name) {
    good_ = good_ && name != nullptr
            && OSSL_PARAM_BLD_push_utf8_string(builder_.get(), OSSL_PKEY_PARAM_GROUP_NAME, name, 0)
                   == 1;
  }

  void number(const char* name, std::string_view value) {
    bignum_ptr number{BN_secure_new()};
    good_ = good_ && !value.empty() && number
            && BN_bin2bn(octets(value), static_cast<int>(value.size()), number.get()) != nullptr
            && OSSL_PARAM_BLD_push_BN(builder_.get(), name, number.get()) == 1;
    if (good_)
      numbers_[count_++] = std::move(number);
  }

  // `value` has to outlive the builder.
  void bytes(const char* name, std::string_view value) {
    good_ =
        good_
        && OSSL_PARAM_BLD_push_octet_string(builder_.get(), name, octets(value), value.size()) == 1;
  }

  key_ptr build(key_family family, key_part part) {
    const params_ptr params{good_ ? OSSL_PARAM_BLD_to_param(builder_.get()) : nullptr};
    const key_context_ptr context{
        EVP_PKEY_CTX_new_from_name(nullptr, family == key_family::ec ? "EC" : "RSA", nullptr)};
    const int selection = part == key_part::public_key ? EVP_PKEY_PUBLIC_KEY : EVP_PKEY_KEYPAIR;
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1
        || EVP_PKEY_fromdata(context.get(), &key, selection, params.get()) != 1)
      return nullptr;
    key_ptr owner{key};
    return is_valid_key(family, part, key) ? std::move(owner) : nullptr;
  }

private:
  param_build_ptr builder_;
  std::array<bignum_ptr, rsa_numbers::private_count> numbers_;
  std::size_t count_ = 0;
  bool good_ = true;
};

std::optional<std::string> number_of(const EVP_PKEY* key, const char* name, std::size_t width) {
  BIGNUM* raw = nullptr;
  if (EVP_PKEY_get_bn_param(key, name, &raw) != 1)
    return std::nullopt;
  const bignum_ptr number{raw};
  const auto least = static_cast<std::size_t>(BN_num_bytes(raw));
  std::string out(std::max(width, least), '\0');
  if (BN_bn2binpad(raw, octets(out), static_cast<int>(out.size())) < 0)
    return std::nullopt;
  return out;
}

constexpr const char* rsa_names[] = {
    OSSL_PKEY_PARAM_RSA_N,         OSSL_PKEY_PARAM_RSA_E,
    OSSL_PKEY_PARAM_RSA_D,         OSSL_PKEY_PARAM_RSA_FACTOR1,
    OSSL_PKEY_PARAM_RSA_FACTOR2,   OSSL_PKEY_PARAM_RSA_EXPONENT1,
    OSSL_PKEY_PARAM_RSA_EXPONENT2, OSSL_PKEY_PARAM_RSA_COEFFICIENT1,
};

std::size_t count_of(key_part part) {
  return part == key_part::public_key ? rsa_numbers::public_count : rsa_numbers::private_count;
}

} // namespace

std::optional<key_pair_encoding> generate_ec_keys(std::string_view curve) {
  const auto* group = group_of(curve);
  if (group == nullptr)
    return std::nullopt;
  return encode_pair(key_ptr{EVP_EC_gen(group)});
}

std::optional<key_pair_encoding> generate_rsa_keys(std::uint32_t bits, std::string_view exponent) {
  if (bits < rsa_generate_bits_min || bits > rsa_generate_bits_max
      || exponent.size() > rsa_exponent_bytes_max)
    return std::nullopt;
  const bignum_ptr number{BN_bin2bn(octets(exponent), static_cast<int>(exponent.size()), nullptr)};
  const key_context_ptr context{EVP_PKEY_CTX_new_from_name(nullptr, "RSA", nullptr)};
  // Looking for primes ends only if the exponent is one that public keys have.
  if (!number || !context || BN_is_odd(number.get()) == 0 || BN_get_word(number.get()) < 3
      || EVP_PKEY_keygen_init(context.get()) != 1
      || EVP_PKEY_CTX_set_rsa_keygen_bits(context.get(), static_cast<int>(bits)) != 1
      || EVP_PKEY_CTX_set1_rsa_keygen_pubexp(context.get(), number.get()) != 1)
    return std::nullopt;
  EVP_PKEY* key = nullptr;
  if (EVP_PKEY_generate(context.get(), &key) != 1)
    return std::nullopt;
  return encode_pair(key_ptr{key});
}

crypto_result import_key(key_family family, key_part part, std::string_view der) {
  const auto key = parse_key(part, der);
  if (!key || !is_valid_key(family, part, key.get()))
    return std::nullopt;
  return encode_key(part, key.get());
}

std::string curve_of(key_part part, std::string_view key) {
  const auto parsed = parse_key(part, key);
  return parsed ? curve_of(parsed.get()) : std::string{};
}

crypto_result import_ec_point(std::string_view curve, std::string_view point) {
  if (point.empty() || point.size() > 1 + 2 * coordinate_bytes(curve))
    return std::nullopt;
  key_builder builder;
  builder.group(group_of(curve));
  builder.bytes(OSSL_PKEY_PARAM_PUB_KEY, point);
  const auto key = builder.build(key_family::ec, key_part::public_key);
  const auto encoded = encode_key(key_part::public_key, key.get());
  const auto numbers = encoded ? export_ec_numbers(key_part::public_key, *encoded) : std::nullopt;
  // A compressed point is written out whole: one key has one encoding.
  return numbers ? import_ec_numbers(curve, key_part::public_key, *numbers) : std::nullopt;
}

crypto_result export_ec_point(std::string_view public_key) {
  auto numbers = export_ec_numbers(key_part::public_key, public_key);
  if (!numbers)
    return std::nullopt;
  return "\x04" + numbers->x + numbers->y;
}

crypto_result import_ec_numbers(std::string_view curve, key_part part, const ec_numbers& numbers) {
  const auto width = coordinate_bytes(curve);
  const bool is_private = part == key_part::private_key;
  if (numbers.x.size() != width || numbers.y.size() != width
      || (is_private && numbers.d.size() != width))
    return std::nullopt;
  const auto point = "\x04" + numbers.x + numbers.y;
  key_builder builder;
  builder.group(group_of(curve));
  builder.bytes(OSSL_PKEY_PARAM_PUB_KEY, point);
  if (is_private)
    builder.number(OSSL_PKEY_PARAM_PRIV_KEY, numbers.d);
  const auto key = builder.build(key_family::ec, part);
  return key ? encode_key(part, key.get()) : std::nullopt;
}

std::optional<ec_numbers> export_ec_numbers(key_part part, std::string_view key) {
  const auto parsed = parse_key(part, key);
  if (!parsed)
    return std::nullopt;
  const auto width = coordinate_bytes(curve_of(parsed.get()));
  auto x = number_of(parsed.get(), OSSL_PKEY_PARAM_EC_PUB_X, width);
  auto y = number_of(parsed.get(), OSSL_PKEY_PARAM_EC_PUB_Y, width);
  auto d = part == key_part::private_key ? number_of(parsed.get(), OSSL_PKEY_PARAM_PRIV_KEY, width)
                                         : std::optional<std::string>{""};
  if (!x || !y || !d)
    return std::nullopt;
  return ec_numbers{std::move(*x), std::move(*y), std::move(*d)};
}

crypto_result import_rsa_numbers(key_part part, const rsa_numbers& numbers) {
  key_builder builder;
  for (std::size_t i = 0; i < count_of(part); ++i)
    builder.number(rsa_names[i], numbers.values[i]);
  const auto key = builder.build(key_family::rsa, part);
  return key ? encode_key(part, key.get()) : std::nullopt;
}

std::optional<rsa_numbers> export_rsa_numbers(key_part part, std::string_view key) {
  const auto parsed = parse_key(part, key);
  if (!parsed)
    return std::nullopt;
  rsa_numbers numbers;
  for (std::size_t i = 0; i < count_of(part); ++i) {
    auto value = number_of(parsed.get(), rsa_names[i], 1);
    if (!value)
      return std::nullopt;
    numbers.values[i] = std::move(*value);
  }
  return numbers;
}

} // namespace offstage

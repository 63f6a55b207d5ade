// SPDX-License-Identifier: MIT
#pragma once
// Asymmetric keys and what is done with them. A key is its DER encoding: PKCS#8 if private,
// SubjectPublicKeyInfo if public, always as OpenSSL writes it. Pure functions; what OpenSSL refuses
// is an empty result.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/extras/crypto.hpp"

namespace offstage {

enum class key_family : std::uint8_t { ec, rsa };
enum class key_part : std::uint8_t { public_key, private_key };

struct key_pair_encoding {
  std::string private_key;
  std::string public_key;
};

// "P-256", "P-384" or "P-521".
std::optional<key_pair_encoding> generate_ec_keys(std::string_view curve);
// The exponent is big-endian.
std::optional<key_pair_encoding> generate_rsa_keys(std::uint32_t bits, std::string_view exponent);

// Parses a foreign encoding; what is not wholly a valid key of the family is refused.
crypto_result import_key(key_family family, key_part part, std::string_view der);

// Numbers are big-endian, as JSON Web Keys have them: coordinates and d have the curve's width.
struct ec_numbers {
  std::string x;
  std::string y;
  std::string d;
};

// Empty if the key is of none of the three curves.
std::string curve_of(key_part part, std::string_view key);
crypto_result import_ec_point(std::string_view curve, std::string_view point);
crypto_result export_ec_point(std::string_view public_key);
crypto_result import_ec_numbers(std::string_view curve, key_part part, const ec_numbers& numbers);
std::optional<ec_numbers> export_ec_numbers(key_part part, std::string_view key);

// n, e, then for private keys d, p, q, dp, dq, qi.
struct rsa_numbers {
  static constexpr std::size_t public_count = 2;
  static constexpr std::size_t private_count = 8;
  std::string values[private_count];
};

crypto_result import_rsa_numbers(key_part part, const rsa_numbers& numbers);
std::optional<rsa_numbers> export_rsa_numbers(key_part part, std::string_view key);

enum class signature_kind : std::uint8_t { ecdsa, rsa_pkcs1, rsa_pss };

struct signature_scheme {
  signature_kind kind = signature_kind::ecdsa;
  std::string_view hash;
  int salt_bytes = 0; // of rsa_pss
};

// ECDSA signatures are r and s of the curve's width, one after the other.
crypto_result make_signature(const signature_scheme& scheme, std::string_view private_key,
                             std::string_view data);
bool is_signature(const signature_scheme& scheme, std::string_view public_key,
                  std::string_view signature, std::string_view data);

struct oaep_parameters {
  std::string_view hash;
  std::string_view label;
};

// Encrypts with a public key, decrypts with a private one.
crypto_result rsa_oaep(cipher_direction direction, std::string_view key,
                       const oaep_parameters& parameters, std::string_view data);
crypto_result derive_ecdh(std::string_view private_key, std::string_view public_key);

} // namespace offstage

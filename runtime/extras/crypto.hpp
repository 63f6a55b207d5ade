// SPDX-License-Identifier: MIT
#pragma once
// The cryptographic operations of the Web Cryptography API on bytes, through OpenSSL's EVP
// interface only. Pure functions: nothing is kept between two calls, keys are bytes of the caller.
// Every result is empty when OpenSSL refuses, which is an OperationError to script.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offstage {

using crypto_result = std::optional<std::string>;

// "SHA-1", "SHA-256", "SHA-384" or "SHA-512".
crypto_result compute_digest(std::string_view hash, std::string_view data);
crypto_result compute_hmac(std::string_view hash, std::string_view key, std::string_view data);
bool equal_in_constant_time(std::string_view left, std::string_view right);
crypto_result random_bytes(std::size_t count);

enum class cipher_direction : std::uint8_t { encrypt, decrypt };

// AES-CBC with PKCS#7 padding. Spec: WebCryptoAPI#aes-cbc-operations
crypto_result aes_cbc(cipher_direction direction, std::string_view key, std::string_view iv,
                      std::string_view data);
// The lowest `counter_bits` of the block are the counter. Spec: WebCryptoAPI#aes-ctr-operations
crypto_result aes_ctr(std::string_view key, std::string_view counter, unsigned counter_bits,
                      std::string_view data);

struct gcm_parameters {
  std::string_view iv;
  std::string_view additional;
  std::size_t tag_bytes = 16;
};

// The tag follows the text. Spec: WebCryptoAPI#aes-gcm-operations
crypto_result aes_gcm(cipher_direction direction, std::string_view key,
                      const gcm_parameters& parameters, std::string_view data);
// Spec: WebCryptoAPI#aes-kw-operations
crypto_result aes_key_wrap(cipher_direction direction, std::string_view key, std::string_view data);

struct pbkdf2_parameters {
  std::string_view hash;
  std::string_view salt;
  std::uint32_t iterations = 0;
};

crypto_result derive_pbkdf2(std::string_view password, const pbkdf2_parameters& parameters,
                            std::size_t bytes);

struct hkdf_parameters {
  std::string_view hash;
  std::string_view salt;
  std::string_view info;
};

crypto_result derive_hkdf(std::string_view key, const hkdf_parameters& parameters,
                          std::size_t bytes);

} // namespace offstage

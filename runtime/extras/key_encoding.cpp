// SPDX-License-Identifier: MIT
#include "runtime/extras/key_encoding.hpp"

#include "runtime/extras/crypto_limits.hpp"

namespace offstage {

namespace {

key_ptr parse_private(std::string_view der) {
  const auto* at = octets(der);
  const auto* end = at + der.size();
  const private_key_info_ptr info{
      d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(der.size()))};
  return key_ptr{info && at == end ? EVP_PKCS82PKEY(info.get()) : nullptr};
}

key_ptr parse_public(std::string_view der) {
  const auto* at = octets(der);
  const auto* end = at + der.size();
  key_ptr key{d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size()))};
  return at == end ? std::move(key) : nullptr;
}

std::string take_bytes(unsigned char* bytes, int size) {
  std::string out{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)};
  OPENSSL_clear_free(bytes, static_cast<std::size_t>(size));
  return out;
}

bool is_rsa_within_limits(const EVP_PKEY* key) {
  BIGNUM* exponent = nullptr;
  if (EVP_PKEY_get_bn_param(key, "e", &exponent) != 1)
    return false;
  const bignum_ptr owner{exponent};
  return EVP_PKEY_get_bits(key) <= rsa_import_bits_max
         && static_cast<std::size_t>(BN_num_bytes(exponent)) <= rsa_exponent_bytes_max;
}

bool passes_checks(key_family family, key_part part, EVP_PKEY* key) {
  const key_context_ptr context{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
  if (!context)
    return false;
  if (part == key_part::private_key)
    return EVP_PKEY_pairwise_check(context.get()) == 1;
  // RSA's check of a public key refuses short keys, which the Web Cryptography API lets in.
  return family == key_family::rsa || EVP_PKEY_public_check(context.get()) == 1;
}

} // namespace

key_ptr parse_key(key_part part, std::string_view der) {
  if (der.empty() || der.size() > key_encoding_bytes_max)
    return nullptr;
  return part == key_part::private_key ? parse_private(der) : parse_public(der);
}

crypto_result encode_key(key_part part, const EVP_PKEY* key) {
  if (key == nullptr)
    return std::nullopt;
  unsigned char* bytes = nullptr;
  int size = -1;
  if (part == key_part::public_key) {
    size = i2d_PUBKEY(key, &bytes);
  } else if (const private_key_info_ptr info{EVP_PKEY2PKCS8(key)}) {
    size = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &bytes);
  }
  if (size <= 0)
    return std::nullopt;
  return take_bytes(bytes, size);
}

bool is_valid_key(key_family family, key_part part, EVP_PKEY* key) {
  if (family == key_family::ec)
    return EVP_PKEY_is_a(key, "EC") == 1 && passes_checks(family, part, key);
  return EVP_PKEY_is_a(key, "RSA") == 1 && is_rsa_within_limits(key)
         && passes_checks(family, part, key);
}

} // namespace offstage

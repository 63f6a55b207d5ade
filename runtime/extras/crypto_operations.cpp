// SPDX-License-Identifier: MIT
// Signatures, encryption and agreement with asymmetric keys.
#include "runtime/extras/key_encoding.hpp"

#include <openssl/rsa.h>

namespace offstage {

namespace {

std::size_t field_bytes(const EVP_PKEY* key) {
  return static_cast<std::size_t>(EVP_PKEY_get_bits(key) + 7) / 8;
}

crypto_result plain_from_der(std::string_view der, std::size_t width) {
  const auto* at = octets(der);
  const ecdsa_signature_ptr signature{d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()))};
  std::string out(2 * width, '\0');
  const auto size = static_cast<int>(width);
  if (!signature || BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), octets(out), size) < 0
      || BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), octets(out) + width, size) < 0)
    return std::nullopt;
  return out;
}

crypto_result der_from_plain(std::string_view plain, std::size_t width) {
  const ecdsa_signature_ptr signature{ECDSA_SIG_new()};
  const auto size = static_cast<int>(width);
  if (!signature || plain.size() != 2 * width)
    return std::nullopt;
  bignum_ptr r{BN_bin2bn(octets(plain), size, nullptr)};
  bignum_ptr s{BN_bin2bn(octets(plain) + width, size, nullptr)};
  if (!r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1)
    return std::nullopt;
  static_cast<void>(r.release());
  static_cast<void>(s.release());
  unsigned char* bytes = nullptr;
  const auto count = i2d_ECDSA_SIG(signature.get(), &bytes);
  if (count <= 0)
    return std::nullopt;
  std::string out{reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(count)};
  OPENSSL_free(bytes);
  return out;
}

bool set_padding(const signature_scheme& scheme, EVP_PKEY_CTX* context) {
  switch (scheme.kind) {
  case signature_kind::ecdsa:
    return true;
  case signature_kind::rsa_pkcs1:
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  case signature_kind::rsa_pss:
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1
           && EVP_PKEY_CTX_set_rsa_pss_saltlen(context, scheme.salt_bytes) == 1;
  }
  return false;
}

bool set_oaep(const oaep_parameters& parameters, EVP_PKEY_CTX* context) {
  const auto* md = message_digest(parameters.hash);
  if (md == nullptr || EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) != 1
      || EVP_PKEY_CTX_set_rsa_oaep_md(context, md) != 1
      || EVP_PKEY_CTX_set_rsa_mgf1_md(context, md) != 1)
    return false;
  if (parameters.label.empty())
    return true;
  auto* label = OPENSSL_memdup(parameters.label.data(), parameters.label.size());
  if (EVP_PKEY_CTX_set0_rsa_oaep_label(context, label, static_cast<int>(parameters.label.size()))
      == 1)
    return true;
  OPENSSL_free(label);
  return false;
}

} // namespace

crypto_result make_signature(const signature_scheme& scheme, std::string_view private_key,
                             std::string_view data) {
  const auto key = parse_key(key_part::private_key, private_key);
  const auto* md = message_digest(scheme.hash);
  const digest_context_ptr context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* options = nullptr; // belongs to the context
  if (!key || md == nullptr || !context
      || EVP_DigestSignInit(context.get(), &options, md, nullptr, key.get()) != 1
      || !set_padding(scheme, options))
    return std::nullopt;
  std::size_t size = 0;
  if (EVP_DigestSign(context.get(), nullptr, &size, octets(data), data.size()) != 1)
    return std::nullopt;
  std::string out(size, '\0');
  if (EVP_DigestSign(context.get(), octets(out), &size, octets(data), data.size()) != 1)
    return std::nullopt;
  out.resize(size);
  return scheme.kind == signature_kind::ecdsa ? plain_from_der(out, field_bytes(key.get()))
                                              : crypto_result{std::move(out)};
}

bool is_signature(const signature_scheme& scheme, std::string_view public_key,
                  std::string_view signature, std::string_view data) {
  const auto key = parse_key(key_part::public_key, public_key);
  const auto* md = message_digest(scheme.hash);
  const digest_context_ptr context{EVP_MD_CTX_new()};
  EVP_PKEY_CTX* options = nullptr; // belongs to the context
  if (!key || md == nullptr || !context
      || EVP_DigestVerifyInit(context.get(), &options, md, nullptr, key.get()) != 1
      || !set_padding(scheme, options))
    return false;
  const auto encoded = scheme.kind == signature_kind::ecdsa
                           ? der_from_plain(signature, field_bytes(key.get()))
                           : crypto_result{std::string{signature}};
  return encoded
         && EVP_DigestVerify(context.get(), octets(std::string_view{*encoded}), encoded->size(),
                             octets(data), data.size())
                == 1;
}

crypto_result rsa_oaep(cipher_direction direction, std::string_view key,
                       const oaep_parameters& parameters, std::string_view data) {
  const bool encrypts = direction == cipher_direction::encrypt;
  const auto parsed = parse_key(encrypts ? key_part::public_key : key_part::private_key, key);
  const key_context_ptr context{parsed ? EVP_PKEY_CTX_new_from_pkey(nullptr, parsed.get(), nullptr)
                                       : nullptr};
  const auto init = encrypts ? EVP_PKEY_encrypt_init : EVP_PKEY_decrypt_init;
  const auto run = encrypts ? EVP_PKEY_encrypt : EVP_PKEY_decrypt;
  if (!context || init(context.get()) != 1 || !set_oaep(parameters, context.get()))
    return std::nullopt;
  std::size_t size = 0;
  if (run(context.get(), nullptr, &size, octets(data), data.size()) != 1)
    return std::nullopt;
  std::string out(size, '\0');
  if (run(context.get(), octets(out), &size, octets(data), data.size()) != 1)
    return std::nullopt;
  out.resize(size);
  return out;
}

crypto_result derive_ecdh(std::string_view private_key, std::string_view public_key) {
  const auto own = parse_key(key_part::private_key, private_key);
  const auto peer = parse_key(key_part::public_key, public_key);
  const key_context_ptr context{own ? EVP_PKEY_CTX_new_from_pkey(nullptr, own.get(), nullptr)
                                    : nullptr};
  std::size_t size = 0;
  if (!context || !peer || EVP_PKEY_derive_init(context.get()) != 1
      || EVP_PKEY_derive_set_peer(context.get(), peer.get()) != 1
      || EVP_PKEY_derive(context.get(), nullptr, &size) != 1)
    return std::nullopt;
  std::string out(size, '\0');
  if (EVP_PKEY_derive(context.get(), octets(out), &size) != 1)
    return std::nullopt;
  out.resize(size);
  return out;
}

} // namespace offstage

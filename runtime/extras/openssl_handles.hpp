// SPDX-License-Identifier: MIT
#pragma once
// Owners of OpenSSL's objects, for the crypto sources only.

#include <memory>
#include <string>
#include <string_view>

#include <openssl/bn.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/x509.h>

namespace offstage {

template <auto Free>
struct openssl_deleter {
  template <class T>
  void operator()(T* value) const {
    Free(value);
  }
};

template <class T, auto Free>
using openssl_ptr = std::unique_ptr<T, openssl_deleter<Free>>;

using bignum_ptr = openssl_ptr<BIGNUM, BN_clear_free>;
using cipher_context_ptr = openssl_ptr<EVP_CIPHER_CTX, EVP_CIPHER_CTX_free>;
using cipher_ptr = openssl_ptr<EVP_CIPHER, EVP_CIPHER_free>;
using digest_context_ptr = openssl_ptr<EVP_MD_CTX, EVP_MD_CTX_free>;
using ecdsa_signature_ptr = openssl_ptr<ECDSA_SIG, ECDSA_SIG_free>;
using kdf_context_ptr = openssl_ptr<EVP_KDF_CTX, EVP_KDF_CTX_free>;
using kdf_ptr = openssl_ptr<EVP_KDF, EVP_KDF_free>;
using key_context_ptr = openssl_ptr<EVP_PKEY_CTX, EVP_PKEY_CTX_free>;
using key_ptr = openssl_ptr<EVP_PKEY, EVP_PKEY_free>;
using param_build_ptr = openssl_ptr<OSSL_PARAM_BLD, OSSL_PARAM_BLD_free>;
using params_ptr = openssl_ptr<OSSL_PARAM, OSSL_PARAM_free>;
using private_key_info_ptr = openssl_ptr<PKCS8_PRIV_KEY_INFO, PKCS8_PRIV_KEY_INFO_free>;

// Null for a hash that the Web Cryptography API does not have.
const EVP_MD* message_digest(std::string_view hash);

inline const unsigned char* octets(std::string_view bytes) {
  // OpenSSL takes a null pointer for an absent value, which an empty one is not.
  return reinterpret_cast<const unsigned char*>(bytes.empty() ? "" : bytes.data());
}

inline unsigned char* octets(std::string& bytes) {
  return reinterpret_cast<unsigned char*>(bytes.data());
}

} // namespace offstage

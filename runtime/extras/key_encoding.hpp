// SPDX-License-Identifier: MIT
#pragma once
// OpenSSL keys from and to DER, for the crypto sources only.

#include <string_view>

#include "runtime/extras/crypto_keys.hpp"
#include "runtime/extras/openssl_handles.hpp"

namespace offstage {

// Null unless all of the bytes are one key.
key_ptr parse_key(key_part part, std::string_view der);
crypto_result encode_key(key_part part, const EVP_PKEY* key);
// Of the family, within the limits, on its curve; for a private key also that the halves match.
bool is_valid_key(key_family family, key_part part, EVP_PKEY* key);

} // namespace offstage

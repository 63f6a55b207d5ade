// SPDX-License-Identifier: MIT
#pragma once
// Limits of cryptographic operations. They run to their end on the script's thread, out of reach of
// its execution deadline, so none may take much longer than a second.

#include <cstddef>
#include <cstdint>

namespace offstage {

// Iterations times blocks of PBKDF2: about two seconds of SHA-512. Password managers use 600,000.
inline constexpr std::uint64_t pbkdf2_work_max = 4'000'000;
// Generating 4096 bits takes about a second; twice as many take ten.
inline constexpr std::uint32_t rsa_generate_bits_max = 4096;
inline constexpr std::uint32_t rsa_generate_bits_min = 1024;
// OpenSSL verifies no longer keys.
inline constexpr int rsa_import_bits_max = 16'384;
// An exponent of 32 bits: longer ones make verifying slow and are used by nobody.
inline constexpr std::size_t rsa_exponent_bytes_max = 4;
// One secret key, and the bits that one call derives.
inline constexpr std::size_t secret_bytes_max = 1u << 20;
// Encoded keys that are parsed: an RSA key of 16,384 bits takes 9 KB.
inline constexpr std::size_t key_encoding_bytes_max = 64u << 10;

} // namespace offstage

// SPDX-License-Identifier: MIT
// What the crypto chunks of runtime/js/extras need. Arguments are strings, numbers and bytes that
// those files have checked; a result that OpenSSL refused is undefined.
#include <algorithm>
#include <cstring>
#include <initializer_list>

#include "runtime/extras/base64url.hpp"
#include "runtime/extras/crypto.hpp"
#include "runtime/extras/crypto_keys.hpp"
#include "runtime/extras/crypto_limits.hpp"
#include "runtime/extras/extras.hpp"
#include "runtime/extras/values.hpp"

namespace offstage {

namespace {

js_result<int> push_result(duk_context* ctx, const crypto_result& result) {
  if (!result)
    return 0;
  return push_byte_array(ctx, *result);
}

js_result<int> push_list(duk_context* ctx, std::initializer_list<std::string_view> values) {
  auto pushed = protect(ctx, 1, [&](duk_context* inner) {
    duk_push_array(inner);
    duk_uarridx_t at = 0;
    for (const auto value : values) {
      push_byte_array_raw(inner, value);
      duk_put_prop_index(inner, -2, at++);
    }
  });
  if (!pushed)
    return pushed.error();
  return 1;
}

js_result<int> push_pair(duk_context* ctx, const std::optional<key_pair_encoding>& pair) {
  if (!pair)
    return 0;
  return push_list(ctx, {pair->private_key, pair->public_key});
}

std::size_t size_argument(duk_context* ctx, duk_idx_t index) {
  return static_cast<std::size_t>(std::max(duk_get_number(ctx, index), 0.0));
}

cipher_direction direction_argument(duk_context* ctx, duk_idx_t index) {
  return duk_get_boolean(ctx, index) ? cipher_direction::encrypt : cipher_direction::decrypt;
}

key_part part_argument(duk_context* ctx, duk_idx_t index) {
  return duk_get_boolean(ctx, index) ? key_part::private_key : key_part::public_key;
}

// copy(bytes, count): all, or the first so many
js_result<int> copy(duk_context* ctx) {
  const auto bytes = byte_argument(ctx, 0);
  return push_byte_array(ctx,
                         duk_is_number(ctx, 1) ? bytes.substr(0, size_argument(ctx, 1)) : bytes);
}

// digest(hash, data)
js_result<int> digest(duk_context* ctx) {
  return push_result(ctx, compute_digest(text_argument(ctx, 0), byte_argument(ctx, 1)));
}

// hmac(hash, key, data)
js_result<int> hmac(duk_context* ctx) {
  return push_result(
      ctx, compute_hmac(text_argument(ctx, 0), byte_argument(ctx, 1), byte_argument(ctx, 2)));
}

// same(left, right)
js_result<int> same(duk_context* ctx) {
  return push_flag(ctx, equal_in_constant_time(byte_argument(ctx, 0), byte_argument(ctx, 1)));
}

// random(count)
js_result<int> random(duk_context* ctx) {
  return push_result(ctx, random_bytes(size_argument(ctx, 0)));
}

// fillRandom(view)
js_result<int> fill_random(duk_context* ctx) {
  duk_size_t size = 0;
  auto* to = duk_get_buffer_data(ctx, 0, &size);
  const auto bytes = random_bytes(size);
  if (!bytes)
    return js_error::dom("OperationError", "There is no randomness");
  if (to != nullptr)
    std::memcpy(to, bytes->data(), size);
  return 0;
}

// Spec: WebCryptoAPI#Crypto-method-randomUUID
js_result<int> random_uuid(duk_context* ctx) {
  auto bytes = random_bytes(16);
  if (!bytes)
    return js_error::dom("OperationError", "There is no randomness");
  auto& octets = *bytes;
  octets[6] = static_cast<char>((octets[6] & 0x0F) | 0x40);
  octets[8] = static_cast<char>((octets[8] & 0x3F) | 0x80);
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (std::size_t i = 0; i < octets.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      text += '-';
    text += digits[static_cast<unsigned char>(octets[i]) >> 4];
    text += digits[static_cast<unsigned char>(octets[i]) & 15];
  }
  return push_utf8(ctx, text);
}

// aesCbc(encrypts, key, iv, data)
js_result<int> run_cbc(duk_context* ctx) {
  return push_result(ctx, aes_cbc(direction_argument(ctx, 0), byte_argument(ctx, 1),
                                  byte_argument(ctx, 2), byte_argument(ctx, 3)));
}

// aesCtr(key, counter, bits, data)
js_result<int> run_ctr(duk_context* ctx) {
  return push_result(ctx,
                     aes_ctr(byte_argument(ctx, 0), byte_argument(ctx, 1),
                             static_cast<unsigned>(size_argument(ctx, 2)), byte_argument(ctx, 3)));
}

// aesGcm(encrypts, key, iv, additional, tagBytes, data)
js_result<int> run_gcm(duk_context* ctx) {
  const gcm_parameters parameters{byte_argument(ctx, 2), byte_argument(ctx, 3),
                                  size_argument(ctx, 4)};
  return push_result(ctx, aes_gcm(direction_argument(ctx, 0), byte_argument(ctx, 1), parameters,
                                  byte_argument(ctx, 5)));
}

// aesKw(wraps, key, data)
js_result<int> run_kw(duk_context* ctx) {
  return push_result(
      ctx, aes_key_wrap(direction_argument(ctx, 0), byte_argument(ctx, 1), byte_argument(ctx, 2)));
}

// pbkdf2(hash, password, salt, iterations, bytes)
js_result<int> run_pbkdf2(duk_context* ctx) {
  const auto hash = text_argument(ctx, 0);
  const pbkdf2_parameters parameters{hash, byte_argument(ctx, 2),
                                     static_cast<std::uint32_t>(size_argument(ctx, 3))};
  return push_result(ctx, derive_pbkdf2(byte_argument(ctx, 1), parameters, size_argument(ctx, 4)));
}

// hkdf(hash, key, salt, info, bytes)
js_result<int> run_hkdf(duk_context* ctx) {
  const auto hash = text_argument(ctx, 0);
  const hkdf_parameters parameters{hash, byte_argument(ctx, 2), byte_argument(ctx, 3)};
  return push_result(ctx, derive_hkdf(byte_argument(ctx, 1), parameters, size_argument(ctx, 4)));
}

// generateEc(curve): [private, public]
js_result<int> generate_ec(duk_context* ctx) {
  return push_pair(ctx, generate_ec_keys(text_argument(ctx, 0)));
}

// generateRsa(bits, exponent): [private, public]
js_result<int> generate_rsa(duk_context* ctx) {
  return push_pair(ctx, generate_rsa_keys(static_cast<std::uint32_t>(size_argument(ctx, 0)),
                                          byte_argument(ctx, 1)));
}

// importKey(family, isPrivate, der)
js_result<int> import_der(duk_context* ctx) {
  const auto family = text_argument(ctx, 0) == "EC" ? key_family::ec : key_family::rsa;
  return push_result(ctx, import_key(family, part_argument(ctx, 1), byte_argument(ctx, 2)));
}

// curveOf(isPrivate, key)
js_result<int> key_curve(duk_context* ctx) {
  return push_utf8(ctx, curve_of(part_argument(ctx, 0), byte_argument(ctx, 1)));
}

// importEcPoint(curve, point)
js_result<int> import_point(duk_context* ctx) {
  return push_result(ctx, import_ec_point(text_argument(ctx, 0), byte_argument(ctx, 1)));
}

// exportEcPoint(publicKey)
js_result<int> export_point(duk_context* ctx) {
  return push_result(ctx, export_ec_point(byte_argument(ctx, 0)));
}

// importEcNumbers(curve, isPrivate, x, y, d)
js_result<int> import_ec(duk_context* ctx) {
  const ec_numbers numbers{std::string{byte_argument(ctx, 2)}, std::string{byte_argument(ctx, 3)},
                           std::string{byte_argument(ctx, 4)}};
  return push_result(ctx, import_ec_numbers(text_argument(ctx, 0), part_argument(ctx, 1), numbers));
}

// exportEcNumbers(isPrivate, key): [x, y, d]
js_result<int> export_ec(duk_context* ctx) {
  const auto numbers = export_ec_numbers(part_argument(ctx, 0), byte_argument(ctx, 1));
  if (!numbers)
    return 0;
  return push_list(ctx, {numbers->x, numbers->y, numbers->d});
}

// importRsaNumbers(isPrivate, numbers)
js_result<int> import_rsa(duk_context* ctx) {
  rsa_numbers numbers;
  // The array is the chunk's own: reading it neither runs script nor fails.
  for (duk_uarridx_t i = 0; i < rsa_numbers::private_count; ++i) {
    duk_get_prop_index(ctx, 1, i);
    numbers.values[i] = byte_argument(ctx, -1);
    duk_pop(ctx);
  }
  return push_result(ctx, import_rsa_numbers(part_argument(ctx, 0), numbers));
}

// exportRsaNumbers(isPrivate, key): n, e and, of a private key, the six others
js_result<int> export_rsa(duk_context* ctx) {
  const auto part = part_argument(ctx, 0);
  const auto numbers = export_rsa_numbers(part, byte_argument(ctx, 1));
  if (!numbers)
    return 0;
  const auto& v = numbers->values;
  if (part == key_part::public_key)
    return push_list(ctx, {v[0], v[1]});
  return push_list(ctx, {v[0], v[1], v[2], v[3], v[4], v[5], v[6], v[7]});
}

signature_kind signature_kind_of(std::string_view name) {
  if (name == "ECDSA")
    return signature_kind::ecdsa;
  return name == "RSA-PSS" ? signature_kind::rsa_pss : signature_kind::rsa_pkcs1;
}

// sign(kind, hash, saltBytes, privateKey, data)
js_result<int> sign(duk_context* ctx) {
  const auto hash = text_argument(ctx, 1);
  const signature_scheme scheme{signature_kind_of(text_argument(ctx, 0)), hash,
                                static_cast<int>(size_argument(ctx, 2))};
  return push_result(ctx, make_signature(scheme, byte_argument(ctx, 3), byte_argument(ctx, 4)));
}

// verify(kind, hash, saltBytes, publicKey, signature, data)
js_result<int> verify(duk_context* ctx) {
  const auto hash = text_argument(ctx, 1);
  const signature_scheme scheme{signature_kind_of(text_argument(ctx, 0)), hash,
                                static_cast<int>(size_argument(ctx, 2))};
  return push_flag(ctx, is_signature(scheme, byte_argument(ctx, 3), byte_argument(ctx, 4),
                                     byte_argument(ctx, 5)));
}

// oaep(encrypts, hash, key, label, data)
js_result<int> run_oaep(duk_context* ctx) {
  const auto hash = text_argument(ctx, 1);
  const oaep_parameters parameters{hash, byte_argument(ctx, 3)};
  return push_result(ctx, rsa_oaep(direction_argument(ctx, 0), byte_argument(ctx, 2), parameters,
                                   byte_argument(ctx, 4)));
}

// ecdh(privateKey, publicKey)
js_result<int> run_ecdh(duk_context* ctx) {
  return push_result(ctx, derive_ecdh(byte_argument(ctx, 0), byte_argument(ctx, 1)));
}

// toBase64Url(bytes)
js_result<int> to_base64url(duk_context* ctx) {
  return push_utf8(ctx, encode_base64url(byte_argument(ctx, 0)));
}

// fromBase64Url(text)
js_result<int> from_base64url(duk_context* ctx) {
  return push_result(ctx, decode_base64url(text_argument(ctx, 0)));
}

constexpr native_entry functions[] = {
    {"copy", native<copy>, 2, 2},
    {"digest", native<digest>, 2, 2},
    {"hmac", native<hmac>, 3, 3},
    {"same", native<same>, 2, 2},
    {"random", native<random>, 1, 1},
    {"fillRandom", native<fill_random>, 1, 1},
    {"randomUuid", native<random_uuid>, 0, 0},
    {"aesCbc", native<run_cbc>, 4, 4},
    {"aesCtr", native<run_ctr>, 4, 4},
    {"aesGcm", native<run_gcm>, 6, 6},
    {"aesKw", native<run_kw>, 3, 3},
    {"pbkdf2", native<run_pbkdf2>, 5, 5},
    {"hkdf", native<run_hkdf>, 5, 5},
    {"generateEc", native<generate_ec>, 1, 1},
    {"generateRsa", native<generate_rsa>, 2, 2},
    {"importKey", native<import_der>, 3, 3},
    {"curveOf", native<key_curve>, 2, 2},
    {"importEcPoint", native<import_point>, 2, 2},
    {"exportEcPoint", native<export_point>, 1, 1},
    {"importEcNumbers", native<import_ec>, 5, 5},
    {"exportEcNumbers", native<export_ec>, 2, 2},
    {"importRsaNumbers", native<import_rsa>, 2, 2},
    {"exportRsaNumbers", native<export_rsa>, 2, 2},
    {"sign", native<sign>, 5, 5},
    {"verify", native<verify>, 6, 6},
    {"oaep", native<run_oaep>, 5, 5},
    {"ecdh", native<run_ecdh>, 2, 2},
    {"toBase64Url", native<to_base64url>, 1, 1},
    {"fromBase64Url", native<from_base64url>, 1, 1},
};

} // namespace

void install_crypto_extras(duk_context* ctx) {
  define_natives(ctx, -1, functions);
  duk_push_number(ctx, static_cast<duk_double_t>(secret_bytes_max));
  duk_put_prop_literal(ctx, -2, "secretBytesMax");
}

} // namespace offstage

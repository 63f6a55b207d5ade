// SPDX-License-Identifier: MIT
#include <algorithm>
#include <climits>

#include "runtime/extras/crypto.hpp"
#include "runtime/extras/crypto_limits.hpp"
#include "runtime/extras/openssl_handles.hpp"

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/params.h>
#include <openssl/rand.h>

namespace offstage {

namespace {

constexpr std::size_t block_bytes = 16;

const char* cipher_name(std::string_view mode, std::size_t key_bytes) {
  struct row {
    std::string_view mode;
    const char* names[3];
  };
  static constexpr row rows[] = {
      {"CBC", {"AES-128-CBC", "AES-192-CBC", "AES-256-CBC"}},
      {"CTR", {"AES-128-CTR", "AES-192-CTR", "AES-256-CTR"}},
      {"GCM", {"AES-128-GCM", "AES-192-GCM", "AES-256-GCM"}},
      {"WRAP", {"AES-128-WRAP", "AES-192-WRAP", "AES-256-WRAP"}},
  };
  if (key_bytes != 16 && key_bytes != 24 && key_bytes != 32)
    return nullptr;
  for (const auto& each : rows)
    if (each.mode == mode)
      return each.names[key_bytes / 8 - 2];
  return nullptr;
}

// One run of an AES mode; what OpenSSL refuses makes it refuse everything after.
class aes_run {
public:
  aes_run(std::string_view mode, cipher_direction direction, std::string_view key)
      : context_(EVP_CIPHER_CTX_new()), encrypts_(direction == cipher_direction::encrypt ? 1 : 0) {
    const auto* name = cipher_name(mode, key.size());
    if (name != nullptr)
      cipher_.reset(EVP_CIPHER_fetch(nullptr, name, nullptr));
    good_ = context_ && cipher_;
    if (good_ && mode == "WRAP")
      EVP_CIPHER_CTX_set_flags(context_.get(), EVP_CIPHER_CTX_FLAG_WRAP_ALLOW);
  }

  void control(int what, int size, void* value) {
    if (good_)
      good_ = EVP_CIPHER_CTX_ctrl(context_.get(), what, size, value) == 1;
  }

  void choose() {
    if (good_)
      good_ =
          EVP_CipherInit_ex2(context_.get(), cipher_.get(), nullptr, nullptr, encrypts_, nullptr)
          == 1;
  }

  void start(std::string_view key, std::string_view iv) {
    if (good_)
      good_ = EVP_CipherInit_ex2(context_.get(), cipher_.get(), octets(key),
                                 iv.empty() ? nullptr : octets(iv), encrypts_, nullptr)
              == 1;
  }

  void add(std::string_view data, std::string& out) {
    const auto at = out.size();
    out.resize(at + data.size() + 2 * block_bytes);
    update(data, octets(out) + at);
    out.resize(at + written_);
  }

  void add_additional(std::string_view data) { update(data, nullptr); }

  void finish(std::string& out) {
    if (!good_)
      return;
    const auto at = out.size();
    out.resize(at + 2 * block_bytes);
    int size = 0;
    good_ = EVP_CipherFinal_ex(context_.get(), octets(out) + at, &size) == 1;
    out.resize(at + static_cast<std::size_t>(good_ ? size : 0));
  }

  bool good() const { return good_; }

private:
  void update(std::string_view data, unsigned char* to) {
    int size = 0;
    good_ =
        good_ && data.size() <= INT_MAX - 2 * block_bytes
        && EVP_CipherUpdate(context_.get(), to, &size, octets(data), static_cast<int>(data.size()))
               == 1;
    written_ = good_ ? static_cast<std::size_t>(size) : 0;
  }

  cipher_context_ptr context_;
  cipher_ptr cipher_;
  int encrypts_;
  bool good_ = false;
  std::size_t written_ = 0;
};

crypto_result whole_run(aes_run& run, std::string_view data) {
  std::string out;
  run.add(data, out);
  run.finish(out);
  return run.good() ? crypto_result{std::move(out)} : std::nullopt;
}

crypto_result plain_ctr(std::string_view key, std::string_view counter, std::string_view data) {
  aes_run run{"CTR", cipher_direction::encrypt, key};
  run.start(key, counter);
  return whole_run(run, data);
}

// How many blocks the counter can count before its lowest `bits` wrap; capped, for wide counters.
std::uint64_t blocks_before_wrap(std::string_view counter, unsigned bits) {
  constexpr unsigned bits_max = 62;
  const auto counted = std::min(bits, bits_max);
  std::uint64_t value = 0;
  for (unsigned i = 0; i < counted; ++i) {
    const auto byte = static_cast<unsigned char>(counter[block_bytes - 1 - i / 8]);
    value |= static_cast<std::uint64_t>(byte >> (i % 8) & 1) << i;
  }
  for (unsigned i = bits_max; i < bits; ++i)
    if ((static_cast<unsigned char>(counter[block_bytes - 1 - i / 8]) >> (i % 8) & 1) == 0)
      return UINT64_MAX;
  return (std::uint64_t{1} << counted) - value;
}

std::string counter_at_zero(std::string_view counter, unsigned bits) {
  std::string zero{counter};
  for (unsigned i = 0; i < bits; ++i) {
    auto& byte = zero[block_bytes - 1 - i / 8];
    byte = static_cast<char>(static_cast<unsigned char>(byte) & ~(1u << (i % 8)));
  }
  return zero;
}

} // namespace

const EVP_MD* message_digest(std::string_view hash) {
  if (hash == "SHA-1")
    return EVP_sha1();
  if (hash == "SHA-256")
    return EVP_sha256();
  if (hash == "SHA-384")
    return EVP_sha384();
  return hash == "SHA-512" ? EVP_sha512() : nullptr;
}

crypto_result compute_digest(std::string_view hash, std::string_view data) {
  const auto* md = message_digest(hash);
  std::string out(EVP_MAX_MD_SIZE, '\0');
  unsigned size = 0;
  if (md == nullptr || EVP_Digest(data.data(), data.size(), octets(out), &size, md, nullptr) != 1)
    return std::nullopt;
  out.resize(size);
  return out;
}

crypto_result compute_hmac(std::string_view hash, std::string_view key, std::string_view data) {
  const auto* md = message_digest(hash);
  if (md == nullptr)
    return std::nullopt;
  std::string out(EVP_MAX_MD_SIZE, '\0');
  std::size_t size = 0;
  if (EVP_Q_mac(nullptr, "HMAC", nullptr, EVP_MD_get0_name(md), nullptr, octets(key), key.size(),
                octets(data), data.size(), octets(out), out.size(), &size)
      == nullptr)
    return std::nullopt;
  out.resize(size);
  return out;
}

bool equal_in_constant_time(std::string_view left, std::string_view right) {
  return left.size() == right.size() && CRYPTO_memcmp(left.data(), right.data(), left.size()) == 0;
}

crypto_result random_bytes(std::size_t count) {
  std::string out(count, '\0');
  if (count > secret_bytes_max || RAND_bytes(octets(out), static_cast<int>(count)) != 1)
    return std::nullopt;
  return out;
}

crypto_result aes_cbc(cipher_direction direction, std::string_view key, std::string_view iv,
                      std::string_view data) {
  if (iv.size() != block_bytes)
    return std::nullopt;
  aes_run run{"CBC", direction, key};
  run.start(key, iv);
  return whole_run(run, data);
}

crypto_result aes_ctr(std::string_view key, std::string_view counter, unsigned counter_bits,
                      std::string_view data) {
  if (counter.size() != block_bytes || counter_bits == 0 || counter_bits > 128)
    return std::nullopt;
  const auto blocks = (data.size() + block_bytes - 1) / block_bytes;
  if (counter_bits < 62 && blocks > (std::uint64_t{1} << counter_bits))
    return std::nullopt;
  const auto before_wrap = blocks_before_wrap(counter, counter_bits);
  if (blocks <= before_wrap)
    return plain_ctr(key, counter, data);
  const auto first = static_cast<std::size_t>(before_wrap) * block_bytes;
  auto out = plain_ctr(key, counter, data.substr(0, first));
  const auto rest = plain_ctr(key, counter_at_zero(counter, counter_bits), data.substr(first));
  if (!out || !rest)
    return std::nullopt;
  *out += *rest;
  return out;
}

crypto_result aes_gcm(cipher_direction direction, std::string_view key,
                      const gcm_parameters& parameters, std::string_view data) {
  const bool decrypts = direction == cipher_direction::decrypt;
  if (parameters.iv.empty() || (decrypts && data.size() < parameters.tag_bytes))
    return std::nullopt;
  const auto tag_bytes = static_cast<int>(parameters.tag_bytes);
  aes_run run{"GCM", direction, key};
  run.choose();
  run.control(EVP_CTRL_AEAD_SET_IVLEN, static_cast<int>(parameters.iv.size()), nullptr);
  run.start(key, parameters.iv);
  std::string tag(parameters.tag_bytes, '\0');
  if (decrypts) {
    tag = data.substr(data.size() - parameters.tag_bytes);
    data.remove_suffix(parameters.tag_bytes);
    run.control(EVP_CTRL_AEAD_SET_TAG, tag_bytes, tag.data());
  }
  if (!parameters.additional.empty())
    run.add_additional(parameters.additional);
  auto out = whole_run(run, data);
  if (!out || decrypts)
    return out;
  run.control(EVP_CTRL_AEAD_GET_TAG, tag_bytes, tag.data());
  return run.good() ? crypto_result{*out + tag} : std::nullopt;
}

crypto_result aes_key_wrap(cipher_direction direction, std::string_view key,
                           std::string_view data) {
  const std::size_t least = direction == cipher_direction::encrypt ? 16 : 24;
  if (data.size() % 8 != 0 || data.size() < least)
    return std::nullopt;
  aes_run run{"WRAP", direction, key};
  run.start(key, {});
  return whole_run(run, data);
}

crypto_result derive_pbkdf2(std::string_view password, const pbkdf2_parameters& parameters,
                            std::size_t bytes) {
  const auto* md = message_digest(parameters.hash);
  if (md == nullptr || bytes > secret_bytes_max || parameters.iterations == 0)
    return std::nullopt;
  const auto hash_bytes = static_cast<std::size_t>(EVP_MD_get_size(md));
  const std::uint64_t blocks = (bytes + hash_bytes - 1) / hash_bytes;
  if (blocks * parameters.iterations > pbkdf2_work_max)
    return std::nullopt;
  std::string out(bytes, '\0');
  if (bytes == 0)
    return out;
  if (PKCS5_PBKDF2_HMAC(password.empty() ? "" : password.data(), static_cast<int>(password.size()),
                        octets(parameters.salt), static_cast<int>(parameters.salt.size()),
                        static_cast<int>(parameters.iterations), md, static_cast<int>(bytes),
                        octets(out))
      != 1)
    return std::nullopt;
  return out;
}

crypto_result derive_hkdf(std::string_view key, const hkdf_parameters& parameters,
                          std::size_t bytes) {
  const auto* md = message_digest(parameters.hash);
  if (md == nullptr || bytes > static_cast<std::size_t>(255 * EVP_MD_get_size(md)))
    return std::nullopt;
  const kdf_ptr kdf{EVP_KDF_fetch(nullptr, "HKDF", nullptr)};
  const kdf_context_ptr context{EVP_KDF_CTX_new(kdf.get())};
  std::string digest{EVP_MD_get0_name(md)};
  const auto bytes_param = [](const char* name, std::string_view value) {
    return OSSL_PARAM_construct_octet_string(name, const_cast<unsigned char*>(octets(value)),
                                             value.size());
  };
  const OSSL_PARAM params[] = {
      OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest.data(), 0),
      bytes_param(OSSL_KDF_PARAM_KEY, key), bytes_param(OSSL_KDF_PARAM_SALT, parameters.salt),
      bytes_param(OSSL_KDF_PARAM_INFO, parameters.info), OSSL_PARAM_construct_end()};
  std::string out(bytes, '\0');
  if (bytes == 0)
    return out;
  if (!context || EVP_KDF_derive(context.get(), octets(out), bytes, params) != 1)
    return std::nullopt;
  return out;
}

} // namespace offstage

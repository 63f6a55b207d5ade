// SPDX-License-Identifier: MIT
// Natives of the global scope: time, console, random numbers, digests, and who the worker is.
#include <chrono>
#include <cstdio>

#include "config/limits.hpp"
#include "protocol/url.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

namespace offstage {

namespace {

/// now(): milliseconds since the time origin.
duk_ret_t now(duk_context* ctx) {
  const auto since = realm::of(ctx).since_origin();
  duk_push_number(ctx, std::chrono::duration<double, std::milli>(since).count());
  return 1;
}

/// log(level, text)
js_result<int> log(duk_context* ctx) {
  console_message message;
  message.level = static_cast<console_level>(std::min(duk_get_uint(ctx, 0), 4u));
  auto text = to_utf8(ctx, 1);
  if (!text)
    return text.error();
  message.text = text->substr(0, limits::console_text_bytes_max);
  auto place = running_place(ctx);
  message.file = std::move(place.file);
  message.line = static_cast<uint32_t>(place.line);
  realm::of(ctx).host().console(std::move(message));
  return 0;
}

/// fillRandom(view)
js_result<int> fill_random(duk_context* ctx) {
  duk_size_t size = 0;
  auto* bytes = duk_is_buffer_data(ctx, 0) ? duk_get_buffer_data(ctx, 0, &size) : nullptr;
  if (bytes != nullptr
      && RAND_bytes(static_cast<unsigned char*>(bytes), static_cast<int>(size)) != 1)
    return js_error::dom("OperationError", "there are no random numbers");
  return 0;
}

js_result<int> random_uuid(duk_context* ctx) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    return js_error::dom("OperationError", "there are no random numbers");
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    constexpr std::string_view digits{"0123456789abcdef"};
    text += i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "";
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 15];
  }
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, text); }); !pushed)
    return pushed.error();
  return 1;
}

/// digest(algorithm, bytes): a Uint8Array; undefined if the algorithm is unknown.
js_result<int> digest(duk_context* ctx) {
  const auto name = string_at(ctx, 0).value_or("");
  const auto bytes = bytes_at(ctx, 1);
  const EVP_MD* kind = name == "SHA-1"     ? EVP_sha1()
                       : name == "SHA-256" ? EVP_sha256()
                       : name == "SHA-384" ? EVP_sha384()
                       : name == "SHA-512" ? EVP_sha512()
                                           : nullptr;
  if (kind == nullptr || !bytes)
    return 0;
  std::array<unsigned char, EVP_MAX_MD_SIZE> out{};
  unsigned size = 0;
  if (EVP_Digest(bytes->data(), bytes->size(), out.data(), &size, kind, nullptr) != 1)
    return js_error::dom("OperationError", "the digest failed");
  const std::string_view result{reinterpret_cast<const char*>(out.data()), size};
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_bytes(inner, result); });
      !pushed)
    return pushed.error();
  return 1;
}

/// close()
duk_ret_t close(duk_context* ctx) {
  realm::of(ctx).close();
  return 0;
}

constexpr native_entry functions[] = {
    {"close", close, 0, 0},
    {"now", now, 0, 0},
    {"log", native<log>, 2, 2},
    {"fillRandom", native<fill_random>, 1, 1},
    {"randomUUID", native<random_uuid>, 0, 0},
    {"digest", native<digest>, 2, 2},
};

} // namespace

void push_scope_info(duk_context* ctx, realm& owner) {
  const auto& constructor = owner.constructor();
  const auto put = [ctx](const char* key, std::string_view text) {
    push_text(ctx, text);
    duk_put_prop_string(ctx, -2, key);
  };
  duk_push_object(ctx);
  put("url", constructor.script.url);
  put("scope", constructor.scope);
  put("origin", constructor.key.origin);
  put("userAgent", constructor.user_agent);
  duk_push_number(ctx, static_cast<double>(constructor.worker));
  duk_put_prop_literal(ctx, -2, "worker");
  duk_push_number(ctx, static_cast<double>(constructor.time_origin_unix_us) / 1000.0);
  duk_put_prop_literal(ctx, -2, "timeOrigin");
  duk_push_boolean(ctx, owner.is_secure());
  duk_put_prop_literal(ctx, -2, "secure");
}

void install_scope_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

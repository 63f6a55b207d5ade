// SPDX-License-Identifier: MIT
// Natives of the global scope: time, console, and who the worker is.
#include <chrono>
#include <cstdio>

#include "config/limits.hpp"
#include "protocol/url.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

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
  message.text = std::move(*text);
  auto place = running_place(ctx);
  message.file = std::move(place.file);
  message.line = static_cast<uint32_t>(place.line);
  realm::of(ctx).host().console(std::move(message));
  return 0;
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
  duk_push_boolean(ctx, constructor.type == worker_type::module);
  duk_put_prop_literal(ctx, -2, "module");
  duk_push_boolean(ctx, owner.is_secure());
  duk_put_prop_literal(ctx, -2, "secure");
}

void install_scope_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

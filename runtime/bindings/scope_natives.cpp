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

constexpr std::string_view prelude_prefix = "offstage:";
constexpr int frames_max = 64;

/// now(): milliseconds since the time origin.
duk_ret_t now(duk_context* ctx) {
  const auto since = realm::of(ctx).since_origin();
  duk_push_number(ctx, std::chrono::duration<double, std::milli>(since).count());
  return 1;
}

struct script_place {
  const char* file = "";
  duk_size_t file_size = 0;
  uint32_t line = 0;
};

/// Pushes the file's name; the first caller that is not of the prelude.
script_place push_caller(duk_context* ctx) {
  script_place place;
  for (int level = -1; level >= -frames_max; --level) {
    duk_inspect_callstack_entry(ctx, level);
    if (!duk_is_object(ctx, -1)) {
      duk_pop(ctx);
      break;
    }
    duk_get_prop_literal(ctx, -1, "lineNumber");
    const auto line = duk_get_uint(ctx, -1);
    duk_get_prop_literal(ctx, -2, "function");
    duk_get_prop_literal(ctx, -1, "fileName");
    duk_size_t size = 0;
    const auto* file = duk_get_lstring(ctx, -1, &size);
    if (file != nullptr && line > 0 && !std::string_view{file, size}.starts_with(prelude_prefix))
      return {file, size, line};
    duk_pop_n(ctx, 4);
  }
  duk_push_literal(ctx, "");
  return place;
}

/// log(level, text)
js_result<int> log(duk_context* ctx) {
  console_message message;
  message.level = static_cast<console_level>(std::min(duk_get_uint(ctx, 0), 4u));
  auto text = to_utf8(ctx, 1);
  if (!text)
    return text.error();
  message.text = text->substr(0, limits::console_text_bytes_max);
  script_place place;
  auto found = protect(ctx, 1, [&](duk_context* inner) { place = push_caller(inner); });
  if (found) {
    message.file = std::string{place.file, place.file_size};
    message.line = place.line;
  }
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

// SPDX-License-Identifier: MIT
// What modules.js needs: a module as a function with its tables of requests, imports and exports.
#include "protocol/url.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/script_fetch.hpp"
#include "runtime/bindings/script_lowering.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/extras/task_queue.hpp"
#include "runtime/lowering/lowering.hpp"

namespace offstage {

namespace {

void put_text(duk_context* ctx, const char* key, std::string_view text) {
  push_text(ctx, text);
  duk_put_prop_string(ctx, -2, key);
}

void push_strings(duk_context* ctx, const std::vector<std::string>& items) {
  duk_push_array(ctx);
  for (duk_uarridx_t i = 0; i < items.size(); ++i) {
    push_text(ctx, items[i]);
    duk_put_prop_index(ctx, -2, i);
  }
}

void push_entries(duk_context* ctx, const std::vector<module_entry>& entries) {
  duk_push_array(ctx);
  for (duk_uarridx_t i = 0; i < entries.size(); ++i) {
    const auto& entry = entries[i];
    duk_push_object(ctx);
    duk_push_int(ctx, entry.request == module_entry::own ? -1 : static_cast<int>(entry.request));
    duk_put_prop_literal(ctx, -2, "request");
    put_text(ctx, "imported", entry.imported);
    put_text(ctx, "exported", entry.exported);
    duk_push_uint(ctx, entry.line);
    duk_put_prop_literal(ctx, -2, "line");
    duk_put_prop_index(ctx, -2, i);
  }
}

void push_compiled(duk_context* ctx, const lowered_script& module, const std::string& file) {
  duk_push_object(ctx);
  duk_push_lstring(ctx, file.data(), file.size());
  duk_compile_lstring_filename(ctx, DUK_COMPILE_EVAL | DUK_COMPILE_NOSOURCE, module.code.data(),
                               module.code.size());
  duk_call(ctx, 0);
  duk_put_prop_literal(ctx, -2, "body");
  push_strings(ctx, module.requests);
  duk_put_prop_literal(ctx, -2, "requests");
  push_entries(ctx, module.imports);
  duk_put_prop_literal(ctx, -2, "imports");
  push_entries(ctx, module.exports);
  duk_put_prop_literal(ctx, -2, "exports");
  duk_push_boolean(ctx, module.has_top_level_await);
  duk_put_prop_literal(ctx, -2, "awaits");
}

/// compileModule(url): fetches it if it is not there.
js_result<int> compile_module(duk_context* ctx) {
  auto& owner = realm::of(ctx);
  const auto url = string_at(ctx, 0).value_or("");
  if (auto fetched = fetch_scripts(owner, {url}, worker_type::module); !fetched)
    return fetched.error();
  lowering_options options;
  options.goal = lowering_goal::module;
  auto result = lower_script(owner.scripts()[url].view(), options);
  if (const auto* error = std::get_if<lowering_error>(&result))
    return syntax_error(ctx, error->message, place_of(*error, url));
  auto& module = std::get<lowered_script>(result);
  owner.js().maps().add(url, map_of(module, owner.scripts()[url]));
  const auto pushed =
      protect(ctx, 1, [&](duk_context* inner) { push_compiled(inner, module, url); });
  return pushed ? js_result<int>{1} : js_result<int>{js_error::thrown()};
}

/// syntaxError(message, url, line): a SyntaxError that says where it is.
js_result<int> make_syntax_error(duk_context* ctx) {
  const auto message = string_at(ctx, 0).value_or("");
  const script_place place{string_at(ctx, 1).value_or(""), duk_get_int(ctx, 2), 0};
  static_cast<void>(syntax_error(ctx, message, place));
  return 1;
}

/// callerUrl(): of the script that runs; undefined if its name is no URL.
js_result<int> caller_url(duk_context* ctx) {
  const auto file = running_place(ctx).file;
  if (!url::parse(file))
    return 0;
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, file); }); !pushed)
    return pushed.error();
  return 1;
}

constexpr native_entry functions[] = {
    {"compileModule", native<compile_module>, 1, 1},
    {"syntaxError", native<make_syntax_error>, 3, 3},
    {"callerUrl", native<caller_url>, 0, 0},
    {"postTask", post_task, 1, 1},
};

} // namespace

void install_module_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
// importScripts(). Spec: ServiceWorker#importscripts-method
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/ready_script.hpp"
#include "runtime/bindings/script_fetch.hpp"
#include "runtime/bindings/script_lowering.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/lowering/lowering.hpp"

namespace offstage {

namespace {

js_result<std::vector<std::string>> urls_at(duk_context* ctx, duk_idx_t list) {
  std::vector<std::string> urls;
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, list));
  for (duk_uarridx_t i = 0; i < count; ++i) {
    const stack_guard guard{ctx};
    auto pushed = protect(ctx, 1, [&](duk_context* inner) { duk_get_prop_index(inner, list, i); });
    if (!pushed)
      return pushed.error();
    urls.push_back(string_at(ctx, -1).value_or(""));
  }
  return urls;
}

/// Runs on the stack of the caller, which may be a coroutine.
js_result<void> run_script(duk_context* ctx, realm& owner, const std::string& file) {
  const auto script = ready_script::prepare(owner, file, owner.scripts()[file]);
  if (const auto* error = std::get_if<lowering_error>(&script))
    return syntax_error(ctx, error->message, place_of(*error, file));
  return protect(ctx, 0, [&](duk_context* inner) {
    std::get<ready_script>(script).push(inner);
    duk_call(inner, 0);
    duk_pop(inner);
  });
}

/// importScripts([hrefs])
js_result<int> import_all(duk_context* ctx) {
  auto& owner = realm::of(ctx);
  auto urls = urls_at(ctx, 0);
  if (!urls)
    return urls.error();
  if (auto fetched = fetch_scripts(owner, *urls, worker_type::classic); !fetched)
    return fetched.error();
  for (const auto& item : *urls)
    if (auto ran = run_script(ctx, owner, item); !ran)
      return ran.error();
  return 0;
}

constexpr native_entry functions[] = {
    {"importScripts", native<import_all>, 1, 1},
};

} // namespace

void install_import_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

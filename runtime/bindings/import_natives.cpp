// SPDX-License-Identifier: MIT
// importScripts(). Spec: ServiceWorker#importscripts-method
#include <algorithm>

#include "protocol/errors.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/ready_script.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/bindings/script_lowering.hpp"
#include "runtime/engine_text.hpp"

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

js_error network_error(const std::string& url, const std::string& why) {
  return js_error::dom("NetworkError", "importScripts failed to load '" + url + "': " + why);
}

/// Fetches what is not in the script resource map.
js_result<void> fetch_missing(realm& owner, const std::vector<std::string>& urls) {
  import_scripts request;
  for (const auto& item : urls)
    if (!owner.scripts().contains(item)
        && std::ranges::find(request.urls, item) == request.urls.end())
      request.urls.push_back(item);
  if (request.urls.empty())
    return {};
  if (owner.is_installed())
    return network_error(request.urls.front(), "it was not imported when the worker was installed");
  auto answer = owner.host().import_now(request);
  if (!answer)
    return network_error(request.urls.front(), describe(answer.error()));
  if (const auto* failure = caf::get_if<call_failure>(&*answer))
    return js_error::dom(failure->name.empty() ? "NetworkError" : failure->name, failure->message);
  const auto* sources = caf::get_if<script_sources>(&*answer);
  if (sources == nullptr || sources->scripts.size() != request.urls.size())
    return network_error(request.urls.front(), "the answer is not a list of scripts");
  for (size_t i = 0; i < request.urls.size(); ++i)
    owner.scripts().emplace(request.urls[i], sources->scripts[i].bytes);
  return {};
}

/// Runs on the stack of the caller, which may be a coroutine.
js_result<void> run_script(duk_context* ctx, realm& owner, const std::string& file) {
  const auto script = ready_script::prepare(owner, file, owner.scripts()[file]);
  if (const auto* error = std::get_if<lowering_error>(&script))
    return js_error::syntax(placed_message(*error, file));
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
  if (auto fetched = fetch_missing(owner, *urls); !fetched)
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

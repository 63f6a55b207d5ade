// SPDX-License-Identifier: MIT
// The Cache API's calls to storage. Options are three booleans in one number: 1 ignoreSearch,
// 2 ignoreMethod, 4 ignoreVary.
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

js_result<int> start(duk_context* ctx, cache_operation operation, duk_idx_t callback) {
  auto id = realm::of(ctx).start_call(ctx, cache_call{std::move(operation)}, callback);
  if (!id)
    return id.error();
  duk_push_uint(ctx, *id);
  return 1;
}

std::string name_at(duk_context* ctx, duk_idx_t index) {
  duk_size_t size = 0;
  const auto* text = duk_get_lstring(ctx, index, &size);
  return text == nullptr ? std::string{} : name_from_cesu({text, size});
}

cache_id cache_at(duk_context* ctx, duk_idx_t index) {
  return cache_id{static_cast<uint64_t>(duk_get_number(ctx, index))};
}

cache_query_options options_at(duk_context* ctx, duk_idx_t index) {
  const auto bits = duk_get_uint(ctx, index);
  cache_query_options options;
  options.ignore_search = (bits & 1) != 0;
  options.ignore_method = (bits & 2) != 0;
  options.ignore_vary = (bits & 4) != 0;
  return options;
}

js_result<int> open(duk_context* ctx) {
  return start(ctx, cache_open{name_at(ctx, 0)}, 1);
}

js_result<int> has(duk_context* ctx) {
  return start(ctx, cache_has{name_at(ctx, 0)}, 1);
}

js_result<int> drop(duk_context* ctx) {
  return start(ctx, cache_drop{name_at(ctx, 0)}, 1);
}

js_result<int> names(duk_context* ctx) {
  return start(ctx, cache_names{}, 0);
}

/// cacheStorageMatch(request state, options, name or undefined, callback)
js_result<int> storage_match(duk_context* ctx) {
  auto request = read_request(ctx, 0);
  if (!request)
    return request.error();
  cache_storage_match operation;
  operation.request = std::move(*request);
  operation.options = options_at(ctx, 1);
  operation.has_name = duk_is_string(ctx, 2) != 0;
  operation.name = name_at(ctx, 2);
  return start(ctx, std::move(operation), 3);
}

/// cacheQuery(cache, request state or undefined, options, first only, responses, callback)
js_result<int> query(duk_context* ctx) {
  cache_query operation;
  operation.cache = cache_at(ctx, 0);
  operation.has_request = duk_is_object(ctx, 1) != 0;
  if (operation.has_request) {
    auto request = read_request(ctx, 1);
    if (!request)
      return request.error();
    operation.request = std::move(*request);
  }
  operation.options = options_at(ctx, 2);
  operation.first_only = duk_get_boolean(ctx, 3) != 0;
  operation.want_responses = duk_get_boolean(ctx, 4) != 0;
  return start(ctx, std::move(operation), 5);
}

js_result<cache_entry> read_entry(duk_context* ctx, duk_idx_t list, duk_uarridx_t at) {
  const stack_guard guard{ctx};
  auto pushed = protect(ctx, 2, [&](duk_context* inner) {
    duk_get_prop_index(inner, list, at);
    duk_get_prop_index(inner, list, at + 1);
  });
  if (!pushed)
    return pushed.error();
  auto request = read_request(ctx, -2);
  if (!request)
    return request.error();
  auto response = read_response(ctx, -1);
  if (!response)
    return response.error();
  return cache_entry{std::move(*request), std::move(*response)};
}

/// cachePut(cache, [request state, response state, ...], callback)
js_result<int> put(duk_context* ctx) {
  cache_put operation;
  operation.cache = cache_at(ctx, 0);
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, 1));
  if (count > 2 * wire::cache_entries_max)
    return js_error::type("There are too many requests at once");
  for (duk_uarridx_t i = 0; i + 1 < count; i += 2) {
    auto entry = read_entry(ctx, 1, i);
    if (!entry)
      return entry.error();
    operation.entries.push_back(std::move(*entry));
  }
  return start(ctx, std::move(operation), 2);
}

/// cacheRemove(cache, request state, options, callback)
js_result<int> remove(duk_context* ctx) {
  auto request = read_request(ctx, 1);
  if (!request)
    return request.error();
  return start(ctx, cache_remove{cache_at(ctx, 0), std::move(*request), options_at(ctx, 2)}, 3);
}

constexpr native_entry functions[] = {
    {"cacheOpen", native<open>, 2, 2},
    {"cacheHas", native<has>, 2, 2},
    {"cacheDrop", native<drop>, 2, 2},
    {"cacheNames", native<names>, 1, 1},
    {"cacheStorageMatch", native<storage_match>, 4, 4},
    {"cacheQuery", native<query>, 6, 6},
    {"cachePut", native<put>, 3, 3},
    {"cacheRemove", native<remove>, 4, 4},
};

} // namespace

void install_cache_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

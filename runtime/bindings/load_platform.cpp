// SPDX-License-Identifier: MIT
// Puts the platform into a new heap. Globals that most workers never touch are accessors which load
// their file and turn into what the file defines.
#include <array>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/platform_engine.hpp"
#include "runtime/bindings/platform_files.hpp"
#include "runtime/engine_native.hpp"
#include "runtime/extras/extras.hpp"

namespace offstage {

namespace {

struct lazy_global {
  const char* name;
  const char* file;
};

// Names with a lower-case initial are attributes of the scope, the others interfaces.
constexpr lazy_global lazy_globals[] = {
    {"AbortController", "abort"},
    {"AbortSignal", "abort"},
    {"Blob", "blob"},
    {"ByteLengthQueuingStrategy", "streams"},
    {"Cache", "caches"},
    {"CacheStorage", "caches"},
    {"Client", "clients"},
    {"Clients", "clients"},
    {"CountQueuingStrategy", "streams"},
    {"Crypto", "crypto"},
    {"CustomEvent", "errors"},
    {"DOMStringList", "idb"},
    {"ErrorEvent", "errors"},
    {"ExtendableMessageEvent", "messages"},
    {"File", "blob"},
    {"FormData", "form_data"},
    {"IDBCursor", "idb"},
    {"IDBCursorWithValue", "idb"},
    {"IDBDatabase", "idb"},
    {"IDBFactory", "idb"},
    {"IDBIndex", "idb"},
    {"IDBKeyRange", "idb"},
    {"IDBObjectStore", "idb"},
    {"IDBOpenDBRequest", "idb"},
    {"IDBRecord", "idb"},
    {"IDBRequest", "idb"},
    {"IDBTransaction", "idb"},
    {"IDBVersionChangeEvent", "idb"},
    {"MessageEvent", "messages"},
    {"Performance", "performance"},
    {"PerformanceEntry", "performance"},
    {"PerformanceMark", "performance"},
    {"PerformanceMeasure", "performance"},
    {"PromiseRejectionEvent", "errors"},
    {"PushEvent", "messages"},
    {"PushMessageData", "messages"},
    {"ReadableStream", "streams"},
    {"ReadableStreamDefaultController", "streams"},
    {"ReadableStreamDefaultReader", "streams"},
    {"ServiceWorker", "clients"},
    {"ServiceWorkerRegistration", "clients"},
    {"SubtleCrypto", "crypto"},
    {"SyncEvent", "messages"},
    {"TextDecoder", "encoding"},
    {"TextDecoderStream", "transforms"},
    {"TextEncoder", "encoding"},
    {"TextEncoderStream", "transforms"},
    {"TransformStream", "transforms"},
    {"TransformStreamDefaultController", "transforms"},
    {"URL", "url"},
    {"URLSearchParams", "url"},
    {"WindowClient", "clients"},
    {"WorkerLocation", "location"},
    {"WorkerNavigator", "location"},
    {"WritableStream", "writable"},
    {"WritableStreamDefaultController", "writable"},
    {"WritableStreamDefaultWriter", "writable"},
    {"caches", "caches"},
    {"clients", "clients"},
    {"console", "console"},
    {"crypto", "crypto"},
    {"indexedDB", "idb"},
    {"location", "location"},
    {"navigator", "location"},
    {"performance", "performance"},
    {"registration", "clients"},
    {"serviceWorker", "clients"},
};

constexpr std::array eager_files{"core",   "events",  "fetch_event", "headers",
                                 "bodies", "request", "response",    "scope"};

bool is_file(const prelude_file& file, std::string_view name) {
  std::string_view path{file.name};
  path.remove_prefix(path.rfind('/') + 1);
  return path.size() == name.size() + 3 && path.starts_with(name);
}

// Runs the file with `__host` in sight.
void run_file(duk_context* ctx, const prelude_file& file) {
  push_host(ctx);
  duk_put_global_literal(ctx, "__host");
  std::memcpy(duk_push_fixed_buffer(ctx, file.bytecode.size()), file.bytecode.data(),
              file.bytecode.size());
  duk_load_function(ctx);
  const auto code = duk_pcall(ctx, 0);
  duk_push_global_object(ctx);
  duk_del_prop_literal(ctx, -1, "__host");
  duk_pop(ctx);
  if (code != DUK_EXEC_SUCCESS)
    duk_throw(ctx);
  duk_pop(ctx);
}

void run_named(duk_context* ctx, const char* name) {
  for (const auto& file : platform_files())
    if (is_file(file, name))
      return run_file(ctx, file);
  duk_error(ctx, DUK_ERR_ERROR, "there is no platform file %s", name);
}

/// load(name)
duk_ret_t load_file(duk_context* ctx) {
  run_named(ctx, duk_require_string(ctx, 0));
  return 0;
}

duk_ret_t lazy_get(duk_context* ctx) {
  const auto& global = lazy_globals[duk_get_current_magic(ctx)];
  push_host(ctx);
  duk_get_prop_literal(ctx, -1, "platform");
  duk_get_prop_literal(ctx, -1, "load");
  duk_push_string(ctx, global.file);
  duk_call(ctx, 1);
  duk_push_global_object(ctx);
  duk_get_prop_string(ctx, -1, global.name);
  return 1;
}

duk_ret_t lazy_set(duk_context* ctx) {
  const auto& global = lazy_globals[duk_get_current_magic(ctx)];
  duk_push_global_object(ctx);
  duk_push_string(ctx, global.name);
  duk_dup(ctx, 0);
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_HAVE_ENUMERABLE);
  return 0;
}

void define_lazy_globals(duk_context* ctx) {
  duk_push_global_object(ctx);
  int magic = 0;
  for (const auto& global : lazy_globals) {
    const auto is_attribute = global.name[0] >= 'a';
    duk_push_string(ctx, global.name);
    duk_push_c_function(ctx, lazy_get, 0);
    duk_set_magic(ctx, -1, magic);
    duk_push_c_function(ctx, lazy_set, 1);
    duk_set_magic(ctx, -1, magic++);
    duk_def_prop(ctx, -4,
                 DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_HAVE_SETTER | DUK_DEFPROP_SET_CONFIGURABLE
                     | DUK_DEFPROP_HAVE_ENUMERABLE | (is_attribute ? DUK_DEFPROP_ENUMERABLE : 0u)
                     | DUK_DEFPROP_FORCE);
  }
  duk_pop(ctx);
}

void prepare_host(duk_context* ctx) {
  constexpr native_entry loader[] = {{"load", load_file, 1, 1}};
  push_host(ctx);
  define_natives(ctx, -1, loader);
  duk_push_object(ctx);
  duk_push_literal(ctx, DUK_HIDDEN_SYMBOL("platform"));
  duk_put_prop_literal(ctx, -2, "slot");
  duk_push_global_object(ctx);
  duk_put_prop_literal(ctx, -2, "global");
  duk_put_prop_literal(ctx, -2, "platform");
  duk_pop(ctx);
}

} // namespace

void load_platform(duk_context* ctx) {
  prepare_host(ctx);
  install_body_natives(ctx);
  install_service_natives(ctx);
  install_cache_natives(ctx);
  install_event_natives(ctx);
  install_text_natives(ctx);
  install_encoding_natives(ctx);
  install_url_natives(ctx);
  install_scope_natives(ctx);
  install_import_natives(ctx);
  install_idb_natives(ctx);
  for (const auto* name : eager_files)
    run_named(ctx, name);
  define_lazy_globals(ctx);
  install_extras(ctx);
}

std::unique_ptr<engine> make_platform_engine(engine_options options) {
  auto js = std::make_unique<engine>(std::move(options));
  if (!protect(js->context(), 0, load_platform))
    std::abort();
  return js;
}

} // namespace offstage

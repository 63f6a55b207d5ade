// SPDX-License-Identifier: MIT
// Puts the platform into a new heap. Globals that most workers never touch are accessors which load
// their file and turn into what the file defines.
#include <array>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string_view>

#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/platform_engine.hpp"
#include "runtime/bindings/platform_files.hpp"
#include "runtime/engine_native.hpp"
#include "runtime/extras/extras.hpp"

#define OFFSTAGE_DESCRIBE_OF_OBJECT DUK_HIDDEN_SYMBOL("describe of Object")
#define OFFSTAGE_DESCRIBE_OF_REFLECT DUK_HIDDEN_SYMBOL("describe of Reflect")

namespace offstage {

namespace {

struct lazy_global {
  const char* name;
  const char* file; // with the prefix "extra:" a chunk of runtime/extras
};

// Interfaces and other values of the global object.
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
    {"CustomEvent", "errors"},
    {"DOMStringList", "idb"},
    {"ErrorEvent", "errors"},
    {"ExtendableMessageEvent", "messages"},
    {"File", "blob"},
    {"FileList", "blob"},
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
    {"Lock", "locks"},
    {"LockManager", "locks"},
    {"MessageEvent", "messages"},
    {"Notification", "notifications"},
    {"NotificationEvent", "notifications"},
    {"Performance", "performance"},
    {"PerformanceEntry", "performance"},
    {"PerformanceMark", "performance"},
    {"PerformanceMeasure", "performance"},
    {"PerformanceObserver", "performance_observer"},
    {"PerformanceObserverEntryList", "performance_observer"},
    {"PermissionStatus", "permissions"},
    {"Permissions", "permissions"},
    {"PromiseRejectionEvent", "errors"},
    {"PushEvent", "messages"},
    {"PushManager", "push_manager"},
    {"PushMessageData", "messages"},
    {"QuotaExceededError", "quota_error"},
    {"ReadableByteStreamController", "byte_streams"},
    {"ReadableStream", "streams"},
    {"ReadableStreamBYOBReader", "byte_streams"},
    {"ReadableStreamBYOBRequest", "byte_streams"},
    {"ReadableStreamDefaultController", "streams"},
    {"ReadableStreamDefaultReader", "streams"},
    {"ServiceWorker", "clients"},
    {"ServiceWorkerContainer", "service_worker_container"},
    {"ServiceWorkerRegistration", "clients"},
    {"StorageManager", "storage"},
    {"SyncEvent", "messages"},
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
    {"console", "console"},
};

// What dedicated workers have besides.
constexpr lazy_global dedicated_globals[] = {
    {"FileReaderSync", "extra:file_reader"},
    {"XMLHttpRequest", "extra:xhr"},
    {"XMLHttpRequestEventTarget", "extra:xhr"},
    {"XMLHttpRequestUpload", "extra:xhr"},
};

// Attributes of the scope's own interface.
constexpr lazy_global own_attributes[] = {
    {"clients", "clients"},
    {"registration", "clients"},
    {"serviceWorker", "clients"},
};

// Attributes of the interface that every worker's scope inherits from.
constexpr lazy_global shared_attributes[] = {
    {"caches", "caches"},     {"crypto", "extra:crypto"}, {"indexedDB", "idb"},
    {"location", "location"}, {"navigator", "location"},  {"performance", "performance"},
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

constexpr std::string_view extra_prefix = "extra:";

bool is_extra(const lazy_global& global) {
  return std::string_view{global.file}.starts_with(extra_prefix);
}

// Pushes what the chunk exports; undefined for a file of the platform.
void load(duk_context* ctx, const lazy_global& global) {
  push_host(ctx);
  duk_get_prop_literal(ctx, -1, "platform");
  duk_get_prop_string(ctx, -1, is_extra(global) ? "extra" : "load");
  duk_push_string(ctx, is_extra(global) ? global.file + extra_prefix.size() : global.file);
  duk_call(ctx, 1);
  duk_replace(ctx, -3);
  duk_pop(ctx);
}

// Defines the top of the stack as the interface and pops it.
void define_interface(duk_context* ctx, const char* name) {
  duk_push_global_object(ctx);
  duk_push_string(ctx, name);
  duk_dup(ctx, -3);
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_HAVE_ENUMERABLE);
  duk_pop_2(ctx);
}

duk_ret_t get_value(duk_context* ctx, const lazy_global& global) {
  load(ctx, global);
  if (is_extra(global)) {
    duk_get_prop_string(ctx, -1, global.name);
    define_interface(ctx, global.name);
  }
  duk_push_global_object(ctx);
  duk_get_prop_string(ctx, -1, global.name);
  return 1;
}

duk_ret_t lazy_value(duk_context* ctx) {
  return get_value(ctx, lazy_globals[duk_get_current_magic(ctx)]);
}

duk_ret_t dedicated_value(duk_context* ctx) {
  return get_value(ctx, dedicated_globals[duk_get_current_magic(ctx)]);
}

duk_ret_t lazy_set(duk_context* ctx) {
  duk_set_top(ctx, 1);
  define_interface(ctx, lazy_globals[duk_get_current_magic(ctx)].name);
  return 0;
}

duk_ret_t dedicated_set(duk_context* ctx) {
  duk_set_top(ctx, 1);
  define_interface(ctx, dedicated_globals[duk_get_current_magic(ctx)].name);
  return 0;
}

// The file replaces the attribute by one that checks whose `this` is.
duk_ret_t get_attribute(duk_context* ctx, const lazy_global& global) {
  load(ctx, global);
  duk_push_this(ctx);
  if (duk_is_null_or_undefined(ctx, -1))
    duk_push_global_object(ctx);
  duk_get_prop_string(ctx, -1, global.name);
  return 1;
}

duk_ret_t own_attribute(duk_context* ctx) {
  return get_attribute(ctx, own_attributes[duk_get_current_magic(ctx)]);
}

duk_ret_t shared_attribute(duk_context* ctx) {
  return get_attribute(ctx, shared_attributes[duk_get_current_magic(ctx)]);
}

// Defines the accessors on the object on the top of the stack.
void define_attributes(duk_context* ctx, std::span<const lazy_global> attributes,
                       duk_c_function getter) {
  int magic = 0;
  for (const auto& attribute : attributes) {
    duk_push_string(ctx, attribute.name);
    duk_push_c_function(ctx, getter, 0);
    duk_set_magic(ctx, -1, magic++);
    duk_def_prop(ctx, -3,
                 DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_SET_CONFIGURABLE | DUK_DEFPROP_SET_ENUMERABLE
                     | DUK_DEFPROP_FORCE);
  }
}

// Defines the names on the object on the top of the stack.
void define_names(duk_context* ctx, std::span<const lazy_global> globals, duk_c_function getter,
                  duk_c_function setter) {
  int magic = 0;
  for (const auto& global : globals) {
    duk_push_string(ctx, global.name);
    duk_push_c_function(ctx, getter, 0);
    duk_set_magic(ctx, -1, magic);
    duk_push_c_function(ctx, setter, 1);
    duk_set_magic(ctx, -1, magic++);
    duk_def_prop(ctx, -4,
                 DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_HAVE_SETTER | DUK_DEFPROP_SET_CONFIGURABLE
                     | DUK_DEFPROP_HAVE_ENUMERABLE | DUK_DEFPROP_FORCE);
  }
}

/// exposeToDedicated()
duk_ret_t expose_to_dedicated(duk_context* ctx) {
  duk_push_global_object(ctx);
  define_names(ctx, dedicated_globals, dedicated_value, dedicated_set);
  return 0;
}

void define_lazy_globals(duk_context* ctx) {
  duk_push_global_object(ctx);
  define_names(ctx, lazy_globals, lazy_value, lazy_set);
  define_attributes(ctx, own_attributes, own_attribute);
  push_host(ctx);
  duk_get_prop_literal(ctx, -1, "platform");
  duk_get_prop_literal(ctx, -1, "scopePrototype");
  define_attributes(ctx, shared_attributes, shared_attribute);
  duk_set_top(ctx, duk_get_top(ctx) - 4);
}

bool is_lazy(duk_context* ctx, duk_idx_t getter) {
  const auto function = duk_get_c_function(ctx, getter);
  return function == lazy_value || function == dedicated_value || is_extras_getter(ctx, getter);
}

// The property becomes what it stands for before script can look at it. Stack: [object key ...].
void settle_property(duk_context* ctx) {
  const auto top = duk_get_top(ctx);
  duk_push_global_object(ctx);
  if (top < 2 || !duk_strict_equals(ctx, 0, top) || !duk_is_string(ctx, 1)) {
    duk_set_top(ctx, top);
    return;
  }
  duk_dup(ctx, 1);
  duk_get_prop_desc(ctx, top, 0);
  if (duk_is_object(ctx, -1)) {
    duk_get_prop_literal(ctx, -1, "get");
    if (is_lazy(ctx, duk_get_top_index(ctx))) {
      duk_dup(ctx, 1);
      duk_get_prop(ctx, top);
    }
  }
  duk_set_top(ctx, top);
}

// getOwnPropertyDescriptor of Object and Reflect; what they were is in the stash.
template <int Which>
duk_ret_t describe_property(duk_context* ctx) {
  settle_property(ctx);
  const auto count = duk_get_top(ctx);
  duk_push_heap_stash(ctx);
  duk_get_prop_string(ctx, -1,
                      Which == 0 ? OFFSTAGE_DESCRIBE_OF_OBJECT : OFFSTAGE_DESCRIBE_OF_REFLECT);
  duk_remove(ctx, -2);
  duk_insert(ctx, 0);
  duk_call(ctx, count);
  return 1;
}

void wrap_descriptors(duk_context* ctx) {
  constexpr const char* name = "getOwnPropertyDescriptor";
  const auto wrap = [ctx](const char* owner, const char* place, duk_c_function wrapper) {
    duk_push_heap_stash(ctx);
    duk_get_global_string(ctx, owner);
    duk_get_prop_string(ctx, -1, name);
    duk_put_prop_string(ctx, -3, place);
    const native_entry entries[] = {{name, wrapper, 2, DUK_VARARGS}};
    define_natives(ctx, -1, entries);
    duk_pop_2(ctx);
  };
  wrap("Object", OFFSTAGE_DESCRIBE_OF_OBJECT, describe_property<0>);
  wrap("Reflect", OFFSTAGE_DESCRIBE_OF_REFLECT, describe_property<1>);
}

void prepare_host(duk_context* ctx) {
  constexpr native_entry loader[] = {{"load", load_file, 1, 1},
                                     {"exposeToDedicated", expose_to_dedicated, 0, 0}};
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
  install_buffer_natives(ctx);
  install_service_natives(ctx);
  install_cache_natives(ctx);
  install_event_natives(ctx);
  install_text_natives(ctx);
  install_encoding_natives(ctx);
  install_url_natives(ctx);
  install_scope_natives(ctx);
  install_import_natives(ctx);
  install_idb_natives(ctx);
  install_module_natives(ctx);
  for (const auto* name : eager_files)
    run_named(ctx, name);
  define_lazy_globals(ctx);
  install_extras(ctx);
  wrap_descriptors(ctx);
}

std::unique_ptr<engine> make_platform_engine(engine_options options) {
  auto js = std::make_unique<engine>(std::move(options));
  if (!protect(js->context(), 0, load_platform))
    std::abort();
  return js;
}

} // namespace offstage

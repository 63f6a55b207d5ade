// SPDX-License-Identifier: MIT
#include "runtime/extras/extras.hpp"

#include <cstring>
#include <span>
#include <string_view>

#include "runtime/engine_native.hpp"
#include "runtime/extras/chunks.hpp"
#include "runtime/natives/natives.hpp"

#define OFFSTAGE_EXTRAS DUK_HIDDEN_SYMBOL("extras")

namespace offstage {

namespace {

struct chunk {
  const char* file;
  void (*install)(duk_context*);
  std::span<const char* const> globals;
};

void install_nothing(duk_context*) {}

constexpr const char* compression_globals[] = {"CompressionStream", "DecompressionStream"};
constexpr const char* crypto_globals[] = {"Crypto", "SubtleCrypto"};
constexpr const char* crypto_key_globals[] = {"CryptoKey"};
constexpr const char* file_globals[] = {"FileReader", "ProgressEvent"};
constexpr const char* intl_globals[] = {"Intl"};
constexpr const char* messaging_globals[] = {"BroadcastChannel", "MessageChannel", "MessagePort"};
constexpr const char* text_globals[] = {"TextDecoder"};

constexpr chunk chunks[] = {
    {"extras/compression.js", install_compression_extras, compression_globals},
    {"extras/crypto.js", install_nothing, crypto_globals},
    {"extras/crypto_algorithms.js", install_nothing, {}},
    {"extras/crypto_key.js", install_crypto_extras, crypto_key_globals},
    {"extras/crypto_pairs.js", install_nothing, {}},
    {"extras/crypto_secret.js", install_nothing, {}},
    {"extras/file_reader.js", install_file_extras, file_globals},
    {"extras/idl.js", install_idl_extras, {}},
    {"extras/intl.js", install_intl_extras, intl_globals},
    {"extras/local_fetch.js", install_nothing, {}},
    {"extras/messaging.js", install_messaging_extras, messaging_globals},
    {"extras/mime.js", install_nothing, {}},
    {"extras/multipart.js", install_form_extras, {}},
    {"extras/text.js", install_text_extras, text_globals},
    {"extras/xhr.js", install_nothing, {}},
};

constexpr std::string_view chunk_prefix = "extras/";
constexpr std::string_view chunk_suffix = ".js";

std::string_view name_of_chunk(const chunk& which) {
  std::string_view name = which.file;
  name.remove_prefix(chunk_prefix.size());
  name.remove_suffix(chunk_suffix.size());
  return name;
}

const chunk* chunk_named(std::string_view name) {
  for (const auto& each : chunks)
    if (name_of_chunk(each) == name)
      return &each;
  return nullptr;
}

const chunk* chunk_of_global(std::string_view name) {
  for (const auto& each : chunks)
    for (const auto* global : each.globals)
      if (global == name)
        return &each;
  return nullptr;
}

// Pushes the object that keeps the exports of loaded chunks and the accessors of names.
void push_extras(duk_context* ctx) {
  duk_push_global_stash(ctx);
  if (!duk_get_prop_literal(ctx, -1, OFFSTAGE_EXTRAS)) {
    duk_pop(ctx);
    duk_push_bare_object(ctx);
    duk_dup_top(ctx);
    duk_put_prop_literal(ctx, -3, OFFSTAGE_EXTRAS);
  }
  duk_remove(ctx, -2);
}

// Pushes the function that the chunk's file is.
void push_chunk_function(duk_context* ctx, const chunk& which) {
  for (const auto& file : extras_files()) {
    if (std::strcmp(file.name, which.file) != 0)
      continue;
    std::memcpy(duk_push_fixed_buffer(ctx, file.bytecode.size()), file.bytecode.data(),
                file.bytecode.size());
    duk_load_function(ctx);
    duk_call(ctx, 0);
    return;
  }
  duk_push_undefined(ctx);
}

void define_value(duk_context* ctx, duk_idx_t object, const char* name) {
  duk_push_string(ctx, name);
  duk_insert(ctx, -2);
  duk_def_prop(ctx, object,
               DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE
                   | DUK_DEFPROP_FORCE);
}

// Whether script has left the global's accessor as it was. The accessor is at `getter`.
bool is_untouched(duk_context* ctx, duk_idx_t global, duk_idx_t getter, const char* name) {
  duk_push_string(ctx, name);
  duk_get_prop_desc(ctx, global, 0);
  bool untouched = false;
  if (duk_is_object(ctx, -1)) {
    duk_get_prop_literal(ctx, -1, "get");
    untouched = duk_strict_equals(ctx, -1, getter) != 0;
    duk_pop(ctx);
  }
  duk_pop(ctx);
  return untouched;
}

// Stack: [extras exports] stays.
void settle_globals(duk_context* ctx, const chunk& which) {
  const auto exports = duk_get_top_index(ctx);
  duk_get_prop_literal(ctx, exports - 1, "getter");
  duk_push_global_object(ctx);
  const auto global = duk_get_top_index(ctx);
  for (const auto* name : which.globals) {
    if (!is_untouched(ctx, global, global - 1, name))
      continue;
    duk_get_prop_string(ctx, exports, name);
    define_value(ctx, global, name);
  }
  duk_pop_2(ctx);
}

// Pushes the exports of a chunk, running it if it has not run yet.
void push_exports(duk_context* ctx, const chunk& which) {
  duk_require_stack(ctx, 16);
  push_extras(ctx);
  if (duk_get_prop_string(ctx, -1, which.file)) {
    duk_remove(ctx, -2);
    return;
  }
  duk_pop(ctx);
  push_chunk_function(ctx, which);
  push_host(ctx);
  duk_push_object(ctx);
  which.install(ctx);
  duk_call(ctx, 2);
  duk_dup_top(ctx);
  duk_put_prop_string(ctx, -3, which.file);
  settle_globals(ctx, which);
  duk_remove(ctx, -2);
}

// Duktape tells an accessor its key; a getter that script calls itself knows none.
duk_ret_t get_global(duk_context* ctx) {
  const auto* name = duk_get_string(ctx, 0);
  const auto* which = name == nullptr ? nullptr : chunk_of_global(name);
  if (which == nullptr)
    return 0;
  push_exports(ctx, *which);
  duk_get_prop_string(ctx, -1, name);
  return 1;
}

// Assigning to the name replaces it. Arguments: value, key.
duk_ret_t set_global(duk_context* ctx) {
  const auto* name = duk_get_string(ctx, 1);
  if (name == nullptr || chunk_of_global(name) == nullptr)
    return 0;
  duk_push_global_object(ctx);
  duk_dup(ctx, 0);
  define_value(ctx, -3, name);
  return 0;
}

// extra(name)
duk_ret_t platform_extra(duk_context* ctx) {
  const auto* which = chunk_named(duk_require_string(ctx, 0));
  if (which == nullptr)
    return duk_reference_error(ctx, "no such chunk");
  push_exports(ctx, *which);
  return 1;
}

// Methods of built-ins that belong to a chunk: a small native stands for each and hands its call,
// with `this` before the arguments, to what the chunk exports under the name.
struct lazy_method {
  const char* owner;
  const char* name;
  const char* exported;
  duk_idx_t length;
};

constexpr lazy_method intl_methods[] = {
    {"Number", "toLocaleString", "Number.toLocaleString", 0},
    {"Date", "toLocaleString", "Date.toLocaleString", 0},
    {"Date", "toLocaleDateString", "Date.toLocaleDateString", 0},
    {"Date", "toLocaleTimeString", "Date.toLocaleTimeString", 0},
    {"String", "localeCompare", "String.localeCompare", 1},
};

duk_ret_t call_intl(duk_context* ctx) {
  const auto count = duk_get_top(ctx);
  push_exports(ctx, *chunk_named("intl"));
  duk_get_prop_string(ctx, -1, intl_methods[duk_get_current_magic(ctx)].exported);
  duk_insert(ctx, 0);
  duk_pop(ctx);
  duk_push_this(ctx);
  duk_insert(ctx, 1);
  duk_call(ctx, count + 1);
  return 1;
}

void define_intl_methods(duk_context* ctx) {
  duk_int_t magic = 0;
  for (const auto& method : intl_methods) {
    const native_entry entry[] = {{method.name, call_intl, method.length, DUK_VARARGS, magic++}};
    duk_get_global_string(ctx, method.owner);
    duk_get_prop_literal(ctx, -1, "prototype");
    define_natives(ctx, -1, entry);
    duk_pop_2(ctx);
  }
}

constexpr native_entry platform_functions[] = {{"extra", platform_extra, 1, 1}};

// Stack at `getter`: getter, setter.
void define_accessor(duk_context* ctx, duk_idx_t global, duk_idx_t getter, const char* name) {
  duk_push_string(ctx, name);
  duk_dup(ctx, getter);
  duk_dup(ctx, getter + 1);
  duk_def_prop(ctx, global,
               DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_HAVE_SETTER | DUK_DEFPROP_SET_CONFIGURABLE
                   | DUK_DEFPROP_HAVE_ENUMERABLE | DUK_DEFPROP_FORCE);
}

} // namespace

bool is_extras_getter(duk_context* ctx, duk_idx_t index) {
  return duk_get_c_function(ctx, index) == get_global;
}

void install_extras(duk_context* ctx) {
  const auto top = duk_get_top(ctx);
  push_extras(ctx);
  duk_push_global_object(ctx);
  push_native(ctx, {"get", get_global, 0, 1});
  push_native(ctx, {"set", set_global, 1, 2});
  duk_dup(ctx, top + 2);
  duk_put_prop_literal(ctx, top, "getter");
  for (const auto& each : chunks)
    for (const auto* name : each.globals)
      define_accessor(ctx, top + 1, top + 2, name);
  define_intl_methods(ctx);
  push_host(ctx);
  duk_get_prop_literal(ctx, -1, "platform");
  define_natives(ctx, -1, platform_functions);
  duk_set_top(ctx, top);
}

} // namespace offstage

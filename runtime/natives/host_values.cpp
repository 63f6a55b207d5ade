// SPDX-License-Identifier: MIT
// Questions about values that script cannot ask, for prelude files.
#include "runtime/engine.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/natives/natives.hpp"

#include <offstage_duk.h>

// Shared with the language helpers: 3 is a function that makes its own instances.
#define OFFSTAGE_CLASS_KIND DUK_HIDDEN_SYMBOL("offstage class kind")

namespace offstage {

namespace {

constexpr int native_kind = 3;

duk_ret_t is_constructable(duk_context* ctx) {
  duk_push_boolean(ctx, duk_is_constructable(ctx, 0));
  return 1;
}

duk_ret_t is_typed_array(duk_context* ctx) {
  duk_push_boolean(ctx, duk_is_object(ctx, 0) && duk_is_buffer_data(ctx, 0)
                            && duk_has_prop_literal(ctx, 0, "BYTES_PER_ELEMENT"));
  return 1;
}

// Whether `new` must be used on the function itself: written in C++, bound, or marked.
duk_ret_t is_native(duk_context* ctx) {
  duk_get_prop_literal(ctx, 0, OFFSTAGE_CLASS_KIND);
  const auto marked = duk_get_int(ctx, -1) == native_kind;
  duk_push_boolean(ctx, marked || !duk_is_ecmascript_function(ctx, 0));
  return 1;
}

// markNative(function): its constructor is written in script but makes objects as natives do.
duk_ret_t mark_native(duk_context* ctx) {
  duk_push_literal(ctx, OFFSTAGE_CLASS_KIND);
  duk_push_int(ctx, native_kind);
  duk_def_prop(ctx, 0, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE);
  return 0;
}

duk_ret_t to_primitive(duk_context* ctx) {
  duk_to_primitive(ctx, 0, DUK_HINT_NONE);
  duk_dup(ctx, 0);
  return 1;
}

// callListener(function, this, arguments...): as the host calls, with a microtask checkpoint after
// it when no other script runs. Gives what the function gives; its exception goes to the report
// hook and undefined comes back.
duk_ret_t call_listener(duk_context* ctx) {
  auto& js = engine::of(ctx);
  const auto outcome = js.call(ctx, duk_get_top(ctx) - 2);
  if (outcome)
    return 1;
  if (outcome.error->stopped == stop_cause::none && js.hooks().report)
    js.hooks().report(js, *outcome.error);
  return 0;
}

duk_ret_t to_property_key(duk_context* ctx) {
  duk_to_primitive(ctx, 0, DUK_HINT_STRING);
  if (!duk_is_symbol(ctx, 0) || offstage_duk_is_bigint(ctx, 0))
    duk_to_string(ctx, 0);
  duk_dup(ctx, 0);
  return 1;
}

// proxyParts(proxy): [target, handler].
duk_ret_t proxy_parts(duk_context* ctx) {
  duk_push_bare_array(ctx);
  if (!offstage_duk_proxy_parts(ctx, 0))
    return duk_type_error(ctx, "not a proxy");
  duk_put_prop_index(ctx, 1, 1);
  duk_put_prop_index(ctx, 1, 0);
  return 1;
}

duk_ret_t set_proxy_handlers(duk_context* ctx) {
  offstage_duk_set_proxy_handlers(ctx);
  return 0;
}

// constructOn(function, object, arguments): what the function makes of the object as a constructor.
duk_ret_t construct_on(duk_context* ctx) {
  const auto count = static_cast<duk_idx_t>(duk_get_length(ctx, 2));
  duk_require_stack(ctx, count + 4);
  duk_dup(ctx, 0);
  duk_dup(ctx, 1);
  for (duk_idx_t i = 0; i < count; ++i)
    duk_get_prop_index(ctx, 2, static_cast<duk_uarridx_t>(i));
  offstage_duk_construct(ctx, count);
  return 1;
}

constexpr native_entry functions[] = {
    {"toPropertyKey", to_property_key, 1, 1},
    {"proxyParts", proxy_parts, 1, 1},
    {"setProxyHandlers", set_proxy_handlers, 1, 1},
    {"constructOn", construct_on, 3, 3},
    {"isConstructable", is_constructable, 1, 1},
    {"isTypedArray", is_typed_array, 1, 1},
    {"isNative", is_native, 1, 1},
    {"markNative", mark_native, 1, 1},
    {"toPrimitive", to_primitive, 1, 1},
    {"callListener", call_listener, 2},
};

} // namespace

void install_host_values(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

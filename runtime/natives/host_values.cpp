// SPDX-License-Identifier: MIT
// Questions about values that script cannot ask, for prelude files.
#include "runtime/engine.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/natives/natives.hpp"

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

// lower(source): what the engine can evaluate in its place. A SyntaxError of the compiler is
// thrown.
js_result<int> lower_source(duk_context* ctx) {
  auto& hooks = engine::of(ctx).hooks();
  if (!hooks.lower) {
    duk_dup(ctx, 0);
    return 1;
  }
  const auto goal = duk_get_boolean(ctx, 1) ? lower_goal::function : lower_goal::eval;
  const auto source = string_at(ctx, 0);
  if (!source)
    return js_error::type("only a string can be compiled");
  const auto lowered = hooks.lower(*source, goal);
  if (lowered.error)
    return syntax_error(ctx, *lowered.error, lowered.place);
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, lowered.code); });
      !pushed)
    return pushed.error();
  return 1;
}

constexpr native_entry functions[] = {
    {"isConstructable", is_constructable, 1, 1},
    {"isTypedArray", is_typed_array, 1, 1},
    {"isNative", is_native, 1, 1},
    {"markNative", mark_native, 1, 1},
    {"toPrimitive", to_primitive, 1, 1},
    {"callListener", call_listener, 2},
    {"lower", native<lower_source>, 1, 2},
};

} // namespace

void install_host_values(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

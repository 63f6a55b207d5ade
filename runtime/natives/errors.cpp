// SPDX-License-Identifier: MIT
// Error constructors that know `cause`, AggregateError, and captureStackTrace. The prototypes stay
// Duktape's: errors the engine makes itself inherit from them.
#include "runtime/engine_native.hpp"
#include "runtime/natives/iteration.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"

#define OFFSTAGE_ORIGINAL DUK_HIDDEN_SYMBOL("original")

namespace offstage {

namespace {

constexpr duk_uint_t method_flags =
    DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE;

// ECMAScript: installerrorcause. Stack: the error on the top.
void install_cause(duk_context* ctx, duk_idx_t options) {
  if (!duk_is_object(ctx, options) || !duk_has_prop_literal(ctx, options, "cause"))
    return;
  duk_push_literal(ctx, "cause");
  duk_get_prop_literal(ctx, options, "cause");
  duk_def_prop(ctx, -3, method_flags);
}

// Makes the error with Duktape's own constructor and gives it the prototype that `new` chose.
void push_original(duk_context* ctx, duk_idx_t message) {
  duk_push_current_function(ctx);
  duk_get_prop_literal(ctx, -1, OFFSTAGE_ORIGINAL);
  duk_remove(ctx, -2);
  const auto has_message = !duk_is_undefined(ctx, message);
  if (has_message)
    duk_dup(ctx, message);
  duk_new(ctx, has_message ? 1 : 0);
  if (!duk_is_constructor_call(ctx))
    return;
  duk_push_this(ctx);
  duk_get_prototype(ctx, -1);
  duk_remove(ctx, -2);
  duk_set_prototype(ctx, -2);
}

duk_ret_t error_constructor(duk_context* ctx) {
  push_original(ctx, 0);
  install_cause(ctx, 1);
  return 1;
}

void append_error(duk_context* ctx, void* udata) {
  const auto array = *static_cast<duk_idx_t*>(udata);
  duk_put_prop_index(ctx, array, static_cast<duk_uarridx_t>(duk_get_length(ctx, array)));
}

// ECMAScript: aggregate-error
duk_ret_t aggregate_constructor(duk_context* ctx) {
  push_original(ctx, 1);
  if (!duk_is_constructor_call(ctx)) {
    duk_push_heapptr(ctx, state_of(ctx).aggregate_prototype);
    duk_set_prototype(ctx, -2);
  }
  install_cause(ctx, 2);
  duk_push_literal(ctx, "errors");
  duk_push_array(ctx);
  auto array = duk_get_top_index(ctx);
  for_each_item(ctx, 0, append_error, &array);
  duk_def_prop(ctx, -3, method_flags);
  return 1;
}

// Error.captureStackTrace(object): what libraries call to have a `stack`.
duk_ret_t capture_stack_trace(duk_context* ctx) {
  if (!duk_is_object(ctx, 0))
    return duk_type_error(ctx, "Invalid argument");
  duk_push_literal(ctx, "stack");
  duk_push_error_object(ctx, DUK_ERR_ERROR, "");
  duk_get_prop_literal(ctx, -1, "stack");
  duk_remove(ctx, -2);
  duk_def_prop(ctx, 0, method_flags | DUK_DEFPROP_FORCE);
  return 0;
}

// Replaces a global error constructor; leaves the new one on the stack.
void wrap_constructor(duk_context* ctx, const char* name) {
  duk_get_global_string(ctx, name);
  push_native(ctx, {name, error_constructor, 1, 2});
  duk_dup(ctx, -2);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_ORIGINAL);
  duk_get_prop_literal(ctx, -2, "prototype");
  link_constructor(ctx);
  duk_remove(ctx, -2);
  duk_dup_top(ctx);
  define_global(ctx, name);
}

void define_property(duk_context* ctx, const char* name, const char* text) {
  duk_push_string(ctx, name);
  duk_push_string(ctx, text);
  duk_def_prop(ctx, -3, method_flags);
}

constexpr const char* subclasses[] = {"EvalError",   "RangeError", "ReferenceError",
                                      "SyntaxError", "TypeError",  "URIError"};

// Stack: [Error], kept.
void install_aggregate(duk_context* ctx) {
  push_native(ctx, {"AggregateError", aggregate_constructor, 2, 3});
  duk_get_prop_literal(ctx, -2, OFFSTAGE_ORIGINAL);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_ORIGINAL);
  duk_dup(ctx, -2);
  duk_set_prototype(ctx, -2);
  duk_push_object(ctx);
  duk_get_prop_literal(ctx, -3, "prototype");
  duk_set_prototype(ctx, -2);
  define_property(ctx, "name", "AggregateError");
  define_property(ctx, "message", "");
  duk_dup_top(ctx);
  state_of(ctx).aggregate_prototype = keep_in_stash(ctx, "AggregateError.prototype");
  link_constructor(ctx);
  define_global(ctx, "AggregateError");
}

} // namespace

void install_errors(duk_context* ctx) {
  wrap_constructor(ctx, "Error");
  constexpr native_entry statics[] = {{"captureStackTrace", capture_stack_trace, 2, 1}};
  define_natives(ctx, -1, statics);
  duk_push_literal(ctx, "stackTraceLimit");
  duk_push_int(ctx, 10);
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WEC);
  for (const auto* name : subclasses) {
    wrap_constructor(ctx, name);
    duk_dup(ctx, -2);
    duk_set_prototype(ctx, -2);
    duk_pop(ctx);
  }
  install_aggregate(ctx);
  duk_pop(ctx);
}

} // namespace offstage

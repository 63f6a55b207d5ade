// SPDX-License-Identifier: MIT
// The constructor and `then`, which are hot, and what runtime/js/builtins/promise.js builds the
// rest from.
#include "runtime/engine_native.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"
#include "runtime/natives/promise.hpp"

#define OFFSTAGE_CAPABILITY DUK_HIDDEN_SYMBOL("capability")

namespace offstage {

namespace {

// ECMAScript: promise-executor
duk_ret_t promise_constructor(duk_context* ctx) {
  if (!duk_is_constructor_call(ctx))
    return duk_type_error(ctx, "Promise constructor cannot be invoked without 'new'");
  if (!duk_is_callable(ctx, 0))
    return duk_type_error(ctx, "Promise resolver is not a function");
  duk_push_this(ctx);
  make_promise(ctx, -1);
  duk_dup(ctx, 0);
  duk_push_undefined(ctx);
  push_resolving_functions(ctx, -3);
  duk_dup_top(ctx);
  duk_insert(ctx, -5); // promise reject executor undefined resolve reject
  if (duk_pcall_method(ctx, 2) != DUK_EXEC_SUCCESS)
    duk_call(ctx, 1);
  return 0;
}

duk_ret_t capability_executor(duk_context* ctx) {
  duk_push_current_function(ctx);
  duk_get_prop_literal(ctx, -1, OFFSTAGE_CAPABILITY);
  for (duk_uarridx_t i = 0; i < 2; ++i) {
    duk_get_prop_index(ctx, -1, i);
    if (!duk_is_undefined(ctx, -1))
      return duk_type_error(
          ctx, "Promise executor has already been invoked with non-undefined arguments");
    duk_pop(ctx);
    duk_dup(ctx, static_cast<duk_idx_t>(i));
    duk_put_prop_index(ctx, -2, i);
  }
  return 0;
}

// ECMAScript: newpromisecapability. Stack: [constructor] becomes [promise resolve reject].
void push_capability(duk_context* ctx) {
  if (!duk_is_constructable(ctx, -1))
    static_cast<void>(duk_type_error(ctx, "Promise capability needs a constructor"));
  duk_push_bare_array(ctx);
  duk_insert(ctx, -2); // functions constructor
  duk_push_c_function(ctx, capability_executor, 2);
  duk_dup(ctx, -3);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_CAPABILITY);
  duk_new(ctx, 1);
  duk_insert(ctx, -2); // promise functions
  for (duk_uarridx_t i = 0; i < 2; ++i) {
    duk_get_prop_index(ctx, -1 - static_cast<duk_idx_t>(i), i);
    if (!duk_is_callable(ctx, -1))
      static_cast<void>(duk_type_error(ctx, "Promise resolve or reject function is not callable"));
  }
  duk_remove(ctx, -3);
}

duk_ret_t require_species_constructor(duk_context* ctx) {
  if (duk_is_undefined(ctx, -1)) {
    duk_push_heapptr(ctx, state_of(ctx).promise_constructor);
    return 1;
  }
  if (!duk_is_object(ctx, -1))
    return duk_type_error(ctx, "constructor is not an object");
  duk_get_prop_literal(ctx, -1, DUK_WELLKNOWN_SYMBOL("Symbol.species"));
  if (duk_is_null_or_undefined(ctx, -1))
    duk_push_heapptr(ctx, state_of(ctx).promise_constructor);
  return 1;
}

void push_callable_or_undefined(duk_context* ctx, duk_idx_t index) {
  if (duk_is_callable(ctx, index))
    duk_dup(ctx, index);
  else
    duk_push_undefined(ctx);
}

// ECMAScript: promise.prototype.then
// Deviation: @@species of %Promise% itself is not read; only a changed `constructor` is followed.
duk_ret_t promise_then(duk_context* ctx) {
  duk_push_this(ctx);
  if (!is_promise(ctx, -1))
    return duk_type_error(ctx, "Promise.prototype.then called on a value that is not a promise");
  duk_get_prop_literal(ctx, 2, "constructor");
  auto* realm_constructor = state_of(ctx).promise_constructor;
  if (duk_get_heapptr(ctx, -1) != realm_constructor)
    require_species_constructor(ctx);
  const auto own = duk_get_heapptr(ctx, -1) == realm_constructor;
  if (own)
    push_promise(ctx);
  else
    push_capability(ctx);
  const auto derived = duk_get_top_index(ctx) - (own ? 0 : 2);
  duk_push_int(ctx, static_cast<int>(own ? job_kind::react : job_kind::react_to));
  push_callable_or_undefined(ctx, 0);
  push_callable_or_undefined(ctx, 1);
  duk_dup(ctx, own ? derived : derived + 1);
  if (own)
    duk_push_undefined(ctx);
  else
    duk_dup(ctx, derived + 2);
  perform_promise_then(ctx, 2);
  duk_dup(ctx, derived);
  return 1;
}

duk_ret_t host_new_promise(duk_context* ctx) {
  push_promise(ctx);
  return 1;
}

duk_ret_t host_resolve_promise(duk_context* ctx) {
  resolve_promise(ctx, 0);
  return 0;
}

duk_ret_t host_reject_promise(duk_context* ctx) {
  reject_promise(ctx, 0);
  return 0;
}

duk_ret_t host_is_promise(duk_context* ctx) {
  duk_push_boolean(ctx, is_promise(ctx, 0));
  return 1;
}

duk_ret_t host_await(duk_context* ctx) {
  await_value(ctx);
  return 0;
}

// then without a derived promise: (promise, onFulfilled, onRejected).
duk_ret_t host_perform_then(duk_context* ctx) {
  duk_push_int(ctx, static_cast<int>(job_kind::react));
  duk_dup(ctx, 1);
  duk_dup(ctx, 2);
  duk_push_undefined(ctx);
  duk_push_undefined(ctx);
  perform_promise_then(ctx, 0);
  return 0;
}

// [promise, resolve, reject] of a constructor.
duk_ret_t host_new_capability(duk_context* ctx) {
  duk_push_bare_array(ctx);
  duk_insert(ctx, 0);
  push_capability(ctx);
  duk_put_prop_index(ctx, 0, 2);
  duk_put_prop_index(ctx, 0, 1);
  duk_put_prop_index(ctx, 0, 0);
  return 1;
}

// ECMAScript: promise-resolve. Arguments: constructor, value.
duk_ret_t host_promise_resolve(duk_context* ctx) {
  if (is_promise(ctx, 1)) {
    duk_get_prop_literal(ctx, 1, "constructor");
    if (duk_samevalue(ctx, -1, 0)) {
      duk_dup(ctx, 1);
      return 1;
    }
  }
  if (duk_get_heapptr(ctx, 0) == state_of(ctx).promise_constructor) {
    push_promise(ctx);
    duk_dup(ctx, 1);
    resolve_promise(ctx, -2);
    return 1;
  }
  duk_dup(ctx, 0);
  push_capability(ctx);
  duk_pop(ctx);
  duk_dup(ctx, 1);
  duk_call(ctx, 1);
  duk_pop(ctx);
  return 1;
}

duk_ret_t queue_microtask(duk_context* ctx) {
  if (!duk_is_callable(ctx, 0))
    return duk_type_error(ctx, "queueMicrotask needs a function");
  duk_push_undefined(ctx);
  duk_push_undefined(ctx);
  duk_push_undefined(ctx);
  enqueue_job(ctx, job_kind::call, false);
  return 0;
}

constexpr native_entry host_functions[] = {
    {"newPromise", host_new_promise, 0, 0},
    {"resolvePromise", host_resolve_promise, 2, 2},
    {"rejectPromise", host_reject_promise, 2, 2},
    {"isPromise", host_is_promise, 1, 1},
    {"await", host_await, 3, 3},
    {"performThen", host_perform_then, 3, 3},
    {"newCapability", host_new_capability, 1, 1},
    {"promiseResolve", host_promise_resolve, 2, 2},
};

void install_queues(duk_context* ctx, native_state& state) {
  duk_push_bare_array(ctx);
  state.job_arrays[0] = keep_in_stash(ctx, "jobs 0");
  duk_push_bare_array(ctx);
  state.job_arrays[1] = keep_in_stash(ctx, "jobs 1");
  duk_push_bare_array(ctx);
  state.rejections = keep_in_stash(ctx, "rejections");
}

} // namespace

void install_promise(duk_context* ctx) {
  auto& state = state_of(ctx);
  install_queues(ctx, state);
  push_native(ctx, {"Promise", promise_constructor, 1, 1});
  duk_dup_top(ctx);
  state.promise_constructor = keep_in_stash(ctx, "Promise");
  duk_push_object(ctx);
  constexpr native_entry then[] = {{"then", promise_then, 2, 2}};
  define_natives(ctx, -1, then);
  duk_get_prop_literal(ctx, -1, "then");
  state.promise_then = keep_in_stash(ctx, "Promise.prototype.then");
  duk_dup_top(ctx);
  state.promise_prototype = keep_in_stash(ctx, "Promise.prototype");
  link_constructor(ctx);
  define_global(ctx, "Promise");
  constexpr native_entry queue[] = {{"queueMicrotask", queue_microtask, 1, 1}};
  duk_push_global_object(ctx);
  define_natives(ctx, -1, queue);
  duk_pop(ctx);
  push_host(ctx);
  define_natives(ctx, -1, host_functions);
  duk_pop(ctx);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once
// Promises as natives see them. All functions are plain: they may throw into script and own
// nothing. Host code uses them inside `protect` or `engine::run`. Jobs are rows of five values: the
// kind and what it needs.

#include <cstdint>

#include <duktape.h>

namespace offstage {

enum class promise_state : std::uint8_t { pending, fulfilled, rejected };

// Pushes a new pending promise of the realm's %Promise%.
void push_promise(duk_context* ctx);
// Settles the promise at `promise` with the value on the top of the stack, which is popped.
// Resolving follows thenables.
void resolve_promise(duk_context* ctx, duk_idx_t promise);
void reject_promise(duk_context* ctx, duk_idx_t promise);
bool is_promise(duk_context* ctx, duk_idx_t index);
// The value or reason is pushed, undefined while pending.
promise_state push_promise_result(duk_context* ctx, duk_idx_t promise);

// Stack: [value step context], popped. When the promise of `value` settles one microtask calls
// step(context, value, rejected): exactly the jobs `await` may cost. ECMAScript: await
void await_value(duk_context* ctx);

// ECMAScript: performpromisethen. Stack: [kind onFulfilled onRejected c d], popped; c and d as
// the kind says.
void perform_promise_then(duk_context* ctx, duk_idx_t promise);
// Makes the object at `object` a pending promise.
void make_promise(duk_context* ctx, duk_idx_t object);
// Pushes resolve and reject for the promise; using either makes both inert.
void push_resolving_functions(duk_context* ctx, duk_idx_t promise);

enum class job_kind : std::uint8_t {
  call,     // function, arguments array or undefined, -, -
  react,    // handler or undefined, argument, derived promise or undefined, -
  react_to, // handler or undefined, argument, resolve function, reject function
  step,     // step function, argument, context, -
  thenable, // then function, thenable, promise, -
};

inline constexpr duk_uint_t job_row_size = 5;

// Stack: [a b c d], popped.
void enqueue_job(duk_context* ctx, job_kind kind, bool rejected);
// Runs one row: its five values are the top of the stack and are popped. A queueMicrotask callback
// and the engine's own errors throw through.
void run_job(duk_context* ctx);

// For the rejection task: whether the promise at `index` still has to be announced, and marks it
// announced.
enum class announcement : std::uint8_t { none, unhandled, handled };
announcement take_announcement(duk_context* ctx, duk_idx_t index);

} // namespace offstage

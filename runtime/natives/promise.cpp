// SPDX-License-Identifier: MIT
// A promise is an ordinary object with two hidden properties: a record (what it is, below) in a
// buffer, and its value or, while it is pending, the array of its reactions in rows of [kind
// onFulfilled onRejected c d] (c and d as in job_kind).
#include "runtime/natives/promise.hpp"

#include <cstring>

#include "runtime/natives/native_state.hpp"

#define OFFSTAGE_PROMISE_RECORD DUK_HIDDEN_SYMBOL("promise")
#define OFFSTAGE_PROMISE_VALUE DUK_HIDDEN_SYMBOL("value")
#define OFFSTAGE_PROMISE_TARGET DUK_HIDDEN_SYMBOL("target")

namespace offstage {

namespace {

struct promise_record {
  // Tells an own record from one that is inherited.
  const void* self;
  promise_state state;
  bool handled;
  bool announced;
  bool has_reactions;
  // Resolving functions carry the generation they belong to: using one makes its pair stale.
  std::uint16_t generation;
};

constexpr std::uint16_t generation_mask = 0x3FFF;

promise_record* record_at(duk_context* ctx, duk_idx_t index) {
  auto* self = duk_get_heapptr(ctx, index);
  if (self == nullptr || !duk_is_object(ctx, index))
    return nullptr;
  duk_get_prop_literal(ctx, index, OFFSTAGE_PROMISE_RECORD);
  duk_size_t size = 0;
  auto* record = static_cast<promise_record*>(duk_get_buffer(ctx, -1, &size));
  duk_pop(ctx);
  return record != nullptr && size == sizeof(promise_record) && record->self == self ? record
                                                                                     : nullptr;
}

promise_record& require_record(duk_context* ctx, duk_idx_t index) {
  auto* record = record_at(ctx, index);
  if (record == nullptr)
    static_cast<void>(duk_type_error(ctx, "receiver is not a promise"));
  return *record;
}

promise_record& attach_record(duk_context* ctx, duk_idx_t index) {
  index = duk_normalize_index(ctx, index);
  auto* record = static_cast<promise_record*>(duk_push_fixed_buffer(ctx, sizeof(promise_record)));
  record->self = duk_get_heapptr(ctx, index);
  duk_put_prop_literal(ctx, index, OFFSTAGE_PROMISE_RECORD);
  return *record;
}

// ECMAScript: host-promise-rejection-tracker
void remember_rejection(duk_context* ctx, duk_idx_t promise) {
  auto& state = state_of(ctx);
  promise = duk_normalize_index(ctx, promise);
  duk_push_heapptr(ctx, state.rejections);
  duk_dup(ctx, promise);
  duk_put_prop_index(ctx, -2, state.rejection_count++);
  duk_pop(ctx);
}

// Stack: [kind onFulfilled onRejected c d argument]; all but the argument are popped.
void enqueue_reaction(duk_context* ctx, bool rejected) {
  const auto kind = static_cast<job_kind>(duk_get_int(ctx, -6));
  duk_dup_top(ctx);
  duk_insert(ctx, -7);                 // argument kind f r c d argument
  duk_insert(ctx, -3);                 // argument kind f r argument c d
  duk_remove(ctx, rejected ? -5 : -4); // argument kind handler argument c d
  enqueue_job(ctx, kind, rejected);
  duk_pop(ctx);
}

// Stack: [reactions value]; kept.
void trigger_reactions(duk_context* ctx, bool rejected) {
  const auto value = duk_get_top_index(ctx);
  const auto rows = static_cast<duk_uarridx_t>(duk_get_length(ctx, value - 1));
  for (duk_uarridx_t at = 0; at < rows; at += job_row_size) {
    for (duk_uint_t i = 0; i < job_row_size; ++i)
      duk_get_prop_index(ctx, value - 1, at + i);
    duk_dup(ctx, value);
    enqueue_reaction(ctx, rejected);
    duk_pop(ctx);
  }
}

// The value is the top of the stack and is popped.
void settle(duk_context* ctx, duk_idx_t promise, promise_state state) {
  promise = duk_normalize_index(ctx, promise);
  auto& record = require_record(ctx, promise);
  const auto had_reactions = record.has_reactions;
  const auto rejected = state == promise_state::rejected;
  if (had_reactions) {
    duk_get_prop_literal(ctx, promise, OFFSTAGE_PROMISE_VALUE);
    duk_insert(ctx, -2);
  }
  duk_dup_top(ctx);
  duk_put_prop_literal(ctx, promise, OFFSTAGE_PROMISE_VALUE);
  record.state = state;
  record.has_reactions = false;
  if (rejected && !record.handled)
    remember_rejection(ctx, promise);
  if (had_reactions) {
    trigger_reactions(ctx, rejected);
    duk_remove(ctx, -2);
  }
  duk_pop(ctx);
}

void perform_then(duk_context* ctx, duk_idx_t promise) {
  promise = duk_normalize_index(ctx, promise);
  auto& record = require_record(ctx, promise);
  if (record.state == promise_state::pending) {
    if (!record.has_reactions) {
      duk_push_bare_array(ctx);
      duk_dup_top(ctx);
      duk_put_prop_literal(ctx, promise, OFFSTAGE_PROMISE_VALUE);
      record.has_reactions = true;
    } else {
      duk_get_prop_literal(ctx, promise, OFFSTAGE_PROMISE_VALUE);
    }
    duk_insert(ctx, -1 - static_cast<duk_idx_t>(job_row_size));
    const auto array = duk_get_top_index(ctx) - static_cast<duk_idx_t>(job_row_size);
    const auto length = static_cast<duk_uarridx_t>(duk_get_length(ctx, array));
    for (duk_uint_t i = job_row_size; i-- > 0;)
      duk_put_prop_index(ctx, array, length + i);
    duk_pop(ctx);
  } else {
    duk_get_prop_literal(ctx, promise, OFFSTAGE_PROMISE_VALUE);
    const auto rejected = record.state == promise_state::rejected;
    if (rejected && !record.handled && record.announced)
      remember_rejection(ctx, promise);
    enqueue_reaction(ctx, rejected);
    duk_pop(ctx);
  }
  record.handled = true;
}

duk_ret_t resolving_function(duk_context* ctx);

void push_resolving_function(duk_context* ctx, duk_idx_t promise, const promise_record& record,
                             bool rejects) {
  promise = duk_normalize_index(ctx, promise);
  duk_push_c_function(ctx, resolving_function, 1);
  duk_set_magic(ctx, -1, (record.generation << 1) | (rejects ? 1 : 0));
  duk_dup(ctx, promise);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_PROMISE_TARGET);
}

bool take_generation(promise_record& record, int generation) {
  if (record.generation != generation)
    return false;
  record.generation = static_cast<std::uint16_t>((record.generation + 1) & generation_mask);
  return true;
}

duk_ret_t resolving_function(duk_context* ctx) {
  const auto magic = duk_get_current_magic(ctx);
  duk_push_current_function(ctx);
  duk_get_prop_literal(ctx, -1, OFFSTAGE_PROMISE_TARGET);
  if (!take_generation(require_record(ctx, -1), magic >> 1))
    return 0;
  duk_dup(ctx, 0);
  if ((magic & 1) != 0)
    reject_promise(ctx, -2);
  else
    resolve_promise(ctx, -2);
  return 0;
}

duk_ret_t get_then(duk_context* ctx, void*) {
  duk_get_prop_literal(ctx, -1, "then");
  return 1;
}

// ECMAScript: newpromiseresolvethenablejob. Stack: [then thenable promise], kept.
void run_thenable(duk_context* ctx) {
  const auto then = duk_get_top_index(ctx) - 2;
  if (duk_get_heapptr(ctx, then) == state_of(ctx).promise_then && is_promise(ctx, then + 1)) {
    // The realm's own `then` on a real promise: its reaction can settle the promise without
    // functions in between.
    duk_push_int(ctx, static_cast<int>(job_kind::react));
    duk_push_undefined(ctx);
    duk_push_undefined(ctx);
    duk_dup(ctx, then + 2);
    duk_push_undefined(ctx);
    perform_then(ctx, then + 1);
    return;
  }
  auto& record = require_record(ctx, then + 2);
  const auto generation = record.generation;
  duk_dup(ctx, then);
  duk_dup(ctx, then + 1);
  push_resolving_function(ctx, then + 2, record, false);
  push_resolving_function(ctx, then + 2, record, true);
  if (duk_pcall_method(ctx, 2) != DUK_EXEC_SUCCESS && take_generation(record, generation))
    reject_promise(ctx, then + 2);
  else
    duk_pop(ctx);
}

// Stack: [handler argument c d]; calls the handler, leaves [.. result] or [.. reason] and says
// which.
bool call_handler(duk_context* ctx, bool rejected) {
  const auto handler = duk_get_top_index(ctx) - 3;
  if (!duk_is_callable(ctx, handler)) {
    duk_dup(ctx, handler + 1);
    return !rejected;
  }
  duk_dup(ctx, handler);
  duk_push_undefined(ctx);
  duk_dup(ctx, handler + 1);
  return duk_pcall_method(ctx, 1) == DUK_EXEC_SUCCESS;
}

void run_reaction(duk_context* ctx, job_kind kind, bool rejected) {
  const auto fulfilled = call_handler(ctx, rejected);
  if (kind == job_kind::react) {
    if (duk_is_undefined(ctx, -3))
      duk_pop(ctx);
    else if (fulfilled)
      resolve_promise(ctx, -3);
    else
      reject_promise(ctx, -3);
    return;
  }
  duk_dup(ctx, fulfilled ? -3 : -2);
  duk_insert(ctx, -2);
  duk_call(ctx, 1);
  duk_pop(ctx);
}

void run_step(duk_context* ctx, bool rejected) {
  duk_dup(ctx, -4);
  duk_dup(ctx, -3);
  duk_dup(ctx, -5);
  duk_push_boolean(ctx, rejected);
  duk_call(ctx, 3);
  duk_pop(ctx);
}

} // namespace

void push_promise(duk_context* ctx) {
  duk_push_object(ctx);
  duk_push_heapptr(ctx, state_of(ctx).promise_prototype);
  duk_set_prototype(ctx, -2);
  attach_record(ctx, -1);
}

void make_promise(duk_context* ctx, duk_idx_t object) {
  attach_record(ctx, object);
}

void perform_promise_then(duk_context* ctx, duk_idx_t promise) {
  perform_then(ctx, promise);
}

void push_resolving_functions(duk_context* ctx, duk_idx_t promise) {
  promise = duk_normalize_index(ctx, promise);
  const auto& record = require_record(ctx, promise);
  push_resolving_function(ctx, promise, record, false);
  push_resolving_function(ctx, promise, record, true);
}

bool is_promise(duk_context* ctx, duk_idx_t index) {
  return record_at(ctx, index) != nullptr;
}

// ECMAScript: promise-resolve-functions
void resolve_promise(duk_context* ctx, duk_idx_t promise) {
  promise = duk_normalize_index(ctx, promise);
  if (!duk_is_object(ctx, -1))
    return settle(ctx, promise, promise_state::fulfilled);
  if (duk_get_heapptr(ctx, -1) == duk_get_heapptr(ctx, promise)) {
    duk_push_error_object(ctx, DUK_ERR_TYPE_ERROR, "Chaining cycle detected for promise");
    duk_remove(ctx, -2);
    return settle(ctx, promise, promise_state::rejected);
  }
  if (duk_safe_call(ctx, get_then, nullptr, 0, 1) != DUK_EXEC_SUCCESS) {
    duk_remove(ctx, -2);
    return settle(ctx, promise, promise_state::rejected);
  }
  if (!duk_is_callable(ctx, -1)) {
    duk_pop(ctx);
    return settle(ctx, promise, promise_state::fulfilled);
  }
  duk_insert(ctx, -2);
  duk_dup(ctx, promise);
  duk_push_undefined(ctx);
  enqueue_job(ctx, job_kind::thenable, false);
}

void reject_promise(duk_context* ctx, duk_idx_t promise) {
  settle(ctx, promise, promise_state::rejected);
}

promise_state push_promise_result(duk_context* ctx, duk_idx_t promise) {
  const auto& record = require_record(ctx, promise);
  if (record.state == promise_state::pending)
    duk_push_undefined(ctx);
  else
    duk_get_prop_literal(ctx, promise, OFFSTAGE_PROMISE_VALUE);
  return record.state;
}

void await_value(duk_context* ctx) {
  const auto value = duk_get_top_index(ctx) - 2;
  if (!duk_is_object(ctx, value)) {
    duk_dup(ctx, value + 1);
    duk_dup(ctx, value);
    duk_dup(ctx, value + 2);
    duk_push_undefined(ctx);
    enqueue_job(ctx, job_kind::step, false);
    return duk_pop_3(ctx);
  }
  if (is_promise(ctx, value))
    duk_get_prop_literal(ctx, value, "constructor");
  else
    duk_push_undefined(ctx);
  if (duk_get_heapptr(ctx, -1) != state_of(ctx).promise_constructor) {
    push_promise(ctx);
    duk_dup(ctx, value);
    resolve_promise(ctx, -2);
    duk_replace(ctx, value);
  }
  duk_pop(ctx);
  duk_push_int(ctx, static_cast<int>(job_kind::step));
  duk_dup(ctx, value + 1);
  duk_dup(ctx, value + 1);
  duk_dup(ctx, value + 2);
  duk_push_undefined(ctx);
  perform_then(ctx, value);
  duk_pop_3(ctx);
}

void enqueue_job(duk_context* ctx, job_kind kind, bool rejected) {
  auto& state = state_of(ctx);
  const auto base = state.job_counts[state.filling] * job_row_size;
  duk_push_heapptr(ctx, state.job_arrays[state.filling]);
  duk_push_int(ctx, (static_cast<int>(kind) << 1) | (rejected ? 1 : 0));
  duk_put_prop_index(ctx, -2, base);
  for (duk_uint_t i = 0; i < 4; ++i) {
    duk_dup(ctx, -5 + static_cast<duk_idx_t>(i));
    duk_put_prop_index(ctx, -2, base + 1 + i);
  }
  duk_pop_n(ctx, 5);
  ++state.job_counts[state.filling];
}

void run_job(duk_context* ctx) {
  const auto code = duk_get_int(ctx, -5);
  const auto kind = static_cast<job_kind>(code >> 1);
  const auto rejected = (code & 1) != 0;
  switch (kind) {
  case job_kind::call:
    duk_dup(ctx, -4);
    duk_push_undefined(ctx);
    duk_call_method(ctx, 0);
    duk_pop(ctx);
    break;
  case job_kind::react:
  case job_kind::react_to:
    run_reaction(ctx, kind, rejected);
    break;
  case job_kind::step:
    run_step(ctx, rejected);
    break;
  case job_kind::thenable:
    duk_pop(ctx);
    run_thenable(ctx);
    duk_push_undefined(ctx);
    break;
  }
  duk_pop_n(ctx, job_row_size);
}

announcement take_announcement(duk_context* ctx, duk_idx_t index) {
  auto* record = record_at(ctx, index);
  if (record == nullptr)
    return announcement::none;
  if (record->handled)
    return record->announced ? announcement::handled : announcement::none;
  record->announced = true;
  return announcement::unhandled;
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "runtime/extras/task_queue.hpp"

#include "runtime/engine.hpp"

#define OFFSTAGE_TASKS DUK_HIDDEN_SYMBOL("posted tasks")

namespace offstage {

namespace {

// Pushes the object that has the waiting callbacks by number, and the numbers `first` and `next`.
void push_tasks(duk_context* ctx) {
  duk_push_global_stash(ctx);
  if (!duk_get_prop_literal(ctx, -1, OFFSTAGE_TASKS)) {
    duk_pop(ctx);
    duk_push_bare_object(ctx);
    for (const auto* name : {"first", "next"}) {
      duk_push_uint(ctx, 0);
      duk_put_prop_string(ctx, -2, name);
    }
    duk_dup_top(ctx);
    duk_put_prop_literal(ctx, -3, OFFSTAGE_TASKS);
  }
  duk_remove(ctx, -2);
}

duk_uint_t number_of(duk_context* ctx, const char* name) {
  duk_get_prop_string(ctx, -1, name);
  const auto number = duk_get_uint(ctx, -1);
  duk_pop(ctx);
  return number;
}

void set_number(duk_context* ctx, const char* name, duk_uint_t number) {
  duk_push_uint(ctx, number);
  duk_put_prop_string(ctx, -2, name);
}

// Pushes the callback that has waited longest and forgets it.
void take_first(duk_context* ctx) {
  push_tasks(ctx);
  const auto first = number_of(ctx, "first");
  duk_get_prop_index(ctx, -1, first);
  duk_del_prop_index(ctx, -2, first);
  duk_insert(ctx, -2);
  set_number(ctx, "first", first + 1);
  duk_pop(ctx);
  duk_push_undefined(ctx);
}

void run_first(engine& js) {
  auto* ctx = js.context();
  const stack_guard guard{ctx};
  if (!protect(ctx, 2, take_first))
    return;
  const auto outcome = js.call(ctx, 0);
  if (!outcome && js.hooks().report)
    js.hooks().report(js, *outcome.error);
}

// Allocates C++ memory and must not meet a Duktape error while it does.
void post(engine& js) noexcept {
  js.loop().post(run_first);
}

} // namespace

duk_ret_t post_task(duk_context* ctx) {
  duk_require_function(ctx, 0);
  push_tasks(ctx);
  const auto next = number_of(ctx, "next");
  if (next - number_of(ctx, "first") >= posted_tasks_max)
    return duk_range_error(ctx, "too many tasks are waiting");
  duk_dup(ctx, 0);
  duk_put_prop_index(ctx, -2, next);
  set_number(ctx, "next", next + 1);
  post(engine::of(ctx));
  return 0;
}

} // namespace offstage

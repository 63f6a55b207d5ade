// SPDX-License-Identifier: MIT
#include "runtime/engine.hpp"
#include "runtime/natives/function_text.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"
#include "runtime/natives/promise.hpp"

namespace offstage {

namespace {

// Reading the clock for every job would cost more than many jobs do.
constexpr std::uint32_t jobs_between_checks = 64;

struct drain_position {
  std::uint32_t next = 0;
  std::uint32_t count = 0;
  int array = 0;
};

void push_row(duk_context* ctx, void* array, std::uint32_t row) {
  duk_push_heapptr(ctx, array);
  const auto from = duk_get_top_index(ctx);
  for (duk_uint_t i = 0; i < job_row_size; ++i) {
    duk_get_prop_index(ctx, from, row * job_row_size + i);
    duk_push_undefined(ctx);
    duk_put_prop_index(ctx, from, row * job_row_size + i);
  }
  duk_remove(ctx, from);
}

// Where the job would have gone on: the callback, or the body of the async function. No execution
// limit holds here: nothing of script is called.
script_place place_of_job(duk_context* ctx, void* array, std::uint32_t row) {
  stack_guard guard{ctx};
  script_place place;
  const auto read = protect(ctx, 0, [&](duk_context* inner) {
    duk_push_heapptr(inner, array);
    const auto rows = duk_get_top_index(inner);
    for (duk_uint_t i = 0; i < job_row_size && place.line == 0; ++i) {
      duk_get_prop_index(inner, rows, row * job_row_size + i);
      if (duk_is_object(inner, -1) && !duk_is_function(inner, -1)) {
        duk_push_literal(inner, "body");
        duk_get_prop_desc(inner, -2, 0);
        if (duk_is_object(inner, -1))
          duk_get_prop_literal(inner, -1, "value");
      }
      place = place_of_function(inner, duk_get_top_index(inner));
      duk_set_top(inner, rows + 1);
    }
    duk_set_top(inner, rows);
  });
  static_cast<void>(read);
  return place;
}

// Runs the rest of the batch until a job throws; the position says where to go on.
void run_batch(duk_context* ctx, engine& js, drain_position& at) {
  auto& state = js.natives();
  while (at.next < at.count) {
    if (at.next % jobs_between_checks == 0 && js.heap().must_stop()) {
      js.heap().stopped([&] { return place_of_job(ctx, state.job_arrays[at.array], at.next); });
      return;
    }
    push_row(ctx, state.job_arrays[at.array], at.next++);
    run_job(ctx);
    if (js.heap().cause() != stop_cause::none)
      return;
  }
  duk_push_heapptr(ctx, state.job_arrays[at.array]);
  duk_set_length(ctx, -1, 0);
  duk_pop(ctx);
}

void report(engine& js) {
  auto* ctx = js.context();
  if (js.heap().cause() == stop_cause::none && js.hooks().report)
    js.hooks().report(js, describe_error(ctx, -1));
  duk_pop(ctx);
}

bool drain_batch(engine& js) {
  auto& state = js.natives();
  drain_position at{0, state.job_counts[state.filling], state.filling};
  state.job_counts[state.filling] = 0;
  state.filling = 1 - state.filling;
  while (at.next < at.count) {
    js.heap().enter_script();
    const auto ran = protect(js.context(), 0, [&](duk_context* ctx) { run_batch(ctx, js, at); });
    js.heap().leave_script();
    if (!ran)
      report(js);
    if (js.heap().cause() != stop_cause::none)
      return false;
  }
  return true;
}

void announce(engine& js, duk_uarridx_t index) {
  auto* ctx = js.context();
  stack_guard guard{ctx};
  auto what = announcement::none;
  const auto read = protect(ctx, 2, [&](duk_context* inner) {
    duk_get_prop_index(inner, -1, index);
    what = take_announcement(inner, -1);
    push_promise_result(inner, -1);
  });
  if (!read || what == announcement::none || !js.hooks().promise_rejection)
    return;
  const auto hook_kind = what == announcement::handled ? rejection::handled : rejection::unhandled;
  js.hooks().promise_rejection(js, hook_kind);
}

// HTML: notify-about-rejected-promises
void announce_rejections(engine& js) {
  auto& state = js.natives();
  auto* ctx = js.context();
  stack_guard guard{ctx};
  const auto count = state.rejection_count;
  duk_push_heapptr(ctx, state.rejections);
  state.rejection_task_posted = false;
  state.rejection_count = 0;
  const auto renewed = protect(ctx, 0, [&](duk_context* inner) {
    duk_push_array(inner);
    state.rejections = keep_in_stash(inner, "rejections");
  });
  for (duk_uarridx_t i = 0; renewed && i < count; ++i)
    announce(js, i);
}

} // namespace

void run_microtasks(engine& js) {
  auto& state = js.natives();
  while (state.job_counts[state.filling] > 0) {
    if (js.heap().must_stop())
      js.heap().stopped(
          [&] { return place_of_job(js.context(), state.job_arrays[state.filling], 0); });
    if (js.heap().cause() != stop_cause::none || !drain_batch(js)) {
      state.job_counts[0] = state.job_counts[1] = 0;
      return;
    }
  }
  if (state.rejection_count > 0 && !state.rejection_task_posted) {
    state.rejection_task_posted = true;
    js.loop().post(announce_rejections);
  }
}

native_state& state_of(duk_context* ctx) {
  return engine::of(ctx).natives();
}

void* keep_in_stash(duk_context* ctx, const char* name) {
  auto* kept = duk_get_heapptr(ctx, -1);
  duk_push_global_stash(ctx);
  duk_insert(ctx, -2);
  duk_put_prop_string(ctx, -2, name);
  duk_pop(ctx);
  return kept;
}

} // namespace offstage

// SPDX-License-Identifier: MIT
// setTimeout and setInterval. What a timer calls lives in the stash under the timer's id: the
// script's function itself, or a native that adds the arguments, or one that evaluates a string.
#include "runtime/engine.hpp"
#include "runtime/natives/natives.hpp"

#define OFFSTAGE_TIMER_ROW DUK_HIDDEN_SYMBOL("row")

namespace offstage {

namespace {

void push_timer_table(duk_context* ctx) {
  duk_push_global_stash(ctx);
  duk_get_prop_literal(ctx, -1, "timers");
  duk_remove(ctx, -2);
}

void drop_callback(duk_context* ctx, std::int32_t id) {
  push_timer_table(ctx);
  duk_del_prop_index(ctx, -1, static_cast<duk_uarridx_t>(id));
  duk_pop(ctx);
}

void fire_timer(engine& js, std::int32_t id, event_loop::repeat mode) {
  auto* ctx = js.context();
  stack_guard guard{ctx};
  const auto found = protect(ctx, 2, [&](duk_context* inner) {
    push_timer_table(inner);
    duk_get_prop_index(inner, -1, static_cast<duk_uarridx_t>(id));
    duk_push_global_object(inner);
    if (mode == event_loop::repeat::once)
      drop_callback(inner, id);
  });
  if (!found || !duk_is_callable(ctx, -2))
    return;
  const auto outcome = js.call(ctx, 0);
  if (!outcome && js.hooks().report)
    js.hooks().report(js, *outcome.error);
}

// Allocates C++ memory and must not meet a Duktape error while it does.
std::int32_t add_script_timer(engine& js, double delay_ms, event_loop::repeat mode) noexcept {
  auto id = std::make_shared<std::int32_t>(0);
  *id = js.loop().add_timer(delay_ms, mode,
                            [id, mode](engine& owner) { fire_timer(owner, *id, mode); });
  return *id;
}

duk_ret_t call_with_row(duk_context* ctx) {
  duk_push_current_function(ctx);
  duk_get_prop_literal(ctx, -1, OFFSTAGE_TIMER_ROW);
  const auto row = duk_get_top_index(ctx);
  const auto count = static_cast<duk_idx_t>(duk_get_length(ctx, row));
  duk_require_stack(ctx, count + 2);
  duk_get_prop_index(ctx, row, 0);
  duk_push_this(ctx);
  for (duk_idx_t i = 1; i < count; ++i)
    duk_get_prop_index(ctx, row, static_cast<duk_uarridx_t>(i));
  duk_call_method(ctx, count - 1);
  return 1;
}

duk_ret_t evaluate_row(duk_context* ctx) {
  duk_get_global_literal(ctx, "eval");
  duk_push_current_function(ctx);
  duk_get_prop_literal(ctx, -1, OFFSTAGE_TIMER_ROW);
  duk_remove(ctx, -2);
  duk_call(ctx, 1);
  return 1;
}

// Stack: [handler delay arguments...] becomes [... callback].
void push_callback(duk_context* ctx, duk_idx_t count) {
  if (!duk_is_callable(ctx, 0)) {
    duk_push_c_function(ctx, evaluate_row, 0);
    duk_dup(ctx, 0);
    duk_to_string(ctx, -1);
    duk_put_prop_literal(ctx, -2, OFFSTAGE_TIMER_ROW);
  } else if (count <= 2) {
    duk_dup(ctx, 0);
  } else {
    duk_push_c_function(ctx, call_with_row, 0);
    duk_push_array(ctx);
    duk_dup(ctx, 0);
    duk_put_prop_index(ctx, -2, 0);
    for (duk_idx_t i = 2; i < count; ++i) {
      duk_dup(ctx, i);
      duk_put_prop_index(ctx, -2, static_cast<duk_uarridx_t>(i - 1));
    }
    duk_put_prop_literal(ctx, -2, OFFSTAGE_TIMER_ROW);
  }
}

duk_ret_t set_timer(duk_context* ctx) {
  const auto mode = static_cast<event_loop::repeat>(duk_get_current_magic(ctx));
  const auto count = duk_get_top(ctx);
  if (count == 0)
    return duk_type_error(ctx, "a timer needs a handler");
  const double delay_ms = count > 1 ? duk_to_int32(ctx, 1) : 0;
  push_callback(ctx, count);
  const auto callback = duk_get_top_index(ctx);
  const auto id = add_script_timer(engine::of(ctx), delay_ms, mode);
  if (id == 0)
    return duk_range_error(ctx, "too many timers");
  push_timer_table(ctx);
  duk_dup(ctx, callback);
  duk_put_prop_index(ctx, -2, static_cast<duk_uarridx_t>(id));
  duk_push_int(ctx, id);
  return 1;
}

duk_ret_t clear_timer(duk_context* ctx) {
  const auto id = duk_to_int32(ctx, 0);
  if (engine::of(ctx).loop().clear_timer(id))
    drop_callback(ctx, id);
  return 0;
}

constexpr auto once = static_cast<duk_int_t>(event_loop::repeat::once);
constexpr auto forever = static_cast<duk_int_t>(event_loop::repeat::forever);

constexpr native_entry functions[] = {
    {"setTimeout", set_timer, 1, DUK_VARARGS, once},
    {"setInterval", set_timer, 1, DUK_VARARGS, forever},
    {"clearTimeout", clear_timer, 0, 1},
    {"clearInterval", clear_timer, 0, 1},
};

} // namespace

void install_timers(duk_context* ctx) {
  duk_push_global_stash(ctx);
  duk_push_bare_object(ctx);
  duk_put_prop_literal(ctx, -2, "timers");
  duk_push_global_object(ctx);
  define_natives(ctx, -1, functions);
  duk_pop_2(ctx);
}

} // namespace offstage

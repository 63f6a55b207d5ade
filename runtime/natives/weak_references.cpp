// SPDX-License-Identifier: MIT
// WeakRef and FinalizationRegistry. The target gets a finalizer and, under a hidden symbol, a list
// of those who watch it: buffers of WeakRefs (the pointer in them is cleared) and rows of
// registries. Duktape runs the finalizer before the memory of the target is reused, and no script
// runs in finalizers: a registry's callbacks are posted as a task. Deviation: a target that is not
// extensible is held strongly by its WeakRefs and never reported to registries.
#include "runtime/engine.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"

#define OFFSTAGE_WATCHERS DUK_HIDDEN_SYMBOL("watchers")
#define OFFSTAGE_TARGET DUK_HIDDEN_SYMBOL("target")
#define OFFSTAGE_STRONG DUK_HIDDEN_SYMBOL("strong")
#define OFFSTAGE_KEPT DUK_HIDDEN_SYMBOL("kept")
#define OFFSTAGE_CLEANUP DUK_HIDDEN_SYMBOL("cleanup")

namespace offstage {

namespace {

struct weak_pointer {
  void* target;
};

void run_cleanups(engine& js) {
  auto* ctx = js.context();
  auto& state = js.natives();
  stack_guard guard{ctx};
  state.cleanup_task_posted = false;
  const auto taken = protect(ctx, 1, [&](duk_context* inner) {
    duk_push_heapptr(inner, state.cleanups);
    duk_push_bare_array(inner);
    state.cleanups = keep_in_stash(inner, "cleanups");
  });
  const auto rows = taken ? duk_get_length(ctx, -1) : 0;
  for (duk_uarridx_t i = 0; i < rows; i += 2) {
    stack_guard row{ctx};
    const auto pushed = protect(ctx, 3, [&](duk_context* inner) {
      duk_get_prop_index(inner, -1, i);
      duk_push_undefined(inner);
      duk_get_prop_index(inner, -3, i + 1);
    });
    if (!pushed)
      continue;
    const auto outcome = js.call(ctx, 1);
    if (!outcome && js.hooks().report)
      js.hooks().report(js, *outcome.error);
  }
}

void post_cleanups(engine& js) noexcept {
  if (js.natives().cleanup_task_posted)
    return;
  js.natives().cleanup_task_posted = true;
  js.loop().post(run_cleanups);
}

// Stack: [.. watcher]: a registry's row [callback, held value, token].
void queue_cleanup(duk_context* ctx, duk_idx_t row) {
  auto& js = engine::of(ctx);
  duk_push_heapptr(ctx, js.natives().cleanups);
  const auto end = static_cast<duk_uarridx_t>(duk_get_length(ctx, -1));
  for (duk_uarridx_t i = 0; i < 2; ++i) {
    duk_get_prop_index(ctx, row, i);
    duk_put_prop_index(ctx, -2, end + i);
  }
  duk_pop(ctx);
  post_cleanups(js);
}

// Also runs for whatever inherits from a watched target, which has no list of its own.
duk_ret_t finalize_target(duk_context* ctx) {
  const auto heap_dies = duk_get_boolean(ctx, 1) != 0;
  duk_get_prop_literal(ctx, 0, OFFSTAGE_WATCHERS);
  if (heap_dies || !duk_is_array(ctx, -1))
    return 0;
  const auto watchers = duk_get_top_index(ctx);
  duk_get_prop_index(ctx, watchers, 0);
  if (duk_get_pointer(ctx, -1) != duk_get_heapptr(ctx, 0))
    return 0;
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, watchers));
  for (duk_uarridx_t i = 1; i < count; ++i) {
    duk_get_prop_index(ctx, watchers, i);
    const auto watcher = duk_get_top_index(ctx);
    if (duk_is_buffer(ctx, watcher))
      static_cast<weak_pointer*>(duk_get_buffer(ctx, watcher, nullptr))->target = nullptr;
    else if (duk_is_array(ctx, watcher) && duk_get_length(ctx, watcher) > 0)
      queue_cleanup(ctx, watcher);
    duk_pop(ctx);
  }
  return 0;
}

// Stack: [.. watcher], popped.
void watch(duk_context* ctx, duk_idx_t target) {
  duk_get_prop_literal(ctx, target, OFFSTAGE_WATCHERS);
  bool own = false;
  if (duk_is_array(ctx, -1)) {
    duk_get_prop_index(ctx, -1, 0);
    own = duk_get_pointer(ctx, -1) == duk_get_heapptr(ctx, target);
    duk_pop(ctx);
  }
  if (!own) {
    duk_pop(ctx);
    duk_push_bare_array(ctx);
    duk_push_pointer(ctx, duk_get_heapptr(ctx, target));
    duk_put_prop_index(ctx, -2, 0);
    duk_push_literal(ctx, OFFSTAGE_WATCHERS);
    duk_dup(ctx, -2);
    duk_def_prop(ctx, target,
                 DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE);
    duk_push_c_function(ctx, finalize_target, 2);
    duk_set_finalizer(ctx, target);
  }
  duk_insert(ctx, -2);
  duk_put_prop_index(ctx, -2, static_cast<duk_uarridx_t>(duk_get_length(ctx, -2)));
  duk_pop(ctx);
}

bool is_extensible(duk_context* ctx, duk_idx_t object) {
  duk_get_global_literal(ctx, "Object");
  duk_get_prop_literal(ctx, -1, "isExtensible");
  duk_dup(ctx, object);
  duk_call(ctx, 1);
  const auto extensible = duk_get_boolean(ctx, -1) != 0;
  duk_pop_2(ctx);
  return extensible;
}

void release_kept(engine& js) {
  static_cast<void>(protect(js.context(), 0, [](duk_context* ctx) {
    duk_push_global_stash(ctx);
    duk_del_prop_literal(ctx, -1, OFFSTAGE_KEPT);
    duk_pop(ctx);
  }));
}

// What script has seen through a WeakRef stays until its turn is over. ECMAScript: keepduringjob
void keep_during_job(duk_context* ctx, duk_idx_t target) {
  target = duk_normalize_index(ctx, target);
  duk_push_global_stash(ctx);
  if (!duk_get_prop_literal(ctx, -1, OFFSTAGE_KEPT)) {
    duk_pop(ctx);
    duk_push_bare_array(ctx);
    duk_dup_top(ctx);
    duk_put_prop_literal(ctx, -3, OFFSTAGE_KEPT);
    engine::of(ctx).loop().post(release_kept);
  }
  duk_dup(ctx, target);
  duk_put_prop_index(ctx, -2, static_cast<duk_uarridx_t>(duk_get_length(ctx, -2)));
  duk_pop_2(ctx);
}

duk_ret_t weak_ref_constructor(duk_context* ctx) {
  if (!duk_is_constructor_call(ctx))
    return duk_type_error(ctx, "Constructor WeakRef requires 'new'");
  if (!duk_is_object(ctx, 0))
    return duk_type_error(ctx, "WeakRef: target must be an object");
  duk_push_this(ctx);
  static_cast<weak_pointer*>(duk_push_fixed_buffer(ctx, sizeof(weak_pointer)))->target =
      duk_get_heapptr(ctx, 0);
  duk_dup_top(ctx);
  duk_put_prop_literal(ctx, 1, OFFSTAGE_TARGET);
  if (is_extensible(ctx, 0)) {
    watch(ctx, 0);
    keep_during_job(ctx, 0);
    return 0;
  }
  duk_dup(ctx, 0);
  duk_put_prop_literal(ctx, 1, OFFSTAGE_STRONG);
  return 0;
}

duk_ret_t weak_ref_deref(duk_context* ctx) {
  duk_push_this(ctx);
  if (duk_is_object(ctx, -1))
    duk_get_prop_literal(ctx, -1, OFFSTAGE_TARGET);
  const auto* pointer = static_cast<weak_pointer*>(duk_get_buffer(ctx, -1, nullptr));
  if (pointer == nullptr)
    return duk_type_error(ctx, "receiver is not a WeakRef");
  if (pointer->target == nullptr)
    return 0;
  duk_push_heapptr(ctx, pointer->target);
  keep_during_job(ctx, -1);
  return 1;
}

duk_ret_t registry_constructor(duk_context* ctx) {
  if (!duk_is_constructor_call(ctx))
    return duk_type_error(ctx, "Constructor FinalizationRegistry requires 'new'");
  if (!duk_is_callable(ctx, 0))
    return duk_type_error(ctx, "FinalizationRegistry: cleanup must be callable");
  duk_push_this(ctx);
  duk_dup(ctx, 0);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_CLEANUP);
  duk_push_bare_array(ctx);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_WATCHERS);
  return 0;
}

// Pushes [registry callback rows].
void push_registry(duk_context* ctx) {
  duk_push_this(ctx);
  if (duk_is_object(ctx, -1))
    duk_get_prop_literal(ctx, -1, OFFSTAGE_CLEANUP);
  if (!duk_is_callable(ctx, -1))
    static_cast<void>(duk_type_error(ctx, "receiver is not a FinalizationRegistry"));
  duk_get_prop_literal(ctx, -2, OFFSTAGE_WATCHERS);
}

// A row holds its token as a pointer only: a token that is the target itself must not keep it.
duk_ret_t registry_register(duk_context* ctx) {
  if (!duk_is_object(ctx, 0))
    return duk_type_error(ctx, "FinalizationRegistry.prototype.register: target must be an object");
  if (duk_samevalue(ctx, 0, 1))
    return duk_type_error(
        ctx, "FinalizationRegistry.prototype.register: target and holdings must not be same");
  push_registry(ctx);
  if (!is_extensible(ctx, 0))
    return 0;
  duk_push_bare_array(ctx);
  const auto row = duk_get_top_index(ctx);
  duk_dup(ctx, row - 2);
  duk_put_prop_index(ctx, row, 0);
  duk_dup(ctx, 1);
  duk_put_prop_index(ctx, row, 1);
  duk_push_pointer(ctx, duk_is_object(ctx, 2) ? duk_get_heapptr(ctx, 2) : nullptr);
  duk_put_prop_index(ctx, row, 2);
  if (duk_is_object(ctx, 2)) {
    duk_dup(ctx, row);
    duk_put_prop_index(ctx, row - 1, static_cast<duk_uarridx_t>(duk_get_length(ctx, row - 1)));
  }
  watch(ctx, 0);
  return 0;
}

duk_ret_t registry_unregister(duk_context* ctx) {
  if (!duk_is_object(ctx, 0))
    return duk_type_error(ctx, "Invalid unregisterToken");
  push_registry(ctx);
  bool removed = false;
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, -1));
  for (duk_uarridx_t i = 0; i < count; ++i) {
    duk_get_prop_index(ctx, -1, i);
    duk_get_prop_index(ctx, -1, 2);
    const auto same = duk_get_pointer(ctx, -1) == duk_get_heapptr(ctx, 0);
    duk_pop(ctx);
    if (same && duk_get_length(ctx, -1) > 0) {
      // The target's list keeps the emptied row, which then means nothing.
      duk_set_length(ctx, -1, 0);
      removed = true;
    }
    duk_pop(ctx);
  }
  duk_push_boolean(ctx, removed);
  return 1;
}

constexpr native_entry weak_ref_methods[] = {{"deref", weak_ref_deref, 0, 0}};
constexpr native_entry registry_methods[] = {
    {"register", registry_register, 2, 3},
    {"unregister", registry_unregister, 1, 1},
};

void install_one(duk_context* ctx, const native_entry& constructor,
                 std::span<const native_entry> methods) {
  push_native(ctx, constructor);
  duk_push_object(ctx);
  define_natives(ctx, -1, methods);
  define_tag(ctx, constructor.name);
  link_constructor(ctx);
  define_global(ctx, constructor.name);
}

} // namespace

void install_weak_references(duk_context* ctx) {
  duk_push_bare_array(ctx);
  state_of(ctx).cleanups = keep_in_stash(ctx, "cleanups");
  install_one(ctx, {"WeakRef", weak_ref_constructor, 1, 1}, weak_ref_methods);
  install_one(ctx, {"FinalizationRegistry", registry_constructor, 1, 1}, registry_methods);
}

} // namespace offstage

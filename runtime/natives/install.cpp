// SPDX-License-Identifier: MIT
#include "runtime/engine_native.hpp"
#include "runtime/natives/natives.hpp"

#include <offstage_duk.h>

namespace offstage {

void push_host(duk_context* ctx) {
  duk_push_global_stash(ctx);
  if (!duk_get_prop_literal(ctx, -1, "host")) {
    duk_pop(ctx);
    duk_push_object(ctx);
    duk_dup_top(ctx);
    duk_put_prop_literal(ctx, -3, "host");
  }
  duk_remove(ctx, -2);
}

void define_global(duk_context* ctx, const char* name) {
  duk_push_global_object(ctx);
  duk_push_string(ctx, name);
  duk_dup(ctx, -3);
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE);
  duk_pop_2(ctx);
}

void link_constructor(duk_context* ctx) {
  offstage_duk_set_constructable(ctx, -2, 1);
  duk_push_literal(ctx, "constructor");
  duk_dup(ctx, -3);
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE);
  duk_push_literal(ctx, "prototype");
  duk_insert(ctx, -2);
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_CLEAR_WEC | DUK_DEFPROP_FORCE);
}

void install_natives(duk_context* ctx) {
  offstage_duk_prepare(ctx);
  install_host(ctx);
  install_symbols(ctx);
  install_iterators(ctx);
  install_collections(ctx);
  install_weak(ctx);
  install_weak_references(ctx);
  install_errors(ctx);
  install_stack_text(ctx);
  install_function_text(ctx);
  install_host_values(ctx);
  install_math(ctx);
  install_bigint(ctx);
  install_sort(ctx);
  install_text(ctx);
  install_regexp(ctx);
  install_promise(ctx);
  install_timers(ctx);
}

} // namespace offstage

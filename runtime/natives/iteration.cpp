// SPDX-License-Identifier: MIT
#include "runtime/natives/iteration.hpp"

#include "runtime/natives/native_state.hpp"

namespace offstage {

namespace {

struct visit_call {
  item_visitor visit;
  void* context;
};

duk_ret_t visit_protected(duk_context* ctx, void* udata) {
  auto& call = *static_cast<visit_call*>(udata);
  call.visit(ctx, call.context);
  return 0;
}

duk_ret_t close_protected(duk_context* ctx, void*) {
  if (duk_get_prop_literal(ctx, -1, "return")) {
    duk_dup(ctx, -2);
    duk_call_method(ctx, 0);
  }
  return 0;
}

// ECMAScript: iteratorclose for a throw completion: errors of `return` are dropped. Stack: [..
// iterator error].
void close_and_throw(duk_context* ctx, duk_idx_t iterator) {
  duk_dup(ctx, iterator);
  static_cast<void>(duk_safe_call(ctx, close_protected, nullptr, 1, 1));
  duk_pop(ctx);
  static_cast<void>(duk_throw(ctx));
}

bool iterates_natively(duk_context* ctx, duk_idx_t iterable) {
  if (!duk_is_array(ctx, iterable))
    return false;
  duk_get_prop_literal(ctx, iterable, DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
  const auto* method = duk_get_heapptr(ctx, -1);
  duk_pop(ctx);
  return method != nullptr && method == state_of(ctx).array_values;
}

void push_iterator(duk_context* ctx, duk_idx_t iterable) {
  if (!duk_is_null_or_undefined(ctx, iterable))
    duk_get_prop_literal(ctx, iterable, DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
  else
    duk_push_undefined(ctx);
  if (!duk_is_callable(ctx, -1))
    static_cast<void>(duk_type_error(ctx, "%s is not iterable", duk_safe_to_string(ctx, iterable)));
  duk_dup(ctx, iterable);
  duk_call_method(ctx, 0);
  if (!duk_is_object(ctx, -1))
    static_cast<void>(duk_type_error(ctx, "iterator is not an object"));
}

// Pushes the next item; false at the end, with nothing pushed.
bool push_next(duk_context* ctx, duk_idx_t iterator) {
  duk_dup(ctx, iterator + 1);
  duk_dup(ctx, iterator);
  duk_call_method(ctx, 0);
  if (!duk_is_object(ctx, -1))
    static_cast<void>(duk_type_error(ctx, "iterator result is not an object"));
  duk_get_prop_literal(ctx, -1, "done");
  const auto done = duk_to_boolean(ctx, -1) != 0;
  duk_pop(ctx);
  if (!done) {
    duk_get_prop_literal(ctx, -1, "value");
    duk_remove(ctx, -2);
    return true;
  }
  duk_pop(ctx);
  return false;
}

} // namespace

void for_each_item(duk_context* ctx, duk_idx_t iterable, item_visitor visit, void* context) {
  iterable = duk_normalize_index(ctx, iterable);
  if (iterates_natively(ctx, iterable)) {
    for (duk_uarridx_t i = 0; i < duk_get_length(ctx, iterable); ++i) {
      duk_get_prop_index(ctx, iterable, i);
      visit(ctx, context);
    }
    return;
  }
  push_iterator(ctx, iterable);
  const auto iterator = duk_get_top_index(ctx);
  duk_get_prop_literal(ctx, iterator, "next");
  visit_call call{visit, context};
  while (push_next(ctx, iterator)) {
    if (duk_safe_call(ctx, visit_protected, &call, 1, 1) != DUK_EXEC_SUCCESS)
      close_and_throw(ctx, iterator);
    duk_pop(ctx);
  }
  duk_pop_2(ctx);
}

void push_iterator_result(duk_context* ctx, bool done) {
  duk_push_object(ctx);
  duk_insert(ctx, -2);
  duk_put_prop_literal(ctx, -2, "value");
  duk_push_boolean(ctx, done);
  duk_put_prop_literal(ctx, -2, "done");
}

} // namespace offstage

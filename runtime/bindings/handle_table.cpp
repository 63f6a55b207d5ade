// SPDX-License-Identifier: MIT
#include "runtime/bindings/handle_table.hpp"

namespace offstage {

handle_table::handle handle_table::keep(duk_context* ctx, duk_idx_t index) {
  index = duk_normalize_index(ctx, index);
  if (array_ == nullptr) {
    duk_push_bare_array(ctx);
    array_ = duk_get_heapptr(ctx, -1);
    duk_push_global_stash(ctx);
    duk_insert(ctx, -2);
    duk_put_prop_literal(ctx, -2, "platform handles");
    duk_pop(ctx);
  }
  const auto kept = free_.empty() ? next_ : free_.back();
  duk_push_heapptr(ctx, array_);
  duk_dup(ctx, index);
  duk_put_prop_index(ctx, -2, kept);
  duk_pop(ctx);
  if (free_.empty())
    ++next_;
  else
    free_.pop_back();
  return kept;
}

void handle_table::push(duk_context* ctx, handle kept) const {
  duk_push_heapptr(ctx, array_);
  duk_get_prop_index(ctx, -1, kept);
  duk_remove(ctx, -2);
}

void handle_table::drop(duk_context* ctx, handle kept) {
  duk_push_heapptr(ctx, array_);
  duk_push_undefined(ctx);
  duk_put_prop_index(ctx, -2, kept);
  duk_pop(ctx);
  free_.push_back(kept);
}

} // namespace offstage

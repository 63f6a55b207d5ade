// SPDX-License-Identifier: MIT
// %IteratorPrototype%, %AsyncIteratorPrototype%, and the iterators of arrays, typed arrays and
// strings.
#include "runtime/engine_native.hpp"
#include "runtime/natives/iteration.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"

#define OFFSTAGE_CURSOR DUK_HIDDEN_SYMBOL("cursor")
#define OFFSTAGE_SOURCE DUK_HIDDEN_SYMBOL("source")
#define OFFSTAGE_ITERATOR DUK_WELLKNOWN_SYMBOL("Symbol.iterator")

namespace offstage {

namespace {

enum class item_kind : std::uint8_t { keys, values, entries, code_points };

struct iterator_record {
  const void* self;
  duk_uarridx_t index;
  item_kind items;
  bool finished;
};

// The source is the top of the stack and is replaced by the iterator.
void push_iterator(duk_context* ctx, item_kind items, void* prototype) {
  duk_push_object(ctx);
  duk_push_heapptr(ctx, prototype);
  duk_set_prototype(ctx, -2);
  auto* record = static_cast<iterator_record*>(duk_push_fixed_buffer(ctx, sizeof(iterator_record)));
  *record = {duk_get_heapptr(ctx, -2), 0, items, false};
  duk_put_prop_literal(ctx, -2, OFFSTAGE_CURSOR);
  duk_insert(ctx, -2);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_SOURCE);
}

duk_ret_t array_iterator(duk_context* ctx) {
  duk_push_this(ctx);
  duk_to_object(ctx, -1);
  push_iterator(ctx, static_cast<item_kind>(duk_get_current_magic(ctx)),
                state_of(ctx).array_iterator_prototype);
  return 1;
}

duk_ret_t typed_array_iterator(duk_context* ctx) {
  duk_push_this(ctx);
  if (!duk_is_buffer_data(ctx, -1) || !duk_has_prop_literal(ctx, -1, "BYTES_PER_ELEMENT"))
    return duk_type_error(ctx, "receiver is not a typed array");
  push_iterator(ctx, static_cast<item_kind>(duk_get_current_magic(ctx)),
                state_of(ctx).array_iterator_prototype);
  return 1;
}

duk_ret_t string_iterator(duk_context* ctx) {
  duk_push_this(ctx);
  if (duk_is_null_or_undefined(ctx, -1))
    return duk_type_error(ctx, "cannot iterate over null or undefined");
  duk_to_string(ctx, -1);
  push_iterator(ctx, item_kind::code_points, state_of(ctx).string_iterator_prototype);
  return 1;
}

// Pushes `this` and its source.
iterator_record& require_iterator(duk_context* ctx) {
  duk_push_this(ctx);
  auto* self = duk_is_object(ctx, -1) ? duk_get_heapptr(ctx, -1) : nullptr;
  if (self == nullptr)
    static_cast<void>(duk_type_error(ctx, "receiver is not an iterator"));
  duk_get_prop_literal(ctx, 0, OFFSTAGE_CURSOR);
  auto* record = static_cast<iterator_record*>(duk_get_buffer(ctx, -1, nullptr));
  const auto strings = duk_get_current_magic(ctx) != 0;
  if (record == nullptr || record->self != self
      || (record->items == item_kind::code_points) != strings)
    static_cast<void>(duk_type_error(ctx, "receiver is not an iterator"));
  duk_get_prop_literal(ctx, 0, OFFSTAGE_SOURCE);
  duk_replace(ctx, 1);
  return *record;
}

duk_ret_t finish(duk_context* ctx, iterator_record& record) {
  if (!record.finished) {
    record.finished = true;
    duk_del_prop_literal(ctx, 0, OFFSTAGE_SOURCE);
  }
  duk_push_undefined(ctx);
  push_iterator_result(ctx, true);
  return 1;
}

duk_ret_t array_iterator_next(duk_context* ctx) {
  auto& record = require_iterator(ctx);
  if (record.finished || record.index >= duk_get_length(ctx, 1))
    return finish(ctx, record);
  const auto index = record.index++;
  if (record.items != item_kind::values)
    duk_push_uint(ctx, index);
  if (record.items != item_kind::keys)
    duk_get_prop_index(ctx, 1, index);
  if (record.items == item_kind::entries) {
    duk_push_array(ctx);
    duk_insert(ctx, -3);
    duk_put_prop_index(ctx, -3, 1);
    duk_put_prop_index(ctx, -2, 0);
  }
  push_iterator_result(ctx, false);
  return 1;
}

duk_ret_t string_iterator_next(duk_context* ctx) {
  auto& record = require_iterator(ctx);
  const auto length = record.finished ? 0 : duk_get_length(ctx, 1);
  if (record.index >= length)
    return finish(ctx, record);
  const auto lead = duk_char_code_at(ctx, 1, record.index);
  duk_uarridx_t units = 1;
  if (lead >= 0xD800 && lead <= 0xDBFF && record.index + 1 < length) {
    const auto trail = duk_char_code_at(ctx, 1, record.index + 1);
    units = trail >= 0xDC00 && trail <= 0xDFFF ? 2 : 1;
  }
  duk_dup(ctx, 1);
  duk_substring(ctx, -1, record.index, record.index + units);
  record.index += units;
  push_iterator_result(ctx, false);
  return 1;
}

duk_ret_t return_this(duk_context* ctx) {
  duk_push_this(ctx);
  return 1;
}

// Pushes an object whose method under the symbol returns itself.
void push_self_iterating(duk_context* ctx, const char* symbol, const char* name) {
  duk_push_object(ctx);
  duk_push_string(ctx, symbol);
  push_native(ctx, {name, return_this, 0, 0});
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE);
}

void* make_prototype(duk_context* ctx, duk_c_function next, duk_int_t magic, const char* name) {
  duk_push_object(ctx);
  duk_push_heapptr(ctx, state_of(ctx).iterator_prototype);
  duk_set_prototype(ctx, -2);
  const native_entry methods[] = {{"next", next, 0, 0, magic}};
  define_natives(ctx, -1, methods);
  define_tag(ctx, name);
  return keep_in_stash(ctx, name);
}

constexpr duk_int_t magic_of(item_kind items) {
  return static_cast<duk_int_t>(items);
}

constexpr native_entry array_methods[] = {
    {"keys", array_iterator, 0, 0, magic_of(item_kind::keys)},
    {"values", array_iterator, 0, 0, magic_of(item_kind::values)},
    {"entries", array_iterator, 0, 0, magic_of(item_kind::entries)},
};

constexpr native_entry typed_array_methods[] = {
    {"keys", typed_array_iterator, 0, 0, magic_of(item_kind::keys)},
    {"values", typed_array_iterator, 0, 0, magic_of(item_kind::values)},
    {"entries", typed_array_iterator, 0, 0, magic_of(item_kind::entries)},
};

// Stack: [prototype]; its values method is also its iterator. Popped.
void define_array_iterators(duk_context* ctx, std::span<const native_entry> methods) {
  define_natives(ctx, -1, methods);
  duk_push_literal(ctx, OFFSTAGE_ITERATOR);
  duk_get_prop_literal(ctx, -2, "values");
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE);
  duk_pop(ctx);
}

void push_prototype_of(duk_context* ctx, const char* constructor) {
  duk_get_global_string(ctx, constructor);
  duk_get_prop_literal(ctx, -1, "prototype");
  duk_remove(ctx, -2);
}

} // namespace

void install_iterators(duk_context* ctx) {
  auto& state = state_of(ctx);
  push_self_iterating(ctx, OFFSTAGE_ITERATOR, "[Symbol.iterator]");
  state.iterator_prototype = keep_in_stash(ctx, "%IteratorPrototype%");
  push_self_iterating(ctx, DUK_WELLKNOWN_SYMBOL("Symbol.asyncIterator"), "[Symbol.asyncIterator]");
  duk_dup_top(ctx);
  keep_in_stash(ctx, "%AsyncIteratorPrototype%");
  push_host(ctx);
  duk_insert(ctx, -2);
  duk_put_prop_literal(ctx, -2, "asyncIteratorPrototype");
  duk_push_heapptr(ctx, state.iterator_prototype);
  duk_put_prop_literal(ctx, -2, "iteratorPrototype");
  duk_pop(ctx);

  state.array_iterator_prototype = make_prototype(ctx, array_iterator_next, 0, "Array Iterator");
  state.string_iterator_prototype = make_prototype(ctx, string_iterator_next, 1, "String Iterator");
  push_prototype_of(ctx, "Array");
  duk_dup_top(ctx);
  define_array_iterators(ctx, array_methods);
  duk_get_prop_literal(ctx, -1, "values");
  state.array_values = keep_in_stash(ctx, "Array.prototype.values");
  duk_pop(ctx);
  push_prototype_of(ctx, "Uint8Array");
  duk_get_prototype(ctx, -1);
  define_array_iterators(ctx, typed_array_methods);
  duk_pop(ctx);
  push_prototype_of(ctx, "String");
  duk_push_literal(ctx, OFFSTAGE_ITERATOR);
  push_native(ctx, {"[Symbol.iterator]", string_iterator, 0, 0});
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE);
  duk_pop(ctx);
}

} // namespace offstage

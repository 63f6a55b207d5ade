// SPDX-License-Identifier: MIT
// WeakMap, WeakSet, WeakRef, FinalizationRegistry. Duktape has no weak references; what it has is
// hidden properties and finalizers. A weak collection keeps its entries on the keys: under the
// collection's own hidden symbol a key holds an array of [pointer of the key, value] rows (more
// than one row only when a proxy and its target are both keys, because hidden symbols pass through
// proxies). An entry therefore lives as long as its key, and dies with it. Deviation: values also
// stay while the key lives though the collection is gone.
#include <cstdio>

#include "runtime/engine_native.hpp"
#include "runtime/natives/iteration.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"

#define OFFSTAGE_WEAK_KEY DUK_HIDDEN_SYMBOL("weak key")
#define OFFSTAGE_WEAK_MAP DUK_HIDDEN_SYMBOL("weak map")
#define OFFSTAGE_WEAK_SET DUK_HIDDEN_SYMBOL("weak set")

namespace offstage {

namespace {

enum class weak_kind : std::uint8_t { map, set };

weak_kind magic_kind(duk_context* ctx) {
  return static_cast<weak_kind>(duk_get_current_magic(ctx));
}

// A collection points to itself, so that what inherits from it is not taken for it.
const char* self_key(weak_kind kind) {
  return kind == weak_kind::map ? OFFSTAGE_WEAK_MAP : OFFSTAGE_WEAK_SET;
}

// Pushes `this` and the symbol of its entries.
void push_symbol(duk_context* ctx) {
  duk_push_this(ctx);
  auto* self = duk_is_object(ctx, -1) ? duk_get_heapptr(ctx, -1) : nullptr;
  if (self != nullptr)
    duk_get_prop_string(ctx, -1, self_key(magic_kind(ctx)));
  if (self == nullptr || duk_get_pointer(ctx, -1) != self)
    static_cast<void>(duk_type_error(ctx, "receiver is not a weak collection of this kind"));
  duk_pop(ctx);
  duk_get_prop_literal(ctx, -1, OFFSTAGE_WEAK_KEY);
}

// The row of a key in the array on the top of the stack; its length when there is none.
duk_uarridx_t find_row(duk_context* ctx, const void* key) {
  const auto length = static_cast<duk_uarridx_t>(duk_get_length(ctx, -1));
  for (duk_uarridx_t at = 0; at < length; at += 2) {
    duk_get_prop_index(ctx, -1, at);
    const auto found = duk_get_pointer(ctx, -1) == key || duk_get_heapptr(ctx, -1) == key;
    duk_pop(ctx);
    if (found)
      return at;
  }
  return length;
}

// With the symbol on the top: replaces it by the rows of the key at `key`; false (and undefined)
// without any.
bool push_rows(duk_context* ctx, duk_idx_t key) {
  if (!duk_is_object(ctx, key)) {
    duk_pop(ctx);
    duk_push_undefined(ctx);
    return false;
  }
  duk_get_prop(ctx, key);
  return duk_is_array(ctx, -1);
}

enum class copied { proxy_rows, all_rows };

// Appends rows of the array at `from` (or nothing) to the one on the top.
void copy_rows(duk_context* ctx, duk_idx_t from, copied which) {
  const auto to = duk_get_top_index(ctx);
  const auto count =
      duk_is_array(ctx, from) ? static_cast<duk_uarridx_t>(duk_get_length(ctx, from)) : 0;
  for (duk_uarridx_t i = 0; i + 1 < count; i += 2) {
    duk_get_prop_index(ctx, from, i);
    duk_get_prop_index(ctx, from, i + 1);
    if (which == copied::proxy_rows && !duk_is_object(ctx, -2)) {
      duk_pop_2(ctx);
      continue;
    }
    const auto next = static_cast<duk_uarridx_t>(duk_get_length(ctx, to));
    duk_put_prop_index(ctx, to, next + 1);
    duk_put_prop_index(ctx, to, next);
  }
}

// A property that is defined on a proxy cannot be read there: its row goes to what it stands for,
// and holds the proxy itself, which may die first. Stack: [... symbol rows].
void put_proxy_rows(duk_context* ctx, duk_idx_t key) {
  const auto rows = duk_get_top_index(ctx);
  duk_dup(ctx, key);
  duk_put_prop_index(ctx, rows, 0);
  duk_dup(ctx, rows - 1);
  push_rows(ctx, key);
  duk_dup(ctx, rows);
  copy_rows(ctx, rows + 1, copied::all_rows);
  duk_dup(ctx, rows - 1);
  duk_insert(ctx, -2);
  duk_put_prop(ctx, key);
  duk_set_top(ctx, rows + 1);
}

// Rows found through the prototype chain belong to another key and are not extended.
void put_row(duk_context* ctx, duk_idx_t key, duk_idx_t value) {
  auto* self = duk_get_heapptr(ctx, key);
  const auto symbol = duk_get_top_index(ctx);
  duk_dup(ctx, symbol);
  auto at = duk_uarridx_t{0};
  if (push_rows(ctx, key) && (at = find_row(ctx, self)) < duk_get_length(ctx, -1)) {
    duk_dup(ctx, value);
    duk_put_prop_index(ctx, -2, at + 1);
    return duk_pop(ctx);
  }
  duk_dup(ctx, symbol);
  duk_push_bare_array(ctx);
  duk_push_pointer(ctx, self);
  duk_put_prop_index(ctx, -2, 0);
  duk_dup(ctx, value);
  duk_put_prop_index(ctx, -2, 1);
  copy_rows(ctx, symbol + 1, copied::proxy_rows);
  duk_dup(ctx, -2);
  duk_dup(ctx, -2);
  duk_def_prop(ctx, key,
               DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE
                   | DUK_DEFPROP_FORCE);
  duk_dup(ctx, symbol);
  duk_get_prop(ctx, key);
  const auto is_readable = duk_get_heapptr(ctx, -1) == duk_get_heapptr(ctx, -2);
  duk_pop(ctx);
  if (!is_readable)
    put_proxy_rows(ctx, key);
  duk_set_top(ctx, symbol + 1);
}

duk_ret_t weak_put(duk_context* ctx) {
  const auto is_map = magic_kind(ctx) == weak_kind::map;
  push_symbol(ctx);
  if (!duk_is_object(ctx, 0))
    return duk_type_error(ctx, is_map ? "Invalid value used as weak map key"
                                      : "Invalid value used in weak set");
  put_row(ctx, 0, is_map ? 1 : 0);
  duk_push_this(ctx);
  return 1;
}

duk_ret_t weak_get(duk_context* ctx) {
  push_symbol(ctx);
  if (!push_rows(ctx, 0))
    return 0;
  duk_get_prop_index(ctx, -1, find_row(ctx, duk_get_heapptr(ctx, 0)) + 1);
  return 1;
}

duk_ret_t weak_has(duk_context* ctx) {
  push_symbol(ctx);
  duk_push_boolean(ctx, push_rows(ctx, 0)
                            && find_row(ctx, duk_get_heapptr(ctx, 0)) < duk_get_length(ctx, -1));
  return 1;
}

duk_ret_t weak_delete(duk_context* ctx) {
  push_symbol(ctx);
  const auto symbol = duk_get_top_index(ctx);
  duk_dup(ctx, symbol);
  const auto found =
      push_rows(ctx, 0) && find_row(ctx, duk_get_heapptr(ctx, 0)) < duk_get_length(ctx, -1);
  if (found) {
    // An array without rows: a hidden property of a frozen key cannot be deleted.
    const auto at = find_row(ctx, duk_get_heapptr(ctx, 0));
    duk_push_undefined(ctx);
    duk_put_prop_index(ctx, -2, at);
    duk_push_undefined(ctx);
    duk_put_prop_index(ctx, -2, at + 1);
  }
  duk_push_boolean(ctx, found);
  return 1;
}

struct fill_context {
  duk_idx_t object;
  duk_idx_t adder;
  weak_kind kind;
};

void add_item(duk_context* ctx, void* udata) {
  const auto& fill = *static_cast<fill_context*>(udata);
  const auto item = duk_get_top_index(ctx);
  duk_dup(ctx, fill.adder);
  duk_dup(ctx, fill.object);
  if (fill.kind == weak_kind::set) {
    duk_dup(ctx, item);
    duk_call_method(ctx, 1);
  } else {
    if (!duk_is_object(ctx, item))
      static_cast<void>(duk_type_error(ctx, "iterator value is not an entry object"));
    duk_get_prop_index(ctx, item, 0);
    duk_get_prop_index(ctx, item, 1);
    duk_call_method(ctx, 2);
  }
  duk_set_top(ctx, item);
}

duk_ret_t weak_constructor(duk_context* ctx) {
  const auto kind = magic_kind(ctx);
  if (!duk_is_constructor_call(ctx))
    return duk_type_error(ctx, "constructor requires 'new'");
  duk_push_this(ctx);
  duk_push_pointer(ctx, duk_get_heapptr(ctx, 1));
  duk_put_prop_string(ctx, 1, self_key(kind));
  char symbol[24];
  const auto size = std::snprintf(symbol, sizeof symbol, "\xFFweak%u", ++state_of(ctx).weak_ids);
  duk_push_lstring(ctx, symbol, static_cast<duk_size_t>(size));
  duk_put_prop_literal(ctx, 1, OFFSTAGE_WEAK_KEY);
  if (duk_is_null_or_undefined(ctx, 0))
    return 0;
  duk_get_prop_string(ctx, 1, kind == weak_kind::map ? "set" : "add");
  if (!duk_is_callable(ctx, 2))
    return duk_type_error(ctx, "the adder is not a function");
  fill_context fill{1, 2, kind};
  for_each_item(ctx, 0, add_item, &fill);
  return 0;
}

constexpr auto map = static_cast<duk_int_t>(weak_kind::map);
constexpr auto set = static_cast<duk_int_t>(weak_kind::set);

constexpr native_entry map_methods[] = {
    {"get", weak_get, 1, 1, map},
    {"set", weak_put, 2, 2, map},
    {"has", weak_has, 1, 1, map},
    {"delete", weak_delete, 1, 1, map},
};

constexpr native_entry set_methods[] = {
    {"add", weak_put, 1, 1, set},
    {"has", weak_has, 1, 1, set},
    {"delete", weak_delete, 1, 1, set},
};

void install_one(duk_context* ctx, const char* name, duk_int_t magic,
                 std::span<const native_entry> methods) {
  push_native(ctx, {name, weak_constructor, 0, 1, magic});
  duk_push_object(ctx);
  define_natives(ctx, -1, methods);
  define_tag(ctx, name);
  link_constructor(ctx);
  define_global(ctx, name);
}

} // namespace

void install_weak(duk_context* ctx) {
  install_one(ctx, "WeakMap", map, map_methods);
  install_one(ctx, "WeakSet", set, set_methods);
}

} // namespace offstage

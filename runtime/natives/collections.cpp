// SPDX-License-Identifier: MIT
// Map and Set. Each object has a hidden buffer (the record below, then an ordered_table) and a
// hidden array with the key of entry i at 2i and its value at 2i+1 (Set: key at i), which keeps
// both alive.
#include <cmath>
#include <cstring>

#include "runtime/engine_native.hpp"
#include "runtime/natives/iteration.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/natives/natives.hpp"
#include "runtime/natives/ordered_table.hpp"

#define OFFSTAGE_TABLE DUK_HIDDEN_SYMBOL("table")
#define OFFSTAGE_SLOTS DUK_HIDDEN_SYMBOL("slots")
#define OFFSTAGE_CURSOR DUK_HIDDEN_SYMBOL("cursor")
#define OFFSTAGE_SOURCE DUK_HIDDEN_SYMBOL("source")

namespace offstage {

namespace {

enum class collection_kind : std::uint8_t { map, set };

struct collection_record {
  const void* self;
  collection_kind kind;
  // Entry numbers are valid within one epoch: compaction and clear begin the next.
  std::uint32_t epoch;
};

struct collection {
  collection_record* record;
  duk_idx_t object;

  ordered_table table() const { return ordered_table{record + 1}; }
  // Of the stack positions of an entry: the value's, given the key's.
  duk_idx_t value_position(duk_idx_t key) const {
    return key + static_cast<duk_idx_t>(width()) - 1;
  }
  duk_uarridx_t width() const { return record->kind == collection_kind::map ? 2 : 1; }
};

enum class key_tag : std::uint8_t { deleted = deleted_tag, special, number, heap };

table_key key_at(duk_context* ctx, duk_idx_t index) {
  const auto make = [](key_tag tag, std::uint64_t bits) {
    return table_key{bits, static_cast<std::uint8_t>(tag)};
  };
  switch (duk_get_type(ctx, index)) {
  case DUK_TYPE_NUMBER: {
    auto number = duk_get_number(ctx, index);
    number = std::isnan(number) ? std::nan("") : number + 0.0;
    std::uint64_t bits = 0;
    std::memcpy(&bits, &number, sizeof bits);
    return make(key_tag::number, bits);
  }
  case DUK_TYPE_UNDEFINED:
    return make(key_tag::special, 0);
  case DUK_TYPE_NULL:
    return make(key_tag::special, 1);
  case DUK_TYPE_BOOLEAN:
    return make(key_tag::special, duk_get_boolean(ctx, index) ? 3 : 2);
  default:
    return make(key_tag::heap, reinterpret_cast<std::uintptr_t>(duk_get_heapptr(ctx, index)));
  }
}

collection_record* record_at(duk_context* ctx, duk_idx_t index) {
  auto* self = duk_is_object(ctx, index) ? duk_get_heapptr(ctx, index) : nullptr;
  if (self == nullptr)
    return nullptr;
  duk_get_prop_literal(ctx, index, OFFSTAGE_TABLE);
  auto* record = static_cast<collection_record*>(duk_get_buffer(ctx, -1, nullptr));
  duk_pop(ctx);
  return record != nullptr && record->self == self ? record : nullptr;
}

// Pushes `this` and checks it.
collection require_this(duk_context* ctx, collection_kind kind) {
  duk_push_this(ctx);
  auto* record = record_at(ctx, -1);
  if (record == nullptr || record->kind != kind)
    static_cast<void>(
        duk_type_error(ctx, "receiver is not a %s", kind == collection_kind::map ? "Map" : "Set"));
  return {record, duk_get_top_index(ctx)};
}

collection_kind magic_kind(duk_context* ctx) {
  return static_cast<collection_kind>(duk_get_current_magic(ctx) & 1);
}

// Gives the object a fresh table and leaves the old buffer on the stack.
void renew_table(duk_context* ctx, collection& target, std::uint32_t capacity,
                 std::uint64_t sequence) {
  const auto old = *target.record;
  duk_get_prop_literal(ctx, target.object, OFFSTAGE_TABLE);
  auto* record = static_cast<collection_record*>(
      duk_push_fixed_buffer(ctx, sizeof(collection_record) + ordered_table::bytes_for(capacity)));
  *record = old;
  ++record->epoch;
  ordered_table::create(record + 1, capacity, sequence);
  duk_put_prop_literal(ctx, target.object, OFFSTAGE_TABLE);
  target.record = record;
}

void move_slots(duk_context* ctx, duk_idx_t slots, duk_uarridx_t from, duk_uarridx_t to,
                duk_uarridx_t width) {
  for (duk_uarridx_t i = 0; from != to && i < width; ++i) {
    duk_get_prop_index(ctx, slots, from * width + i);
    duk_put_prop_index(ctx, slots, to * width + i);
  }
}

// Makes room for one more entry; holes go.
void grow(duk_context* ctx, collection& target) {
  const auto old = target.table();
  const auto capacity = old.size() * 2 > old.capacity() ? old.capacity() * 2 : old.capacity();
  renew_table(ctx, target, capacity, old.next_sequence());
  auto fresh = target.table();
  duk_get_prop_literal(ctx, target.object, OFFSTAGE_SLOTS);
  const auto slots = duk_get_top_index(ctx);
  for (std::uint32_t i = 0; i < old.used(); ++i) {
    const auto& entry = old.entry(i);
    if (entry.tag == deleted_tag)
      continue;
    move_slots(ctx, slots, i, fresh.used(), target.width());
    fresh.append_with_sequence({entry.bits, entry.tag}, entry.sequence);
  }
  duk_set_length(ctx, slots, fresh.used() * target.width());
  duk_pop_2(ctx);
}

// Sets key (at `key`) to the value at `value`; for a Set the value is ignored.
void put(duk_context* ctx, collection& target, duk_idx_t key, duk_idx_t value) {
  const auto identity = key_at(ctx, key);
  auto index = target.table().find(identity);
  const auto is_new = index == no_entry;
  if (is_new && target.table().full())
    grow(ctx, target);
  duk_get_prop_literal(ctx, target.object, OFFSTAGE_SLOTS);
  const auto width = target.width();
  if (is_new) {
    index = target.table().used();
    duk_dup(ctx, key);
    if (duk_is_number(ctx, -1) && duk_get_number(ctx, -1) == 0) {
      duk_pop(ctx);
      duk_push_int(ctx, 0);
    }
    duk_put_prop_index(ctx, -2, index * width);
  }
  if (width == 2) {
    duk_dup(ctx, value);
    duk_put_prop_index(ctx, -2, index * width + 1);
  }
  duk_pop(ctx);
  // Only when the slots are written: an allocation failure above leaves the collection as it was.
  if (is_new)
    target.table().append(identity);
}

struct fill_context {
  duk_idx_t object;
  duk_idx_t adder;
  collection_kind kind;
  bool direct;
};

void add_item(duk_context* ctx, void* udata) {
  const auto& fill = *static_cast<fill_context*>(udata);
  const auto item = duk_get_top_index(ctx);
  if (fill.kind == collection_kind::map && !duk_is_object(ctx, item))
    static_cast<void>(duk_type_error(ctx, "iterator value is not an entry object"));
  if (!fill.direct) {
    duk_dup(ctx, fill.adder);
    duk_dup(ctx, fill.object);
  }
  if (fill.kind == collection_kind::map) {
    duk_get_prop_index(ctx, item, 0);
    duk_get_prop_index(ctx, item, 1);
  } else {
    duk_dup(ctx, item);
  }
  if (fill.direct) {
    collection target{record_at(ctx, fill.object), fill.object};
    put(ctx, target, item + 1, item + 2);
  } else {
    duk_call_method(ctx, fill.kind == collection_kind::map ? 2 : 1);
  }
  duk_set_top(ctx, item);
}

duk_ret_t add_native(duk_context* ctx);

// ECMAScript: map-constructor
duk_ret_t construct(duk_context* ctx) {
  const auto kind = magic_kind(ctx);
  if (!duk_is_constructor_call(ctx))
    return duk_type_error(ctx, "constructor requires 'new'");
  duk_push_this(ctx);
  auto* record = static_cast<collection_record*>(duk_push_fixed_buffer(
      ctx, sizeof(collection_record) + ordered_table::bytes_for(table_capacity_min)));
  record->self = duk_get_heapptr(ctx, 1);
  record->kind = kind;
  ordered_table::create(record + 1, table_capacity_min, 1);
  duk_put_prop_literal(ctx, 1, OFFSTAGE_TABLE);
  duk_push_bare_array(ctx);
  duk_put_prop_literal(ctx, 1, OFFSTAGE_SLOTS);
  if (duk_is_null_or_undefined(ctx, 0))
    return 0;
  duk_get_prop_string(ctx, 1, kind == collection_kind::map ? "set" : "add");
  if (!duk_is_callable(ctx, 2))
    return duk_type_error(ctx, "the adder is not a function");
  fill_context fill{1, 2, kind, duk_get_c_function(ctx, 2) == add_native};
  for_each_item(ctx, 0, add_item, &fill);
  return 0;
}

duk_ret_t add_native(duk_context* ctx) {
  auto target = require_this(ctx, magic_kind(ctx));
  put(ctx, target, 0, 1);
  return 1;
}

duk_ret_t get_native(duk_context* ctx) {
  const auto source = require_this(ctx, collection_kind::map);
  const auto index = source.table().find(key_at(ctx, 0));
  if (index == no_entry)
    return 0;
  duk_get_prop_literal(ctx, source.object, OFFSTAGE_SLOTS);
  duk_get_prop_index(ctx, -1, index * 2 + 1);
  return 1;
}

duk_ret_t has_native(duk_context* ctx) {
  const auto source = require_this(ctx, magic_kind(ctx));
  duk_push_boolean(ctx, source.table().find(key_at(ctx, 0)) != no_entry);
  return 1;
}

duk_ret_t delete_native(duk_context* ctx) {
  const auto target = require_this(ctx, magic_kind(ctx));
  const auto index = target.table().find(key_at(ctx, 0));
  if (index != no_entry) {
    target.table().erase(index);
    duk_get_prop_literal(ctx, target.object, OFFSTAGE_SLOTS);
    for (duk_uarridx_t i = 0; i < target.width(); ++i) {
      duk_push_undefined(ctx);
      duk_put_prop_index(ctx, -2, index * target.width() + i);
    }
  }
  duk_push_boolean(ctx, index != no_entry);
  return 1;
}

duk_ret_t clear_native(duk_context* ctx) {
  auto target = require_this(ctx, magic_kind(ctx));
  renew_table(ctx, target, table_capacity_min, target.table().next_sequence());
  duk_push_bare_array(ctx);
  duk_put_prop_literal(ctx, target.object, OFFSTAGE_SLOTS);
  return 0;
}

duk_ret_t size_native(duk_context* ctx) {
  duk_push_uint(ctx, require_this(ctx, magic_kind(ctx)).table().size());
  return 1;
}

// Where an iteration stands: valid as an entry number while the epoch is the collection's.
struct cursor {
  std::uint64_t sequence;
  std::uint32_t index;
  std::uint32_t epoch;
};

// Moves to the next live entry and pushes its key (and value, for a map); false at the end.
bool push_next_entry(duk_context* ctx, const collection& source, cursor& at) {
  const auto table = source.table();
  if (at.epoch != source.record->epoch) {
    at.index = table.lower_bound(at.sequence);
    at.epoch = source.record->epoch;
  }
  while (at.index < table.used() && table.entry(at.index).tag == deleted_tag)
    ++at.index;
  if (at.index >= table.used())
    return false;
  duk_get_prop_literal(ctx, source.object, OFFSTAGE_SLOTS);
  for (duk_uarridx_t i = 0; i < source.width(); ++i)
    duk_get_prop_index(ctx, -1 - static_cast<duk_idx_t>(i), at.index * source.width() + i);
  duk_remove(ctx, -1 - static_cast<duk_idx_t>(source.width()));
  at.sequence = table.entry(at.index).sequence + 1;
  ++at.index;
  return true;
}

duk_ret_t for_each_native(duk_context* ctx) {
  auto source = require_this(ctx, magic_kind(ctx));
  if (!duk_is_callable(ctx, 0))
    return duk_type_error(ctx, "forEach needs a function");
  cursor at{0, 0, source.record->epoch};
  while (push_next_entry(ctx, source, at)) {
    const auto key = duk_get_top_index(ctx) - static_cast<duk_idx_t>(source.width()) + 1;
    duk_dup(ctx, 0);
    duk_dup(ctx, 1);
    duk_dup(ctx, source.value_position(key));
    duk_dup(ctx, key);
    duk_dup(ctx, source.object);
    duk_call_method(ctx, 3);
    duk_set_top(ctx, source.object + 1);
    source.record = record_at(ctx, source.object);
  }
  return 0;
}

enum class item_kind : std::uint8_t { keys, values, entries };

struct iterator_record {
  const void* self;
  cursor at;
  item_kind items;
  bool finished;
};

// Magic: collection kind in bit 0, item kind above.
duk_ret_t make_iterator(duk_context* ctx) {
  const auto magic = duk_get_current_magic(ctx);
  const auto kind = magic_kind(ctx);
  const auto source = require_this(ctx, kind);
  duk_push_object(ctx);
  auto& state = state_of(ctx);
  duk_push_heapptr(ctx, kind == collection_kind::map ? state.map_iterator_prototype
                                                     : state.set_iterator_prototype);
  duk_set_prototype(ctx, -2);
  auto* record = static_cast<iterator_record*>(duk_push_fixed_buffer(ctx, sizeof(iterator_record)));
  *record = {duk_get_heapptr(ctx, -2),
             {0, 0, source.record->epoch},
             static_cast<item_kind>(magic >> 1),
             false};
  duk_put_prop_literal(ctx, -2, OFFSTAGE_CURSOR);
  duk_dup(ctx, source.object);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_SOURCE);
  return 1;
}

iterator_record& require_iterator(duk_context* ctx) {
  duk_push_this(ctx);
  auto* self = duk_is_object(ctx, -1) ? duk_get_heapptr(ctx, -1) : nullptr;
  if (self != nullptr)
    duk_get_prop_literal(ctx, -1, OFFSTAGE_CURSOR);
  else
    duk_push_undefined(ctx);
  auto* record = static_cast<iterator_record*>(duk_get_buffer(ctx, -1, nullptr));
  if (record == nullptr || record->self != self)
    static_cast<void>(duk_type_error(ctx, "receiver is not an iterator of a collection"));
  duk_pop(ctx);
  return *record;
}

// Stack: [.. key value?] becomes [.. item].
void shape_item(duk_context* ctx, item_kind items, duk_uarridx_t width) {
  if (width == 1)
    duk_dup_top(ctx);
  if (items == item_kind::keys)
    return duk_pop(ctx);
  if (items == item_kind::values)
    return duk_remove(ctx, -2);
  duk_push_array(ctx);
  duk_insert(ctx, -3);
  duk_put_prop_index(ctx, -3, 1);
  duk_put_prop_index(ctx, -2, 0);
}

duk_ret_t iterator_next(duk_context* ctx) {
  auto& record = require_iterator(ctx);
  if (!record.finished) {
    duk_get_prop_literal(ctx, -1, OFFSTAGE_SOURCE);
    const collection source{record_at(ctx, -1), duk_get_top_index(ctx)};
    if (static_cast<int>(source.record->kind) != duk_get_current_magic(ctx))
      return duk_type_error(ctx, "receiver is an iterator of another collection");
    if (push_next_entry(ctx, source, record.at)) {
      shape_item(ctx, record.items, source.width());
      push_iterator_result(ctx, false);
      return 1;
    }
    record.finished = true;
    duk_push_this(ctx);
    duk_del_prop_literal(ctx, -1, OFFSTAGE_SOURCE);
  }
  duk_push_undefined(ctx);
  push_iterator_result(ctx, true);
  return 1;
}

constexpr duk_int_t magic_of(collection_kind kind, item_kind items = item_kind::keys) {
  return static_cast<duk_int_t>(kind) | (static_cast<duk_int_t>(items) << 1);
}

constexpr auto map = collection_kind::map;
constexpr auto set = collection_kind::set;

constexpr native_entry map_methods[] = {
    {"get", get_native, 1, 1, magic_of(map)},
    {"set", add_native, 2, 2, magic_of(map)},
    {"has", has_native, 1, 1, magic_of(map)},
    {"delete", delete_native, 1, 1, magic_of(map)},
    {"clear", clear_native, 0, 0, magic_of(map)},
    {"forEach", for_each_native, 1, 2, magic_of(map)},
    {"keys", make_iterator, 0, 0, magic_of(map, item_kind::keys)},
    {"values", make_iterator, 0, 0, magic_of(map, item_kind::values)},
    {"entries", make_iterator, 0, 0, magic_of(map, item_kind::entries)},
};

constexpr native_entry set_methods[] = {
    {"add", add_native, 1, 1, magic_of(set)},
    {"has", has_native, 1, 1, magic_of(set)},
    {"delete", delete_native, 1, 1, magic_of(set)},
    {"clear", clear_native, 0, 0, magic_of(set)},
    {"forEach", for_each_native, 1, 2, magic_of(set)},
    {"values", make_iterator, 0, 0, magic_of(set, item_kind::values)},
    {"entries", make_iterator, 0, 0, magic_of(set, item_kind::entries)},
};

// Stack: [prototype], kept.
void define_alias(duk_context* ctx, const char* name, const char* alias) {
  duk_push_string(ctx, alias);
  duk_get_prop_string(ctx, -2, name);
  duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE);
}

void define_size(duk_context* ctx, collection_kind kind) {
  duk_push_literal(ctx, "size");
  push_native(ctx, {"get size", size_native, 0, 0, magic_of(kind)});
  duk_def_prop(ctx, -3,
               DUK_DEFPROP_HAVE_GETTER | DUK_DEFPROP_SET_CONFIGURABLE
                   | DUK_DEFPROP_CLEAR_ENUMERABLE);
}

void* make_iterator_prototype(duk_context* ctx, collection_kind kind, const char* name) {
  duk_push_object(ctx);
  duk_push_heapptr(ctx, state_of(ctx).iterator_prototype);
  duk_set_prototype(ctx, -2);
  const native_entry next[] = {{"next", iterator_next, 0, 0, magic_of(kind)}};
  define_natives(ctx, -1, next);
  define_tag(ctx, name);
  return keep_in_stash(ctx, name);
}

} // namespace

void install_collections(duk_context* ctx) {
  auto& state = state_of(ctx);
  state.map_iterator_prototype = make_iterator_prototype(ctx, map, "Map Iterator");
  state.set_iterator_prototype = make_iterator_prototype(ctx, set, "Set Iterator");

  push_native(ctx, {"Map", construct, 0, 1, magic_of(map)});
  define_species(ctx);
  duk_push_object(ctx);
  define_natives(ctx, -1, map_methods);
  define_alias(ctx, "entries", DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
  define_size(ctx, map);
  define_tag(ctx, "Map");
  link_constructor(ctx);
  define_global(ctx, "Map");

  push_native(ctx, {"Set", construct, 0, 1, magic_of(set)});
  define_species(ctx);
  duk_push_object(ctx);
  define_natives(ctx, -1, set_methods);
  define_alias(ctx, "values", "keys");
  define_alias(ctx, "values", DUK_WELLKNOWN_SYMBOL("Symbol.iterator"));
  define_size(ctx, set);
  define_tag(ctx, "Set");
  link_constructor(ctx);
  define_global(ctx, "Set");
}

} // namespace offstage

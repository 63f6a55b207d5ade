// SPDX-License-Identifier: MIT
// What runtime/js/platform/idb_*.js asks of the native side: operations of transactions and
// requests about databases. Keys are strings of bytes. A transaction and an operation come by the
// number that script has for them.
#include "runtime/bindings/idb_client.hpp"
#include "runtime/bindings/idb_records.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

// The flags of idb_core.js.
enum read_flag : uint32_t {
  lower_open = 1,
  upper_open = 2,
  want_values = 4,
  weak_barrier = 8,
  strong_barrier = 16,
  goes_on = 32
};

idb_client& client(duk_context* ctx) {
  return realm::of(ctx).databases();
}

uint64_t id_at(duk_context* ctx, duk_idx_t index) {
  return static_cast<uint64_t>(duk_get_number_default(ctx, index, 0));
}

idb_connection_id connection_at(duk_context* ctx, duk_idx_t index) {
  return idb_connection_id{id_at(ctx, index)};
}

std::string_view raw_at(duk_context* ctx, duk_idx_t index) {
  duk_size_t size = 0;
  const auto* text = duk_get_lstring(ctx, index, &size);
  return text == nullptr ? std::string_view{} : std::string_view{text, size};
}

std::string name_at(duk_context* ctx, duk_idx_t index) {
  return name_from_cesu(raw_at(ctx, index));
}

js_result<int> add(duk_context* ctx, idb_client::step step) {
  if (!client(ctx).add(duk_get_uint(ctx, 0), std::move(step)))
    return js_error::dom("TransactionInactiveError", "The transaction has finished");
  return 0;
}

idb_client::step step_of(duk_context* ctx, idb_operation operation) {
  idb_client::step step;
  step.operation = std::move(operation);
  step.number = duk_get_uint(ctx, 1);
  return step;
}

/// [lower, upper, flags] at `index`.
idb_key_range range_at(duk_context* ctx, duk_idx_t index) {
  idb_key_range range;
  const auto flags = duk_get_uint(ctx, index + 2);
  range.has_lower = duk_is_string(ctx, index) != 0;
  range.has_upper = duk_is_string(ctx, index + 1) != 0;
  range.lower_open = range.has_lower && (flags & lower_open) != 0;
  range.upper_open = range.has_upper && (flags & upper_open) != 0;
  range.lower = raw_at(ctx, index);
  range.upper = raw_at(ctx, index + 1);
  return range;
}

js_result<idb_key_path> path_at(duk_context* ctx, duk_idx_t index) {
  idb_key_path path;
  if (duk_is_string(ctx, index)) {
    path.kind = idb_path_kind::string;
    path.paths.push_back(name_at(ctx, index));
  } else if (duk_is_array(ctx, index)) {
    path.kind = idb_path_kind::list;
    const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, index));
    for (duk_uarridx_t i = 0; i < count; ++i) {
      const stack_guard guard{ctx};
      auto got = protect(ctx, 1, [&](duk_context* inner) { duk_get_prop_index(inner, index, i); });
      if (!got)
        return got.error();
      path.paths.push_back(name_at(ctx, -1));
    }
  }
  return path;
}

/// key(value): its bytes; false if no key has its type, undefined if its value is none.
js_result<int> key(duk_context* ctx) {
  std::string out;
  seen_arrays seen;
  auto outcome = key_outcome::invalid_type;
  auto done = protect(ctx, 1, [&](duk_context* inner) {
    outcome = append_key(inner, 0, out, seen);
    if (outcome == key_outcome::key && out.size() <= wire::idb_key_bytes_max
        && seen.size() <= wire::idb_key_depth_max)
      duk_push_lstring(inner, out.data(), out.size());
    else if (outcome == key_outcome::invalid_type)
      duk_push_false(inner);
    else
      duk_push_undefined(inner);
  });
  if (!done)
    return done.error();
  return 1;
}

/// value(key)
js_result<int> value(duk_context* ctx) {
  push_key(ctx, raw_at(ctx, 0));
  return 1;
}

duk_ret_t is_identifier(duk_context* ctx) {
  duk_push_boolean(ctx, is_identifier_name(raw_at(ctx, 0)));
  return 1;
}

/// begin(connection, mode, durability, [store, ...]): the transaction's number.
js_result<int> begin(duk_context* ctx) {
  idb_submit head;
  head.connection = connection_at(ctx, 0);
  head.mode = static_cast<idb_mode>(duk_get_uint(ctx, 1));
  head.durability = static_cast<idb_durability>(duk_get_uint(ctx, 2));
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, 3));
  for (duk_uarridx_t i = 0; i < count; ++i) {
    const stack_guard guard{ctx};
    auto got = protect(ctx, 1, [&](duk_context* inner) { duk_get_prop_index(inner, 3, i); });
    if (!got)
      return got.error();
    head.scope.push_back(id_at(ctx, -1));
  }
  duk_push_uint(ctx, client(ctx).begin(std::move(head)));
  return 1;
}

/// read(transaction, operation, store, index, lower, upper, flags, direction, limit, afterKey,
/// afterPrimaryKey)
js_result<int> read(duk_context* ctx) {
  idb_read read;
  read.store = id_at(ctx, 2);
  read.index = id_at(ctx, 3);
  read.range = range_at(ctx, 4);
  const auto flags = duk_get_uint(ctx, 6);
  constexpr idb_direction directions[] = {idb_direction::next, idb_direction::next_unique,
                                          idb_direction::prev, idb_direction::prev_unique};
  read.direction = directions[duk_get_uint(ctx, 7) & 3];
  read.limit = duk_get_uint(ctx, 8);
  read.ahead = read.limit != 1;
  read.want_values = (flags & want_values) != 0;
  read.has_after = duk_is_string(ctx, 9) != 0;
  read.after_key = raw_at(ctx, 9);
  read.after_primary_key = raw_at(ctx, 10);
  auto step = step_of(ctx, std::move(read));
  step.kind = (flags & strong_barrier) != 0 ? idb_client::barrier::strong
              : (flags & weak_barrier) != 0 ? idb_client::barrier::weak
                                            : idb_client::barrier::none;
  step.goes_on = (flags & goes_on) != 0;
  return add(ctx, std::move(step));
}

/// count(transaction, operation, store, index, lower, upper, flags)
js_result<int> count(duk_context* ctx) {
  return add(ctx, step_of(ctx, idb_count{id_at(ctx, 2), id_at(ctx, 3), range_at(ctx, 4)}));
}

/// remove(transaction, operation, store, lower, upper, flags)
js_result<int> remove(duk_context* ctx) {
  return add(ctx, step_of(ctx, idb_delete{id_at(ctx, 2), range_at(ctx, 3)}));
}

/// clear(transaction, operation, store)
js_result<int> clear(duk_context* ctx) {
  return add(ctx, step_of(ctx, idb_clear{id_at(ctx, 2)}));
}

/// put(transaction, operation, connection, store, value, key, flags)
js_result<int> put(duk_context* ctx) {
  const auto* shape = client(ctx).store(connection_at(ctx, 2), id_at(ctx, 3));
  if (shape == nullptr)
    return js_error::dom("InvalidStateError", "The object store is gone");
  auto made = make_put(ctx, *shape, 4, raw_at(ctx, 5), duk_get_uint(ctx, 6));
  if (!made)
    return made.error();
  return add(ctx, step_of(ctx, std::move(*made)));
}

/// fill(transaction, operation, connection, store, index, answer, at): how many records have keys.
js_result<int> fill(duk_context* ctx) {
  auto& databases = client(ctx);
  const auto connection = connection_at(ctx, 2);
  const auto* shape = databases.store(connection, id_at(ctx, 3));
  const auto index = id_at(ctx, 4);
  const auto* answer = idb_answer_at(ctx, 5);
  if (shape == nullptr || answer == nullptr)
    return js_error::dom("InvalidStateError", "The object store is gone");
  auto made = index_records(ctx, *shape, index, *answer, duk_get_uint(ctx, 6));
  if (!made)
    return made.error();
  const auto count = static_cast<duk_uint_t>(made->size());
  for (auto& operation : *made) {
    auto step = step_of(ctx, std::move(operation));
    step.goes_on = true;
    if (!databases.add(duk_get_uint(ctx, 0), std::move(step)))
      break;
  }
  duk_push_uint(ctx, count);
  return 1;
}

duk_ret_t release(duk_context* ctx) {
  client(ctx).release(duk_get_uint(ctx, 0));
  return 0;
}

/// finish(transaction, 1 for commit or 2 for abort)
js_result<int> finish(duk_context* ctx) {
  client(ctx).finish(duk_get_uint(ctx, 0), static_cast<idb_finish>(duk_get_uint(ctx, 1)));
  return 0;
}

// Of an upgrade transaction. No request waits for these.

js_result<int> add_silent(duk_context* ctx, idb_operation operation) {
  idb_client::step step;
  step.operation = std::move(operation);
  return add(ctx, std::move(step));
}

/// createStore(transaction, connection, id, name, keyPath, autoIncrement)
js_result<int> create_store(duk_context* ctx) {
  idb_store store;
  store.id = id_at(ctx, 2);
  store.name = name_at(ctx, 3);
  auto path = path_at(ctx, 4);
  if (!path)
    return path.error();
  store.path = std::move(*path);
  store.auto_increment = duk_get_boolean(ctx, 5) != 0;
  client(ctx).stores(connection_at(ctx, 1)).push_back(shape_of(store));
  return add_silent(ctx, idb_create_store{std::move(store)});
}

/// createIndex(transaction, connection, store, id, name, keyPath, unique, multiEntry)
js_result<int> create_index(duk_context* ctx) {
  idb_index index;
  index.id = id_at(ctx, 3);
  index.name = name_at(ctx, 4);
  auto path = path_at(ctx, 5);
  if (!path)
    return path.error();
  index.path = std::move(*path);
  index.unique = duk_get_boolean(ctx, 6) != 0;
  index.multi_entry = duk_get_boolean(ctx, 7) != 0;
  if (auto* shape = client(ctx).store(connection_at(ctx, 1), id_at(ctx, 2)))
    shape->indexes.push_back(shape_of(index));
  return add_silent(ctx, idb_create_index{id_at(ctx, 2), std::move(index)});
}

/// deleteSchema(transaction, connection, store, index)
js_result<int> delete_schema(duk_context* ctx) {
  const auto store = id_at(ctx, 2);
  const auto index = id_at(ctx, 3);
  if (auto* shape = client(ctx).store(connection_at(ctx, 1), store))
    for (auto& each : shape->indexes)
      each.dropped = each.dropped || each.id == index;
  return add_silent(ctx, idb_delete_schema{store, index});
}

/// renameSchema(transaction, connection, store, index, name)
js_result<int> rename_schema(duk_context* ctx) {
  return add_silent(ctx, idb_rename_schema{id_at(ctx, 2), id_at(ctx, 3), name_at(ctx, 4)});
}

// Requests about databases; idbReplied of script gets the answer by its number.

/// open(connection, name, version, number)
js_result<int> open(duk_context* ctx) {
  client(ctx).ask(idb_open{connection_at(ctx, 0), name_at(ctx, 1), id_at(ctx, 2)},
                  duk_get_uint(ctx, 3));
  return 0;
}

/// deleteDatabase(connection, name, number)
js_result<int> delete_database(duk_context* ctx) {
  client(ctx).ask(idb_delete_database{connection_at(ctx, 0), name_at(ctx, 1)},
                  duk_get_uint(ctx, 2));
  return 0;
}

/// databases(number)
js_result<int> databases(duk_context* ctx) {
  client(ctx).ask(idb_list_databases{}, duk_get_uint(ctx, 0));
  return 0;
}

js_result<int> close(duk_context* ctx) {
  client(ctx).ask(idb_close{connection_at(ctx, 0)}, 0);
  return 0;
}

js_result<int> acknowledge(duk_context* ctx) {
  client(ctx).ask(idb_acknowledge{connection_at(ctx, 0)}, 0);
  return 0;
}

js_result<int> wake(duk_context* ctx) {
  client(ctx).post_delivery();
  return 0;
}

/// wantCleanup(): idbCleanup of script is to run after the present microtask checkpoint.
duk_ret_t want_cleanup(duk_context* ctx) {
  engine::of(ctx).want_cleanup();
  return 0;
}

constexpr native_entry functions[] = {
    {"key", native<key>, 1, 1},
    {"value", native<value>, 1, 1},
    {"isIdentifier", is_identifier, 1, 1},
    {"begin", native<begin>, 4, 4},
    {"read", native<read>, 11, 11},
    {"count", native<count>, 7, 7},
    {"remove", native<remove>, 6, 6},
    {"clear", native<clear>, 3, 3},
    {"put", native<put>, 7, 7},
    {"fill", native<fill>, 7, 7},
    {"release", release, 1, 1},
    {"finish", native<finish>, 2, 2},
    {"createStore", native<create_store>, 6, 6},
    {"createIndex", native<create_index>, 8, 8},
    {"deleteSchema", native<delete_schema>, 4, 4},
    {"renameSchema", native<rename_schema>, 5, 5},
    {"open", native<open>, 4, 4},
    {"deleteDatabase", native<delete_database>, 3, 3},
    {"databases", native<databases>, 1, 1},
    {"close", native<close>, 1, 1},
    {"acknowledge", native<acknowledge>, 1, 1},
    {"wake", native<wake>, 0, 0},
    {"wantCleanup", want_cleanup, 0, 0},
};

/// idbNatives(): an object with all of them, for the files that share it.
duk_ret_t idb_natives(duk_context* ctx) {
  duk_push_object(ctx);
  define_natives(ctx, -1, functions);
  define_idb_answers(ctx);
  return 1;
}

constexpr native_entry entry[] = {{"idbNatives", idb_natives, 0, 0}};

} // namespace

void install_idb_natives(duk_context* ctx) {
  install_idb_keys(ctx);
  push_host(ctx);
  define_natives(ctx, -1, entry);
  duk_pop(ctx);
}

} // namespace offstage

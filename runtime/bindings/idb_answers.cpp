// SPDX-License-Identifier: MIT
// What script reads of storage's answers. An answer is an object that holds the outcomes of one
// submit; values are made of their bytes when script is about to see them.
#include <memory>

#include <caf/variant.hpp>

#include "runtime/bindings/idb_records.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/structured_serialize.hpp"

#define OFFSTAGE_IDB_ANSWER DUK_HIDDEN_SYMBOL("idb answer")

namespace offstage {

namespace {

// The numbers of idb_core.js.
enum class shown_as : uint32_t { nothing, key, count, value, primary_key };
enum class collected : uint32_t { values, primary_keys, records };

duk_ret_t finalize_answer(duk_context* ctx) {
  duk_get_prop_literal(ctx, 0, OFFSTAGE_IDB_ANSWER);
  const std::unique_ptr<idb_results> owned{static_cast<idb_results*>(duk_get_pointer(ctx, -1))};
  duk_pop(ctx);
  duk_del_prop_literal(ctx, 0, OFFSTAGE_IDB_ANSWER);
  return 0;
}

const idb_outcome* outcome_at(duk_context* ctx, duk_idx_t answer) {
  const auto* results = idb_answer_at(ctx, answer);
  const auto at = duk_get_uint(ctx, answer + 1);
  return results != nullptr && at < results->outcomes.size() ? &results->outcomes[at] : nullptr;
}

const idb_records* records_at(duk_context* ctx, duk_idx_t answer) {
  const auto* outcome = outcome_at(ctx, answer);
  return outcome == nullptr ? nullptr : caf::get_if<idb_records>(outcome);
}

const idb_record* record_at(duk_context* ctx) {
  const auto* found = records_at(ctx, 0);
  const auto at = duk_get_uint(ctx, 2);
  return found != nullptr && at < found->records.size() ? &found->records[at] : nullptr;
}

void push_raw(duk_context* ctx, std::string_view key) {
  duk_push_lstring(ctx, key.data(), key.size());
}

// Pushes the record's value, with its key where a key generator has given it.
js_result<void> push_record_value(duk_context* ctx, const idb_store_shape* store,
                                  const idb_record& record) {
  if (auto read = structured_deserialize(ctx, structured_clone{record.value}); !read)
    return read.error();
  if (store == nullptr || !store->auto_increment || store->path.kind != idb_path_kind::string)
    return {};
  const auto& path = store->path.paths.front();
  return protect(ctx, 0, [&](duk_context* inner) {
    const auto value = duk_get_top_index(inner);
    if (push_at_path(inner, value, path))
      duk_pop(inner);
    else
      inject_key(inner, value, path, record.primary_key, injection::perform);
  });
}

const idb_store_shape* store_at(duk_context* ctx, duk_idx_t connection) {
  const idb_connection_id id{static_cast<uint64_t>(duk_get_number(ctx, connection))};
  return realm::of(ctx).databases().store(
      id, static_cast<uint64_t>(duk_get_number(ctx, connection + 1)));
}

/// result(answer, at, as, connection, store)
js_result<int> result(duk_context* ctx) {
  const auto* outcome = outcome_at(ctx, 0);
  const auto as = static_cast<shown_as>(duk_get_uint(ctx, 2));
  if (outcome == nullptr || as == shown_as::nothing)
    return 0;
  if (const auto* key = caf::get_if<idb_key>(outcome)) {
    push_key(ctx, key->key);
    return 1;
  }
  if (const auto* number = caf::get_if<idb_number>(outcome)) {
    duk_push_number(ctx, static_cast<double>(number->value));
    return 1;
  }
  const auto* found = caf::get_if<idb_records>(outcome);
  if (found == nullptr || found->records.empty())
    return 0;
  const auto& record = found->records.front();
  if (as == shown_as::primary_key)
    push_key(ctx, record.primary_key);
  else if (auto pushed = push_record_value(ctx, store_at(ctx, 3), record); !pushed)
    return pushed.error();
  return 1;
}

js_result<void> append(duk_context* ctx, duk_idx_t list) {
  return protect(ctx, 0, [list](duk_context* inner) {
    duk_push_uint(inner, static_cast<duk_uint_t>(duk_get_length(inner, list)));
    duk_dup(inner, -2);
    duk_def_prop(inner, list, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WEC);
  });
}

js_result<void> append_record(duk_context* ctx, const idb_store_shape* store,
                              const idb_record& record, collected what) {
  constexpr duk_idx_t list = 2;
  const stack_guard guard{ctx};
  if (what == collected::records) {
    push_key(ctx, record.key);
    if (auto done = append(ctx, list); !done)
      return done;
  }
  if (what != collected::values) {
    push_key(ctx, record.primary_key);
    if (auto done = append(ctx, list); !done)
      return done;
  }
  if (what == collected::primary_keys)
    return {};
  if (auto pushed = push_record_value(ctx, store, record); !pushed)
    return pushed;
  return append(ctx, list);
}

/// collect(answer, at, list, what, connection, store): appends what is there; true if there is
/// more.
js_result<int> collect(duk_context* ctx) {
  const auto* found = records_at(ctx, 0);
  const auto what = static_cast<collected>(duk_get_uint(ctx, 3));
  const auto* store = store_at(ctx, 4);
  if (found == nullptr)
    return 0;
  for (const auto& record : found->records)
    if (auto done = append_record(ctx, store, record, what); !done) {
      // The thrown value stays on top only in this frame.
      return js_error::dom("DataCloneError", "A record cannot be read");
    }
  duk_push_boolean(ctx, found->more && !found->records.empty());
  return 1;
}

duk_ret_t count_records(duk_context* ctx) {
  const auto* found = records_at(ctx, 0);
  duk_push_uint(ctx, found == nullptr ? 0 : static_cast<duk_uint_t>(found->records.size()));
  return 1;
}

duk_ret_t has_more(duk_context* ctx) {
  const auto* found = records_at(ctx, 0);
  duk_push_boolean(ctx, found != nullptr && found->more && !found->records.empty());
  return 1;
}

/// recordKey(answer, at, record)
duk_ret_t record_key(duk_context* ctx) {
  const auto* record = record_at(ctx);
  if (record == nullptr)
    return 0;
  push_raw(ctx, record->key);
  return 1;
}

duk_ret_t record_primary(duk_context* ctx) {
  const auto* record = record_at(ctx);
  if (record == nullptr)
    return 0;
  push_raw(ctx, record->primary_key);
  return 1;
}

/// recordValue(answer, at, record, connection, store)
js_result<int> record_value(duk_context* ctx) {
  const auto* record = record_at(ctx);
  if (record == nullptr)
    return 0;
  if (auto pushed = push_record_value(ctx, store_at(ctx, 3), *record); !pushed)
    return pushed.error();
  return 1;
}

void put_number(duk_context* ctx, const char* name, uint64_t number) {
  duk_push_number(ctx, static_cast<double>(number));
  duk_put_prop_string(ctx, -2, name);
}

void put_false(duk_context* ctx, const char* name) {
  duk_push_false(ctx);
  duk_put_prop_string(ctx, -2, name);
}

void put_name(duk_context* ctx, const std::string& name) {
  push_name(ctx, name);
  duk_put_prop_literal(ctx, -2, "name");
}

void put_path(duk_context* ctx, const idb_key_path& path) {
  if (path.kind == idb_path_kind::none) {
    duk_push_null(ctx);
  } else if (path.kind == idb_path_kind::string && !path.paths.empty()) {
    push_name(ctx, path.paths.front());
  } else {
    duk_push_array(ctx);
    for (duk_uarridx_t i = 0; i < path.paths.size(); ++i) {
      push_name(ctx, path.paths[i]);
      duk_put_prop_index(ctx, -2, i);
    }
  }
  duk_put_prop_literal(ctx, -2, "keyPath");
}

void push_index(duk_context* ctx, const idb_index& index) {
  duk_push_bare_object(ctx);
  put_number(ctx, "id", index.id);
  put_name(ctx, index.name);
  put_path(ctx, index.path);
  duk_push_boolean(ctx, index.unique);
  duk_put_prop_literal(ctx, -2, "unique");
  duk_push_boolean(ctx, index.multi_entry);
  duk_put_prop_literal(ctx, -2, "multi");
  put_false(ctx, "deleted");
}

void push_store(duk_context* ctx, const idb_store& store) {
  duk_push_bare_object(ctx);
  put_number(ctx, "id", store.id);
  put_name(ctx, store.name);
  put_path(ctx, store.path);
  duk_push_boolean(ctx, store.auto_increment);
  duk_put_prop_literal(ctx, -2, "auto");
  duk_push_array(ctx);
  for (duk_uarridx_t i = 0; i < store.indexes.size(); ++i) {
    push_index(ctx, store.indexes[i]);
    duk_put_prop_index(ctx, -2, i);
  }
  duk_put_prop_literal(ctx, -2, "indexes");
  put_false(ctx, "deleted");
  put_false(ctx, "isNew");
}

constexpr native_entry functions[] = {
    {"result", native<result>, 5, 5},
    {"collect", native<collect>, 6, 6},
    {"records", count_records, 2, 2},
    {"more", has_more, 2, 2},
    {"recordKey", record_key, 3, 3},
    {"recordPrimary", record_primary, 3, 3},
    {"recordValue", native<record_value>, 5, 5},
};

} // namespace

void define_idb_answers(duk_context* ctx) {
  define_natives(ctx, -1, functions);
}

void push_idb_answer(duk_context* ctx, std::unique_ptr<idb_results>& results) {
  duk_push_bare_object(ctx);
  duk_push_pointer(ctx, nullptr);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_IDB_ANSWER);
  duk_push_c_function(ctx, finalize_answer, 1);
  duk_set_finalizer(ctx, -2);
  duk_push_pointer(ctx, results.get());
  duk_put_prop_literal(ctx, -2, OFFSTAGE_IDB_ANSWER);
  static_cast<void>(results.release());
}

const idb_results* idb_answer_at(duk_context* ctx, duk_idx_t index) {
  if (!duk_is_object(ctx, index))
    return nullptr;
  duk_get_prop_literal(ctx, index, OFFSTAGE_IDB_ANSWER);
  const auto* results = static_cast<const idb_results*>(duk_get_pointer(ctx, -1));
  duk_pop(ctx);
  return results;
}

void push_idb_database(duk_context* ctx, const idb_database& database) {
  duk_push_bare_object(ctx);
  put_name(ctx, database.name);
  put_number(ctx, "version", database.version);
  put_number(ctx, "nextId", database.next_id);
  duk_push_array(ctx);
  for (duk_uarridx_t i = 0; i < database.stores.size(); ++i) {
    push_store(ctx, database.stores[i]);
    duk_put_prop_index(ctx, -2, i);
  }
  duk_put_prop_literal(ctx, -2, "stores");
}

} // namespace offstage

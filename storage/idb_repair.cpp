// SPDX-License-Identifier: MIT
#include <algorithm>
#include <optional>

#include <caf/send.hpp>

#include "protocol/errors.hpp"
#include "protocol/idb_key.hpp"
#include "storage/idb_keeper.hpp"
#include "storage/quarantine.hpp"

// What happens to rows of databases that failed their check. The operation that met one has failed;
// the row goes as soon as nobody writes to its store: a record moves to quarantine and its rows in
// indexes are removed, a row of an index is made again from its record, or removed without one.

namespace offstage {

namespace {

/// The bytes of the first key; no key is the beginning of another one. Zero if there is none.
size_t first_key_bytes(std::string_view keys) {
  for (size_t bytes = 1; bytes <= keys.size(); ++bytes)
    if (is_idb_key(keys.substr(0, bytes)))
      return bytes;
  return 0;
}

void forget_row(idb_tree_state& tree, size_t row_bytes) {
  tree.rows -= std::min<uint64_t>(tree.rows, 1);
  tree.bytes -= std::min<uint64_t>(tree.bytes, row_bytes);
}

bool has_key(const idb_stored_record& record, uint64_t index, std::string_view key) {
  const auto entry = std::ranges::find(record.index_keys, index, &idb_index_entry::index);
  return entry != record.index_keys.end()
         && std::ranges::find(entry->keys, key) != entry->keys.end();
}

} // namespace

void idb_keeper::note_damage(database& db, idb_transaction& where) {
  for (auto& key : where.take_damaged()) {
    parts_.log(storage_log_level::error,
               key_.origin + ": damaged record: " + describe_row(column::databases, key));
    db.damaged.insert(std::move(key));
  }
}

void idb_keeper::repair(database& db) {
  for (const auto& store : db.contents.schema->stores) {
    if (db.damaged.empty() || db.locks.is_written(store.id))
      continue;
    const auto is_in = [&](const std::string& key) {
      const auto tree = tree_of_row_key(key);
      return tree == store.id || std::ranges::find(store.indexes, tree, [](const idb_index& x) {
                                   return std::optional{x.id};
                                 }) != store.indexes.end();
    };
    write_batch batch;
    auto state = db.contents.stores[store.id];
    const auto bytes_before = state.bytes();
    for (const auto& key : db.damaged)
      if (is_in(key))
        repair_row(db, store, key, batch, state);
    std::erase_if(db.damaged, is_in);
    if (batch.empty())
      continue;
    const auto state_key = idb_store_state_key(key_, db.contents.id, store.id);
    batch.put(column::meta, state_key, encode_idb_store(state_key, state));
    quota_->change_databases_usage(static_cast<int64_t>(state.bytes())
                                   - static_cast<int64_t>(bytes_before));
    db.contents.stores[store.id] = std::move(state);
    // A failure leaves the rows damaged, and whoever meets them next reports them again.
    caf::anon_send(parts_.writer, store_atom_v,
                   write_batch_ptr{std::make_shared<const write_batch>(std::move(batch))},
                   durability::relaxed);
  }
}

void idb_keeper::repair_row(database& db, const idb_store& store, const std::string& row_key,
                            write_batch& batch, idb_store_state& state) {
  if (tree_of_row_key(row_key) == store.id)
    repair_record(db, store, row_key, batch, state);
  else
    repair_index_row(db, store, row_key, batch, state);
}

void idb_keeper::repair_record(database& db, const idb_store& store, const std::string& row_key,
                               write_batch& batch, idb_store_state& state) {
  const auto row = parts_.db->get(column::databases, row_key);
  if (!row || decode_idb_record(row_key, *row))
    return; // Somebody has removed or replaced it.
  quarantine_row(batch, *parts_.db, column::databases, row_key, parts_.log);
  forget_row(state.trees[store.id], row_key.size() + row->size());
  const auto primary_key = std::string_view{row_key}.substr(idb_tree_prefix_bytes);
  for (const auto& index : store.indexes) {
    const auto visit = [&](std::string_view key, std::string_view value) {
      const auto keys = decode_idb_index_row(key, value);
      if (keys && keys->primary_key == primary_key) {
        forget_row(state.trees[index.id], key.size() + value.size());
        batch.remove(column::databases, std::string{key});
      }
      return true;
    };
    const auto prefix = idb_tree_prefix(db.contents.id, index.id);
    if (auto err = parts_.db->scan(column::databases, prefix, visit))
      parts_.log(storage_log_level::error, key_.origin + ": " + describe(err));
  }
}

void idb_keeper::repair_index_row(database& db, const idb_store& store, const std::string& row_key,
                                  write_batch& batch, idb_store_state& state) {
  const auto row = parts_.db->get(column::databases, row_key);
  if (!row)
    return;
  const auto keys = std::string_view{row_key}.substr(idb_tree_prefix_bytes);
  const auto key_bytes = first_key_bytes(keys);
  const auto record_key = idb_tree_prefix(db.contents.id, store.id).append(keys.substr(key_bytes));
  const auto record_row = parts_.db->get(column::databases, record_key);
  const auto record = record_row ? decode_idb_record(record_key, *record_row) : record_row.error();
  const auto index = *tree_of_row_key(row_key);
  if (key_bytes > 0 && record && has_key(*record, index, keys.substr(0, key_bytes))) {
    batch.put(column::databases, row_key, encode_idb_index_row(row_key, key_bytes));
    return;
  }
  quarantine_row(batch, *parts_.db, column::databases, row_key, parts_.log);
  forget_row(state.trees[index], row_key.size() + row->size());
}

} // namespace offstage

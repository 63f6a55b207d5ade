// SPDX-License-Identifier: MIT
#include <caf/send.hpp>

#include "protocol/errors.hpp"
#include "storage/idb_keeper.hpp"
#include "storage/quarantine.hpp"

// What an indexed_db actor finds on disk.

namespace offstage {

namespace {

using row_list = std::vector<std::pair<std::string, std::string>>;

caf::expected<row_list> rows_of(const database& db, std::string_view prefix) {
  row_list rows;
  const auto visit = [&](std::string_view key, std::string_view value) {
    rows.emplace_back(key, value);
    return true;
  };
  if (auto err = db.scan(column::meta, prefix, visit))
    return err;
  return rows;
}

caf::error count_rows(const database& db, database_id id, uint64_t tree, idb_store_state& state,
                      bool is_store) {
  auto& found = state.trees[tree];
  const auto visit = [&](std::string_view key, std::string_view value) {
    ++found.rows;
    found.bytes += key.size() + value.size();
    if (is_store)
      state.next_number = idb_number_after(key.substr(idb_tree_prefix_bytes), state.next_number);
    return true;
  };
  return db.scan(column::databases, idb_tree_prefix(id, tree), visit);
}

} // namespace

caf::expected<uint64_t> count_databases_usage(const database& db, const storage_key& key) {
  const auto databases = rows_of(db, idb_database_prefix(key));
  if (!databases)
    return databases.error();
  const auto states = rows_of(db, idb_store_states_prefix(key));
  if (!states)
    return states.error();
  uint64_t sum = 0;
  for (const auto& [row_key, row] : *databases)
    sum += row_key.size() + row.size();
  for (const auto& [row_key, row] : *states)
    if (const auto state = decode_idb_store(row_key, shared_bytes{row}))
      sum += state->bytes();
  return sum;
}

caf::error idb_keeper::load() {
  const auto rows = rows_of(*parts_.db, idb_database_prefix(key_));
  if (!rows)
    return rows.error();
  for (const auto& [row_key, row] : *rows)
    if (const auto where = parse_idb_database_key(row_key))
      if (auto err = load_database(*where, shared_bytes{row}))
        return err;
  return caf::none;
}

/// Without its description a database cannot be read any more.
caf::error idb_keeper::load_database(const parsed_database_key& where, const shared_bytes& row) {
  const auto row_key = idb_database_key(where.key, where.database, where.name);
  auto schema = decode_idb_database(row_key, row);
  if (!schema) {
    auto batch = std::make_shared<write_batch>();
    const auto data = idb_rows_prefix(where.database);
    const auto states = idb_store_state_prefix(where.key, where.database);
    quarantine_row(*batch, *parts_.db, column::meta, row_key, parts_.log);
    batch->remove_range(column::databases, data, prefix_end(data));
    batch->remove_range(column::meta, states, prefix_end(states));
    caf::anon_send(parts_.writer, store_atom_v, write_batch_ptr{std::move(batch)},
                   durability::relaxed);
    return caf::none;
  }
  auto& db = *(databases_[where.name] = std::make_unique<database>());
  db.contents.id = where.database;
  db.contents.key = key_;
  db.contents.schema = std::make_shared<const idb_database>(std::move(*schema));
  auto states = load_states(db.contents);
  if (!states)
    return states.error();
  db.contents.stores = std::move(*states);
  return caf::none;
}

caf::expected<std::map<uint64_t, idb_store_state>>
idb_keeper::load_states(const idb_contents& contents) {
  std::map<uint64_t, idb_store_state> result;
  for (const auto& store : contents.schema->stores) {
    const auto row_key = idb_store_state_key(key_, contents.id, store.id);
    const auto row = parts_.db->get(column::meta, row_key);
    if (!row && row.error() == storage_error::io_failed)
      return row.error();
    auto state = row ? decode_idb_store(row_key, *row) : row.error();
    if (!state) {
      parts_.log(storage_log_level::error, "damaged state of a store is counted anew: "
                                               + describe_row(column::meta, row_key));
      state = count_state(contents, store);
    }
    if (!state)
      return state.error();
    result.emplace(store.id, std::move(*state));
  }
  return result;
}

caf::expected<idb_store_state> idb_keeper::count_state(const idb_contents& contents,
                                                       const idb_store& store) {
  idb_store_state state;
  if (auto err = count_rows(*parts_.db, contents.id, store.id, state, store.auto_increment))
    return err;
  for (const auto& index : store.indexes)
    if (auto err = count_rows(*parts_.db, contents.id, index.id, state, false))
      return err;
  return state;
}

/// After a write whose outcome is not known.
void idb_keeper::reload_states(database& db, const std::set<uint64_t>& stores) {
  auto states = load_states(db.contents);
  if (!states) {
    parts_.log(storage_log_level::error, key_.origin + ": " + describe(states.error()));
    return;
  }
  for (const auto store : stores)
    if (auto found = states->find(store); found != states->end())
      db.contents.stores.insert_or_assign(store, std::move(found->second));
}

idb_keeper::database& idb_keeper::database_of(const std::string& name) {
  auto& found = databases_[name];
  if (!found) {
    found = std::make_unique<database>();
    auto schema = std::make_shared<idb_database>();
    schema->name = name;
    found->contents.id = database_id{(*parts_.database_ids)++};
    found->contents.key = key_;
    found->contents.schema = std::move(schema);
  }
  return *found;
}

/// A database that was not created after all, or that was deleted.
void idb_keeper::forget_if_unused(database& db) {
  const auto name = db.contents.schema->name;
  if (!db.contents.exists() && db.connections.empty() && db.queue.empty())
    databases_.erase(name);
}

} // namespace offstage

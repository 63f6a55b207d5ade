// SPDX-License-Identifier: MIT
#include <algorithm>
#include <set>

#include "protocol/errors.hpp"
#include "storage/audit.hpp"
#include "storage/idb_rows.hpp"
#include "storage/quarantine.hpp"

// The part of an audit that is about databases of IndexedDB.

namespace offstage {

namespace {

class database_auditor {
public:
  database_auditor(const database& db, storage_audit& result) : db_(db), result_(result) {}

  caf::error run() {
    if (auto err = read_states())
      return err;
    if (auto err = db_.scan(column::meta, idb_database_prefix(),
                            [&](std::string_view key, std::string_view value) {
                              read_database(key, shared_bytes{std::string{value}});
                              return !failure_;
                            }))
      return err;
    if (failure_)
      return failure_;
    for (const auto& [key, state] : states_)
      problem("state of no store", column::meta, key);
    return find_strays();
  }

private:
  void problem(const std::string& text, column where, std::string_view key) {
    result_.problems.push_back(text + ": " + describe_row(where, key));
  }

  caf::error read_states() {
    return db_.scan(column::meta, "s", [&](std::string_view key, std::string_view value) {
      auto state = decode_idb_store(key, shared_bytes{std::string{value}});
      if (state)
        states_.emplace(key, std::move(*state));
      else
        problem("damaged state of a store", column::meta, key);
      return true;
    });
  }

  void read_database(std::string_view key, const shared_bytes& value) {
    const auto where = parse_idb_database_key(key);
    const auto schema = where ? decode_idb_database(key, value)
                              : caf::expected<idb_database>{fail(storage_error::corrupted)};
    if (!schema || schema->name != where->name) {
      problem("damaged database", column::meta, key);
      return;
    }
    ++result_.databases;
    result_.databases_bytes += key.size() + value.size();
    for (const auto& store : schema->stores) {
      const auto state_key = idb_store_state_key(where->key, where->database, store.id);
      const auto state = states_.find(state_key);
      if (state == states_.end()) {
        problem("store without state", column::meta, state_key);
        continue;
      }
      read_store(where->database, store, state->second);
      result_.databases_bytes += state->second.bytes();
      states_.erase(state);
    }
  }

  void read_store(database_id id, const idb_store& store, const idb_store_state& state) {
    std::map<uint64_t, idb_tree_state> found;
    std::set<std::string> expected;
    found[store.id] = {};
    for (const auto& index : store.indexes)
      found[index.id] = {};
    const auto next = read_records(id, store, found[store.id], expected);
    for (const auto& index : store.indexes)
      read_index(id, index, found[index.id], expected);
    for (const auto& row : expected)
      problem("record without its row in an index", column::databases, row);
    for (const auto& [tree, rows] : found) {
      trees_.insert(idb_tree_prefix(id, tree));
      const auto kept = state.trees.find(tree);
      if (kept == state.trees.end() || kept->second.rows != rows.rows
          || kept->second.bytes != rows.bytes)
        problem("a store or an index has other rows than its state says", column::databases,
                idb_tree_prefix(id, tree));
    }
    if (found.size() != state.trees.size())
      problem("state of an index that is gone", column::databases, idb_tree_prefix(id, store.id));
    if (store.auto_increment && state.next_number < next)
      problem("a key generator is behind its records", column::databases,
              idb_tree_prefix(id, store.id));
  }

  /// Answers the least that the key generator may stand at.
  uint64_t read_records(database_id id, const idb_store& store, idb_tree_state& found,
                        std::set<std::string>& expected) {
    uint64_t next = 1;
    const auto visit = [&](std::string_view key, std::string_view value) {
      count(found, key, value);
      ++result_.records;
      const auto primary_key = key.substr(idb_tree_prefix_bytes);
      next = idb_number_after(primary_key, next);
      const auto record = decode_idb_record(key, shared_bytes{std::string{value}});
      if (!record) {
        problem("damaged record", column::databases, key);
        return true;
      }
      for (const auto& entry : record->index_keys)
        if (std::ranges::find(store.indexes, entry.index, &idb_index::id) != store.indexes.end())
          for (const auto& index_key : entry.keys)
            expected.insert((idb_tree_prefix(id, entry.index) + index_key).append(primary_key));
      return true;
    };
    scan(id, store.id, visit);
    return next;
  }

  void read_index(database_id id, const idb_index& index, idb_tree_state& found,
                  std::set<std::string>& expected) {
    std::string last;
    const auto visit = [&](std::string_view key, std::string_view value) {
      count(found, key, value);
      const auto keys = decode_idb_index_row(key, value);
      if (!keys)
        problem("damaged record of an index", column::databases, key);
      else if (expected.erase(std::string{key}) == 0)
        problem("record of an index without its record", column::databases, key);
      else if (index.unique && keys->key == last)
        problem("a unique index has a key twice", column::databases, key);
      if (keys)
        last = keys->key;
      return true;
    };
    scan(id, index.id, visit);
  }

  void scan(database_id id, uint64_t tree, const database::visitor& visit) {
    if (auto err = db_.scan(column::databases, idb_tree_prefix(id, tree), visit))
      failure_ = std::move(err);
  }

  static void count(idb_tree_state& found, std::string_view key, std::string_view value) {
    ++found.rows;
    found.bytes += key.size() + value.size();
  }

  caf::error find_strays() {
    return db_.scan(column::databases, {}, [&](std::string_view key, std::string_view) {
      if (!trees_.contains(key.substr(0, idb_tree_prefix_bytes)))
        problem("row of no store", column::databases, key);
      return true;
    });
  }

  const database& db_;
  storage_audit& result_;
  std::map<std::string, idb_store_state> states_;
  std::set<std::string, std::less<>> trees_;
  caf::error failure_;
};

} // namespace

caf::error audit_databases(const database& db, storage_audit& result) {
  return database_auditor{db, result}.run();
}

} // namespace offstage

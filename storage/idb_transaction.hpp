// SPDX-License-Identifier: MIT
#pragma once

// One transaction of IndexedDB: what it may touch, what it has changed, and the operations that do
// it. Passive; owned by the indexed_db actor, which starts it when no other transaction is in its
// way and writes what it has changed. Nothing of it is visible to others before that, so aborting
// one is forgetting it.

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "protocol/indexed_db.hpp"
#include "storage/idb_overlay.hpp"
#include "storage/quota.hpp"

namespace offstage {

/// A database as it is committed.
struct idb_contents {
  database_id id{0};
  storage_key key;
  std::shared_ptr<const idb_database> schema; ///< Version zero: it is not there yet.
  std::map<uint64_t, idb_store_state> stores;

  bool exists() const { return schema->version != 0; }
  /// What the database counts in the usage of its storage key.
  uint64_t bytes() const;
};

/// The row of a database with this schema counts so much.
uint64_t idb_schema_bytes(const idb_contents& contents, const idb_database& schema);

/// Spec: IndexedDB#transaction-construct
struct idb_terms {
  idb_mode mode = idb_mode::read_only;
  idb_durability durability = idb_durability::standard;
  std::set<uint64_t> scope; ///< Ids of stores; an upgrade has all.
};

class idb_transaction {
public:
  /// When it may start. All of them outlive it, and nobody else changes the stores in its scope.
  idb_transaction(database_ptr db, const idb_contents& committed, idb_terms how,
                  quota_account_ptr quota);

  /// For an upgrade: the version that the database gets.
  void set_version(uint64_t version);
  const idb_database& schema() const { return *schema_; }

  /// One outcome per operation; one that fails changes nothing.
  std::vector<idb_outcome> run(std::vector<idb_operation>& operations);

  /// The rows that make the changes; none if nothing has changed. Errors: quota_exceeded.
  caf::expected<write_batch> changes();

  /// The changes are written: they become part of the contents and of the usage.
  void adopt_into(idb_contents& committed);

  /// Keys of rows that failed their check.
  std::vector<std::string> take_damaged() { return std::exchange(damaged_, {}); }

private:
  /// A store or an index.
  struct tree {
    const idb_store* store = nullptr;
    const idb_index* index = nullptr; ///< Null: the store itself.
    std::string prefix;

    uint64_t id() const { return index != nullptr ? index->id : store->id; }
  };
  enum class access : uint8_t { read, write, upgrade };

  // What operations touch.
  std::optional<tree> find(uint64_t store, uint64_t index, access how) const;
  idb_failure refusal(access how) const;
  std::string prefix_of(uint64_t tree_id) const { return idb_tree_prefix(committed_.id, tree_id); }
  const idb_store_state& state(uint64_t store) const;
  idb_store_state& changed_state(uint64_t store);
  idb_failure failure_of(const caf::error& err, std::string_view row_key);
  /// Whether the storage key may use so much more.
  bool charge(int64_t growth);

  // Reading.
  struct interval {
    std::string begin;
    std::string end; ///< Exclusive.

    bool empty() const { return begin >= end; }
  };
  interval rows_of(const tree& where, const idb_key_range& range) const;
  void skip_to(interval& rows, const tree& where, const idb_read& x) const;
  idb_outcome apply(idb_read& x);
  idb_outcome apply(idb_count& x);
  idb_outcome get(const tree& where, const idb_read& x);
  std::optional<idb_failure> visit(const tree& where, const idb_read& x, idb_cursor& cursor,
                                   idb_records& found);
  std::optional<idb_failure> add_record(const tree& where, const idb_read& x,
                                        const idb_cursor& cursor, idb_records& found);
  bool is_enough(const idb_read& x, const idb_records& found, uint64_t bytes) const;

  // Writing.
  struct change;
  std::optional<idb_failure> plan(const tree& where, idb_put& x, change& planned);
  std::optional<idb_failure> plan_index_keys(const tree& where, idb_put& x, change& planned);
  std::optional<idb_failure> check_unique(const idb_index& index,
                                          const std::vector<std::string>& keys,
                                          std::string_view primary_key);
  int64_t index_bytes(const idb_store& store, const std::vector<idb_index_entry>& entries,
                      std::string_view primary_key) const;
  void add_index_rows(const idb_store& store, const std::vector<idb_index_entry>& entries,
                      const std::string& primary_key);
  void remove_index_rows(const idb_store& store, const std::vector<idb_index_entry>& entries,
                         std::string_view primary_key);
  int64_t record_bytes(const tree& where, std::string_view primary_key,
                       const idb_stored_record& record) const;
  void remove_record(const tree& where, const std::string& primary_key,
                     const idb_stored_record& record);
  std::optional<idb_failure> remove_range(const tree& where, const idb_key_range& range);
  idb_outcome clear(const idb_store& store);
  idb_outcome apply(idb_put& x);
  idb_outcome apply(idb_delete& x);
  idb_outcome apply(idb_clear& x);
  idb_outcome apply(idb_fill_index& x);

  // Upgrading.
  idb_database& changed_schema();
  idb_outcome apply(idb_create_store& x);
  idb_outcome apply(idb_create_index& x);
  idb_outcome apply(idb_delete_schema& x);
  idb_outcome apply(idb_rename_schema& x);
  void clear_tree(uint64_t store, uint64_t tree_id);

  database_ptr db_;
  const idb_contents& committed_;
  idb_terms how_;
  quota_account_ptr quota_;
  quota_reservation reservation_;
  uint64_t reserved_ = 0;
  int64_t growth_ = 0; ///< Of the usage.
  idb_overlay overlay_;
  idb_sight sight_;
  std::shared_ptr<const idb_database> schema_;
  std::shared_ptr<idb_database> own_schema_; ///< schema_, once it was changed.
  std::map<uint64_t, idb_store_state> changed_;
  std::set<uint64_t> deleted_stores_;
  uint64_t answer_bytes_ = 0;
  std::vector<std::string> damaged_;
};

} // namespace offstage

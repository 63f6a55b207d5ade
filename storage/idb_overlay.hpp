// SPDX-License-Identifier: MIT
#pragma once

// Reading rows of a database through the changes that a transaction has made and not committed:
// an overlay over the committed rows, and a cursor over both. Passive; owned by one transaction
// of the indexed_db actor.

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "storage/database.hpp"
#include "storage/idb_rows.hpp"

namespace offstage {

class idb_overlay {
public:
  /// A change of one row; nothing stands for its removal.
  using row = std::optional<idb_row_value>;
  using rows = std::map<std::string, row, std::less<>>;

  void put(std::string key, idb_row_value value);
  void remove(std::string key);
  /// Removes all rows of a tree, those that were put here, too.
  void clear_tree(const std::string& tree_prefix);

  const rows& changes() const { return rows_; }
  bool is_cleared(std::string_view tree_prefix) const { return cleared_.contains(tree_prefix); }
  bool empty() const { return rows_.empty() && cleared_.empty(); }
  /// What the changes hold in memory.
  uint64_t bytes() const { return bytes_; }

  void write_to(write_batch& batch) const;

private:
  void forget(const row& x);

  rows rows_;
  std::set<std::string, std::less<>> cleared_;
  uint64_t bytes_ = 0;
};

/// The rows that a transaction sees. Without a view: the newest committed ones.
struct idb_sight {
  const database& db;
  database_view_ptr view;
  const idb_overlay& overlay;
};

/// Whether there is such a row.
caf::expected<bool> has_row(const idb_sight& sight, std::string_view key);

/// Nothing if there is no such record. Errors: corrupted, io_failed.
caf::expected<std::optional<idb_stored_record>> find_record(const idb_sight& sight,
                                                            std::string_view key);

/// Walks the rows of one tree from `begin` to before `end`. The overlay must not change meanwhile.
class idb_cursor {
public:
  idb_cursor(const idb_sight& sight, std::string begin, std::string end);

  void seek(std::string_view key);
  void seek_before(std::string_view key);
  /// After seek().
  void next();
  /// After seek_before().
  void previous();

  bool valid() const { return at_ != place::nowhere; }
  std::string_view key() const;
  /// Errors: corrupted.
  caf::expected<idb_stored_record> record() const;
  caf::expected<idb_index_row_keys> index_keys() const;
  uint64_t row_bytes() const;
  caf::error status() const;

private:
  enum class place : uint8_t { nowhere, committed, overlay };

  bool has_committed() const { return committed_ && committed_->valid(); }
  void settle_forward();
  void settle_backward();

  std::string begin_;
  std::string end_;
  const idb_overlay::rows& changes_;
  std::unique_ptr<database_cursor> committed_; ///< None if the tree was cleared.
  idb_overlay::rows::const_iterator change_;   ///< Backward: the one behind the next change.
  place at_ = place::nowhere;
  const idb_overlay::rows::value_type* current_ = nullptr; ///< overlay.
};

} // namespace offstage

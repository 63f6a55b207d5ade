// SPDX-License-Identifier: MIT
#pragma once

// A data directory that no node runs on, as its operator looks at it: checked, counted, or written
// out. Opening it does what the next start of a node would do: it finishes what a crash has
// interrupted. Used by the verb `storage` on one thread; closes with the object.

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "storage/audit.hpp"
#include "storage/database.hpp"

namespace offstage {

struct storage_stats {
  struct of_column {
    std::string name;
    uint64_t rows = 0;
    uint64_t key_bytes = 0;
    uint64_t value_bytes = 0;
  };
  struct of_key {
    uint64_t registrations = 0;
    uint64_t caches = 0;
    uint64_t cache_bytes = 0; ///< As the quota counts it.
    uint64_t artifact_bytes = 0;
    bool persisted = false;
  };

  std::vector<of_column> columns;
  std::map<std::string, of_key> keys; ///< By origin.
};

class storage_inspection {
public:
  /// Errors: refused (a node uses it, or it is no data directory), corrupted, io_failed.
  static caf::expected<storage_inspection> open(const std::string& directory, storage_logger log);

  caf::expected<storage_audit> check() const { return audit_storage(*db_); }
  caf::expected<storage_stats> stats() const;

  /// Takes a line without its end; returns false to stop.
  using line_taker = std::function<bool(std::string_view line)>;

  /// One JSON object per row that says something to a reader; see storage_export.cpp.
  caf::error write_lines(const line_taker& take) const;

private:
  explicit storage_inspection(database_ptr db) : db_(std::move(db)) {}

  database_ptr db_;
};

} // namespace offstage

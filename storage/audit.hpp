// SPDX-License-Identifier: MIT
#pragma once

// Checks every row against every other: what tests ask after each crash, and an operator may ask of
// a directory. Reads only, and everything; the database should have no other user meanwhile.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "storage/database.hpp"

namespace offstage {

struct storage_audit {
  /// One line per damaged record, record of a database without its rows in indexes or the other way
  /// round, store whose state is not what its rows add up to, entry without index row or the other
  /// way round, body that is incomplete or that nobody refers to, wrong usage, registration without
  /// its script, script without a registration.
  std::vector<std::string> problems;
  uint64_t registrations = 0;
  uint64_t scripts = 0;
  uint64_t caches = 0;
  uint64_t entries = 0;
  uint64_t body_records = 0;
  uint64_t artifacts = 0;
  uint64_t quarantined = 0;
  uint64_t usage_bytes = 0; ///< Of the caches of all storage keys.
  uint64_t databases = 0;
  uint64_t records = 0;         ///< Of the stores of all databases.
  uint64_t databases_bytes = 0; ///< What they count.
};

/// Errors: io_failed, corrupted if a table file cannot be read at all.
caf::expected<storage_audit> audit_storage(const database& db);

/// The part of it that is about databases.
caf::error audit_databases(const database& db, storage_audit& result);

} // namespace offstage

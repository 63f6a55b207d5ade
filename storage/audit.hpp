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
  /// One line per damaged record, entry without index row or the other way round, body that is
  /// incomplete or that nobody refers to, wrong usage, registration without its script, script
  /// without a registration.
  std::vector<std::string> problems;
  uint64_t registrations = 0;
  uint64_t scripts = 0;
  uint64_t caches = 0;
  uint64_t entries = 0;
  uint64_t body_records = 0;
  uint64_t artifacts = 0;
  uint64_t quarantined = 0;
  uint64_t usage_bytes = 0; ///< Of all storage keys.
};

/// Errors: io_failed, corrupted if a table file cannot be read at all.
caf::expected<storage_audit> audit_storage(const database& db);

} // namespace offstage

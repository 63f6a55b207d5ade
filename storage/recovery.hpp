// SPDX-License-Identifier: MIT
#pragma once

// What is put in order when a data directory is opened, before any actor runs: records of bodies
// whose put was never committed, caches that were deleted while in use, scripts and registrations.

#include <caf/expected.hpp>

#include "storage/cache_storage.hpp"
#include "storage/registration_table.hpp"

namespace offstage {

struct recovered_storage {
  cache_counter cache_ids;
  cache_counter database_ids;
  body_counter body_ids;
  std::shared_ptr<registration_table> registrations;
};

/// Errors: corrupted, io_failed.
caf::expected<recovered_storage> recover(const database_ptr& db, const storage_logger& log);

} // namespace offstage

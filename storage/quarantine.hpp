// SPDX-License-Identifier: MIT
#pragma once

// What happens to a record that fails its check: its bytes move to a column family of their own,
// where a human can look at them, and the log names it.

#include <string>

#include "storage/database.hpp"
#include "storage/options.hpp"
#include "storage/write_batch.hpp"

namespace offstage {

/// Names a row in logs: column family and key, with what is not printable escaped.
std::string describe_row(column where, std::string_view key);

/// Adds to the batch the move of this row into quarantine, and logs it. A row whose bytes cannot
/// be read at all is removed.
void quarantine_row(write_batch& batch, const database& db, column where, const std::string& key,
                    const storage_logger& log);

} // namespace offstage

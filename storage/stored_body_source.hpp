// SPDX-License-Identifier: MIT
#pragma once

// Streams a stored body out: reads one record whenever it is pulled, from a view of the database
// that was taken when the body was found, so removing the entry meanwhile does not break the
// reader. One actor per reader; the consumer's handle keeps it alive, its cache_storage actor ends
// it when storage closes.

#include <functional>
#include <string>

#include <caf/actor_system.hpp>

#include "protocol/body.hpp"
#include "storage/database.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

/// Called at most once, on the source's thread, with the key of a record that is missing or
/// damaged.
using damage_reporter = std::function<void(const std::string& record_key)>;

/// Reads `content`, which is in records.
body_source_actor spawn_stored_body_source(caf::actor_system& system, database_ptr db,
                                           database_view_ptr view, stored_body content,
                                           damage_reporter report);

} // namespace offstage

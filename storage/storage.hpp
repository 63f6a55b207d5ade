// SPDX-License-Identifier: MIT
#pragma once

// Everything on disk behind one actor: registrations, scripts, and a cache_storage actor per
// storage key. Lives in the node's process and owns its writer, its write pipeline and its
// cache_storage actors; when it exits they exit, and the database closes once their last stream is
// gone. What was acknowledged as durable is on disk then.

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include "protocol/actors.hpp"
#include "storage/options.hpp"

namespace offstage {

/// Opens the data directory, puts it in order and spawns the actors. Blocks while it does; call it
/// at the start of the node. Errors: refused (in use, or written by a newer version), corrupted,
/// io_failed; the context names the directory and is fit to be shown.
caf::expected<storage_actor> spawn_storage(caf::actor_system& system, storage_options options,
                                           storage_logger log);

} // namespace offstage

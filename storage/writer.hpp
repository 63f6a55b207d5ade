// SPDX-License-Identifier: MIT
#pragma once

// The one actor that writes: takes batches in order, commits what has piled up as one write, and
// acknowledges by durability. Has a thread of its own, because RocksDB stalls writers when its disk
// is slow. Owned by the storage actor, in the node's process. When it dies, everything that waits
// for it fails as closed. When a write fails, it tries now and then to bring the database back;
// until then every writer gets the error and readers go on.

#include <caf/actor_system.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocol/atoms.hpp"
#include "storage/database.hpp"
#include "storage/options.hpp"

namespace offstage {

using writer_actor = caf::typed_actor<
    // Commits the batch after everything that was sent before it. Errors: io_failed, corrupted.
    caf::replies_to<store_atom, write_batch_ptr, durability>::with<bool>,
    // To itself: commits what has piled up.
    caf::reacts_to<run_atom>>;

writer_actor spawn_writer(caf::actor_system& system, database_ptr db, writer_thread thread,
                          storage_logger log);

/// What a failed request to the writer means for whoever asked: CAF's own errors become closed.
caf::error write_failure(const caf::error& err);

} // namespace offstage

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::write_batch_ptr)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::durability)

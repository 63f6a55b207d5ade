// SPDX-License-Identifier: MIT
#pragma once

// Takes the bodies of puts in: pulls their sources by credit, cuts them into records, hands those
// to the writer, and answers when all bodies of a put are there. No thread ever waits for a
// producer; a slow or dead one parks its own put and nothing else. What has arrived but is not
// written yet is bounded by limits::write_window_bytes, whatever the sizes. If one body of a put
// fails, the others are cancelled and what was written of them is removed; records of a put that
// is not committed stand in the table of pending bodies, from which a restart collects them.
// Owned by the storage actor, in the node's process.

#include <atomic>
#include <memory>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocol/atoms.hpp"
#include "protocol/body.hpp"
#include "storage/quota.hpp"
#include "storage/value_codec.hpp"
#include "storage/writer.hpp"

namespace offstage {

/// The next body id. Ids of bodies that are gone may be given again after a restart only.
using body_counter = std::shared_ptr<std::atomic<uint64_t>>;

/// The bodies of one put, in order.
struct body_intake {
  std::vector<body> bodies;
  quota_account_ptr account;
};

/// Where they are, in the same order. The reservation ends with the last copy of this.
struct arrived_bodies {
  std::vector<stored_body> bodies;
  std::shared_ptr<quota_reservation> reservation;
};

using write_pipeline_actor = caf::typed_actor<
    // Answers when every body is stored. They stay pending until the put's rows are committed with
    // adopt_bodies, or are given up with discard_bodies. Errors: body_failed, quota_exceeded,
    // refused, io_failed, closed.
    caf::replies_to<store_atom, body_intake>::with<arrived_bodies>>;

write_pipeline_actor spawn_write_pipeline(caf::actor_system& system, writer_actor writer,
                                          body_counter ids);

/// Adds to the batch what makes an arrived body a part of the rows in the same batch.
void adopt_body(write_batch& batch, const stored_body& content);

/// Adds to the batch what removes a body and its records.
void discard_body(write_batch& batch, const stored_body& content);

} // namespace offstage

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::body_intake)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::arrived_bodies)

// SPDX-License-Identifier: MIT
#pragma once

// Fetches one script and reads its body to the end. Spawned for one fetch; quits after its answer
// or with its owner.

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include "protocol/actors.hpp"

namespace offstage {

struct fetched_script {
  fetch_response head; ///< Without its body.
  shared_bytes bytes;
};

using script_fetch_actor = caf::typed_actor<
    // Errors: type_error (network error, too long); what its status and type are worth is up to who
    // asks.
    caf::replies_to<fetch_atom, fetch_request>::with<fetched_script>,
    // Its own timer.
    caf::reacts_to<tick_atom>>;

script_fetch_actor spawn_script_fetch(caf::actor_system& system, network_fetcher_actor fetcher);

} // namespace offstage

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::fetched_script)

// SPDX-License-Identifier: MIT
#pragma once

// The script's thread of an eval run as an actor: to the instance_parent it is the worker process
// and the instance in it, so that calls and streams of the script take the path that those of a
// worker take. What comes back goes into the inbox. Owned by eval_services; when its
// instance_parent dies the inbox is told.

#include <future>
#include <memory>

#include <caf/error.hpp>
#include <caf/fwd.hpp>

#include "actors/script_thread.hpp"
#include "app/eval_inbox.hpp"
#include "protocol/actors.hpp"

namespace offstage {

using eval_bridge_actor = instance_child_actor::extend<
    // From the instance_parent: the instance is wanted.
    caf::replies_to<spawn_atom, instance_constructor,
                    instance_parent_actor>::with<instance_child_actor>,
    // From the script's thread: a call, one for which it waits, and the end of its interest.
    caf::reacts_to<call_atom, call_id, service_request>,
    caf::reacts_to<call_atom, import_ticket_ptr>, caf::reacts_to<abort_atom, call_id>,
    // From the script's thread: pulls or cancels a stream of the parent.
    caf::reacts_to<get_atom, stream_id, uint32_t>, caf::reacts_to<remove_atom, stream_id>,
    // From the script's thread: what was pulled from a stream of the script.
    caf::reacts_to<provide_atom, stream_id, body_chunk>,
    caf::reacts_to<provide_atom, stream_id, caf::error>>;

/// `connected` is fulfilled when the instance_parent has its instance: messages sent to the bridge
/// later reach it after that.
eval_bridge_actor spawn_eval_bridge(caf::actor_system& system, eval_inbox_ptr inbox,
                                    std::shared_ptr<std::promise<void>> connected);

} // namespace offstage

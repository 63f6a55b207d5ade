// SPDX-License-Identifier: MIT
#pragma once

// One event in the parent. Spawned and owned by its service_worker_private, which keeps its
// deadline and its keep-alive token. It survives the death of instances (its event may be
// dispatched again) and quits when it is settled. If its owner ends first, the event is settled as
// terminated.

#include <caf/fwd.hpp>

#include "protocol/actors.hpp"

namespace offstage {

struct event_parent_arguments {
  event_id id{0};
  worker_event event;
  uint32_t attempts_max = 1;
  service_worker_private_actor owner;
  instance_parent_actor instance; ///< Where it starts once somebody waits; null: at start_atom.
};

/// Whoever spawns it sends dispatch_atom or fetch_atom next, or start_atom if nobody waits.
event_parent_actor spawn_event_parent(caf::actor_system& system, event_parent_arguments arguments);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The note's ServiceWorkerInstanceSpawner. Owned by whoever wires the node. Launches a process when
// the first worker of its name wants one, ends it when the last has gone. A process that died is
// forgotten at once; the next worker gets a fresh one. Its own death ends all processes.

#include <caf/fwd.hpp>

#include "actors/process_table.hpp"
#include "protocol/actors.hpp"

namespace offstage {

instance_spawner_actor spawn_instance_spawner(caf::actor_system& system, spawn_strategy strategy,
                                              process_launcher_actor launcher);

} // namespace offstage

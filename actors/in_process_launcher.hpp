// SPDX-License-Identifier: MIT
#pragma once

// The launcher of the strategy in_process: a "process" is a worker_process actor of its own in the
// parent's process. For embedding without isolation and for scenarios; the note calls it the main
// process stop-gap.

#include <caf/fwd.hpp>

#include "actors/script_thread.hpp"
#include "protocol/actors.hpp"

namespace offstage {

process_launcher_actor spawn_in_process_launcher(caf::actor_system& system, worker_factory factory,
                                                 script_threads threads);

} // namespace offstage

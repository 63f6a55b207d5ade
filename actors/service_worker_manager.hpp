// SPDX-License-Identifier: MIT
#pragma once

// The root of the tree: owns all registrations and their job queues. Lives in the parent only, once
// per node; app/ spawns it. Its death ends all workers, and the node.

#include <caf/fwd.hpp>

#include "actors/services.hpp"

namespace offstage {

service_worker_manager_actor spawn_service_worker_manager(caf::actor_system& system,
                                                          manager_services services,
                                                          actor_options_ptr options);

} // namespace offstage

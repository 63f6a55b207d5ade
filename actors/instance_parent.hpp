// SPDX-License-Identifier: MIT
#pragma once

// One running instance as the parent sees it. Owned by its service_worker_private. The only actor
// of the parent that a worker process can address for this instance, so everything it hears from
// there is checked: what no correct child can say ends the process. Quits when the child, its
// process, or the link dies; its owner settles the events.

#include <caf/fwd.hpp>

#include "actors/services.hpp"

namespace offstage {

struct instance_parent_arguments {
  instance_constructor constructor;
  worker_process process;
  worker_services services;
  service_worker_private_actor owner;
};

instance_parent_actor spawn_instance_parent(caf::actor_system& system,
                                            instance_parent_arguments arguments);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The service worker clients of the node. Lives in the parent, once; app/ spawns it. Nothing of it
// is stored: after its death or a restart pages are clients again with their next request.

#include <caf/fwd.hpp>

#include "protocol/actors.hpp"

namespace offstage {

clients_actor spawn_clients(caf::actor_system& system);

} // namespace offstage

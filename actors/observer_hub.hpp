// SPDX-License-Identifier: MIT
#pragma once

// Hands every lifecycle note to all subscribed observers. Owned by the manager; a dead observer is
// forgotten.

#include <caf/fwd.hpp>

#include "protocol/actors.hpp"

namespace offstage {

using observer_hub_actor = observer_actor::extend<caf::reacts_to<subscribe_atom, observer_actor>>;

observer_hub_actor spawn_observer_hub(caf::actor_system& system);

} // namespace offstage

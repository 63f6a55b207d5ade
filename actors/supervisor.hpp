// SPDX-License-Identifier: MIT
#pragma once

// Watches the actors without which a node cannot work (storage, network fetcher, clients, spawner,
// manager). None of them can be restarted under the actors that hold its handle, so the first death
// ends the node: the supervisor tells why, once. What may die and come back (processes, instances,
// registrations) is watched by its owner, with its own limits. Owned by app/.

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include <caf/actor.hpp>
#include <caf/actor_addr.hpp>
#include <caf/fwd.hpp>

namespace offstage {

/// A name for the log and the address of the actor it stands for.
using essential_actor = std::pair<std::string, caf::actor_addr>;

/// The callback runs in the supervisor; it has to return at once. Keep the handle: CAF ends an
/// actor that nobody refers to, and watching is no reference.
caf::actor spawn_supervisor(caf::actor_system& system, std::vector<essential_actor> essentials,
                            std::function<void(const std::string& why)> on_loss);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Registers the service worker of each configured site when the node starts, and again, with
// growing pauses, while its upstream does not answer. Meanwhile what is in storage serves. One
// actor for all sites; lives in the node.

#include <string>
#include <vector>

#include <caf/actor.hpp>
#include <caf/fwd.hpp>

#include "app/log.hpp"
#include "protocol/actors.hpp"

namespace offstage {

/// The log has to outlive the actor. Quits once every site is registered.
caf::actor spawn_site_registrar(caf::actor_system& sys, service_worker_manager_actor manager,
                                std::vector<registration_request> requests, log& to);

} // namespace offstage

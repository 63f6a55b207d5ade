// SPDX-License-Identifier: MIT
#pragma once

// Tells the operator what happens to the workers: an observer of the manager that writes one log
// line per note. Lives in the node; its death silences the log and harms nothing.

#include <caf/fwd.hpp>

#include "app/log.hpp"
#include "protocol/actors.hpp"

namespace offstage {

/// The log has to outlive the actor.
observer_actor spawn_terminal(caf::actor_system& sys, log& to);

/// One line for a note, without time and level.
std::string to_line(const lifecycle_note& note);

} // namespace offstage

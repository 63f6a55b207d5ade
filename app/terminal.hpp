// SPDX-License-Identifier: MIT
#pragma once

// Tells the operator what happens to the workers: an observer of the manager that writes one log
// line per note. Lives in the node; its death silences the log and harms nothing.

#include <functional>
#include <string>
#include <string_view>

#include <caf/fwd.hpp>

#include "config/options.hpp"
#include "protocol/actors.hpp"

namespace offstage {

/// Where the lines go; called from any thread, for as long as the actor lives.
using line_writer = std::function<void(log_level, std::string_view)>;

observer_actor spawn_terminal(caf::actor_system& sys, line_writer to);

/// One line for a note, without time and level.
std::string to_line(const lifecycle_note& note);

} // namespace offstage

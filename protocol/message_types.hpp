// SPDX-License-Identifier: MIT
#pragma once

// The single registration point of everything that travels in a message.

#include <caf/fwd.hpp>

namespace offstage {

/// Adds message types and error renderers to a configuration. Call it once, in its constructor.
void register_protocol(caf::actor_system_config& config);

} // namespace offstage

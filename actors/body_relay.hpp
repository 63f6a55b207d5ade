// SPDX-License-Identifier: MIT
#pragma once

// A body that the script of an instance feeds, as a source in the parent. Spawned by the
// instance_parent; ends after the last chunk, an error, a cancel, when its consumer dies, or when
// the instance does (with worker_terminated).

#include <caf/fwd.hpp>

#include "protocol/actors.hpp"

namespace offstage {

body_source_actor spawn_body_relay(caf::actor_system& system, instance_parent_actor instance,
                                   stream_id stream);

} // namespace offstage

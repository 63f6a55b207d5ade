// SPDX-License-Identifier: MIT
#pragma once

// Ends processes and collects them, so that none stays a zombie: send it a child_process_ptr. Owned
// by the process launcher; when it quits it kills what is left and waits for it.

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>

#include "app/link/child_process.hpp"

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::child_process_ptr)

namespace offstage {

caf::actor spawn_process_reaper(caf::actor_system& system);

} // namespace offstage

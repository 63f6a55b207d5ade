// SPDX-License-Identifier: MIT
#pragma once

// Instances without a script: they send bytes back, make bytes, and try what a worker process may
// not do.

#include <memory>

#include <caf/actor_system.hpp>

#include "protocol/actors.hpp"

namespace offstage::test {

/// A root actor whose instances echo.
worker_process_actor spawn_echo_process(caf::actor_system& system, std::shared_ptr<byte_link> link);

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#pragma once

// The worker process of link_bench: instances that answer and make bytes, without a script.

#include <memory>

#include <caf/actor_system.hpp>

#include "protocol/actors.hpp"

namespace offstage::bench {

worker_process_actor spawn_bench_process(caf::actor_system& system,
                                         std::shared_ptr<byte_link> link);

} // namespace offstage::bench

// SPDX-License-Identifier: MIT
#pragma once

// The root actor of a worker process (and of the stand-in for one in the parent's own process).
// Owns the instances of the process. Its death ends all of them; a child's main ends with it.

#include <memory>

#include <caf/fwd.hpp>

#include "actors/script_thread.hpp"
#include "protocol/actors.hpp"

namespace offstage {

struct worker_process_arguments {
  worker_factory factory;
  std::shared_ptr<byte_link> link;
  script_threads threads = script_threads::detached;
};

worker_process_actor spawn_worker_process(caf::actor_system& system,
                                          worker_process_arguments arguments);

} // namespace offstage

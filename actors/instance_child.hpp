// SPDX-License-Identifier: MIT
#pragma once

// One running instance in its process: owns the script thread and watches it, and is never blocked
// by it. Spawned by worker_process. Quits when its instance_parent dies or asks, when the script
// thread ends, or when a script does not return in time; the script is interrupted first.

#include <memory>

#include <caf/fwd.hpp>

#include "actors/script_thread.hpp"
#include "protocol/actors.hpp"

namespace offstage {

struct instance_child_arguments {
  instance_constructor constructor;
  instance_parent_actor parent;
  worker_factory factory;
  std::shared_ptr<byte_link> link;
  script_threads threads = script_threads::detached;
};

instance_child_actor spawn_instance_child(caf::actor_system& system,
                                          instance_child_arguments arguments);

} // namespace offstage

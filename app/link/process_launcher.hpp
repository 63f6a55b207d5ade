// SPDX-License-Identifier: MIT
#pragma once

// The process_launcher actor: starts worker processes, connects to them and watches them. It holds
// every process it started; a process whose link or root actor is gone is killed and reaped. When
// the launcher quits, all its processes are ended.

#include <chrono>
#include <functional>
#include <memory>
#include <string>

#include <caf/actor_system.hpp>

#include "app/link/process_source.hpp"
#include "config/limits.hpp"
#include "protocol/actors.hpp"

namespace offstage {

struct launch_options {
  /// Where processes come from; the default executes this program.
  std::shared_ptr<process_source> source = std::make_shared<exec_process_source>();

  /// From start to the root actor's announcement.
  std::chrono::milliseconds start_time_max = limits::start_time_max;

  size_t processes_max = limits::processes_max;

  /// Called when a link ended, with the process's label and why; an empty reason means that the
  /// process ended by itself or was killed by the node. From any thread.
  std::function<void(int32_t pid, const std::string& label, const std::string& reason)> on_lost;
};

/// Call it in the thread that made the system (see basp_broker_of), which must outlive the
/// launcher. Also raises the soft limit of open descriptors to the hard one.
process_launcher_actor spawn_process_launcher(caf::actor_system& system, launch_options options);

} // namespace offstage

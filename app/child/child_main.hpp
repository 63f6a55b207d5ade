// SPDX-License-Identifier: MIT
#pragma once

// A worker process: sandbox, actor system, root actor, link to the parent. It lives as long as its
// link and its parent; it has nothing to save, so it ends without cleaning up.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <caf/fwd.hpp>

#include "protocol/actors.hpp"
#include "protocol/byte_link.hpp"

namespace offstage {

/// Spawns the root actor of the process.
using worker_process_factory =
    std::function<worker_process_actor(caf::actor_system&, std::shared_ptr<byte_link>)>;

struct child_options {
  int32_t parent_pid = 0;
  int socket = -1;

  /// Heaps of all workers of the process.
  size_t heap_bytes = 0;

  /// For debugging only: error output reaches the node's.
  bool keep_stderr = false;
};

/// Options with the limits of the house.
child_options default_child_options(int32_t parent_pid, int socket);

/// Exit statuses before the link is up; the launcher reports them.
inline constexpr int exit_bad_arguments = 64;
inline constexpr int exit_no_sandbox = 71;

/// What the actor system of a worker process is made with. Making it takes a third of a millisecond
/// and no thread, so a zygote does it once.
std::unique_ptr<caf::actor_system_config> make_child_config();

/// Runs a worker process. Needs a process with one thread.
[[noreturn]] void run_child(const child_options& options, const worker_process_factory& factory,
                            caf::actor_system_config& config);

/// The worker process as a program: `program [arguments...] parent-pid` with the socket as
/// descriptor worker_socket, as exec_process_source starts it.
[[noreturn]] void child_main(int argc, char** argv, const worker_process_factory& factory);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Where worker processes come from. Called by the process launcher only; may block for as long as a
// fork takes.

#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "app/link/child_process.hpp"
#include "app/link/descriptor.hpp"

namespace offstage {

class process_source {
public:
  virtual ~process_source() = default;

  /// Starts a process that owns `socket`. Errors: launch_failed.
  virtual caf::expected<child_process_ptr> start(const std::string& label, descriptor socket) = 0;
};

/// Executes a program: `executable [label] arguments... parent-pid`, the socket as descriptor
/// worker_socket, an empty environment, no other descriptor but the standard ones.
class exec_process_source final : public process_source {
public:
  explicit exec_process_source(std::string executable = "/proc/self/exe",
                               std::vector<std::string> arguments = {"--worker-process"});

  caf::expected<child_process_ptr> start(const std::string& label, descriptor socket) override;

private:
  const std::string executable_;
  const std::vector<std::string> arguments_;
};

/// The descriptor under which an executed worker process finds its socket.
inline constexpr int worker_socket = 3;

/// The label as a process list may show it: printable, of bounded length.
std::string process_title(const std::string& label);

} // namespace offstage

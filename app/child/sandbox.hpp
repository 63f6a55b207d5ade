// SPDX-License-Identifier: MIT
#pragma once

// What a worker process gives up before it runs a script: its files, environment and capabilities,
// new privileges, most of its resource limits and, by a system call filter with a list of what is
// allowed, everything that reaches beyond its memory, its threads and its socket. A call that is
// not on the list fails with EPERM. Applies to the calling process while it has one thread; cannot
// be taken back.

#include <cstddef>
#include <cstdint>
#include <string>

namespace offstage {

struct sandbox_options {
  /// The process that has to be the parent; its death ends this process at once.
  int32_t parent_pid = 0;

  /// The socket to keep; moved to the lowest free place after the standard descriptors.
  int socket = -1;

  size_t address_space_bytes = 0;

  /// Otherwise nothing of this process reaches the node's terminal, where escape sequences do harm.
  bool keep_stderr = false;
};

/// Returns the kept socket, or -1 with the failed step in `failure`.
int enter_sandbox(const sandbox_options& options, std::string& failure);

} // namespace offstage

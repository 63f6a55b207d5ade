// SPDX-License-Identifier: MIT
#pragma once

// A process of the operating system that the node started: signalled and reaped through a pidfd,
// so never confused with a later process of the same id. Thread-safe. Destroying the handle of a
// running process kills it and does not wait.

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "app/link/descriptor.hpp"

namespace offstage {

class child_process {
public:
  /// Who has to collect the exit status: this process, or the zygote that forked it.
  enum class reaper : uint8_t { self, zygote };

  child_process(int32_t pid, descriptor pidfd, reaper who);
  ~child_process();

  int32_t pid() const { return pid_; }

  /// SIGKILL. Does nothing to a process that ended.
  void kill();

  /// True once the process ended; collects its status. Never blocks.
  bool ended();

  /// Blocks until the process ended; kill() it first.
  void wait();

  /// "exit status 3", "signal 9", or empty while it runs or when only the zygote knows.
  std::string fate() const;

private:
  void collect();

  const int32_t pid_;
  const descriptor pidfd_;
  const reaper reaper_;
  mutable std::mutex mutex_;
  bool ended_ = false;
  std::string fate_;
};

using child_process_ptr = std::shared_ptr<child_process>;

} // namespace offstage

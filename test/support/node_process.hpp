// SPDX-License-Identifier: MIT
#pragma once

// A real node for process tests: runs the built `offstage`, reads what it prints line by line, and
// ends it. Every wait has a limit; running into one fails the test with everything the node
// printed.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace offstage::test {

class node_process {
public:
  /// Starts the program with these arguments ("serve", "--gateway.port=0", ...).
  explicit node_process(std::vector<std::string> arguments);
  ~node_process();
  node_process(const node_process&) = delete;
  node_process& operator=(const node_process&) = delete;

  pid_t pid() const { return pid_; }

  /// The port in the line that says what to open. Lines before it can still be waited for.
  uint16_t port();

  /// Waits for a line that contains `text`, among those not waited for yet, and returns it.
  std::string wait_for(std::string_view text,
                       std::chrono::seconds limit = std::chrono::seconds{20});

  /// The process id at the end of the next "runs in process N" line.
  pid_t wait_for_worker();

  /// Worker processes that exist, also those that are starting. The zygote is none.
  std::vector<pid_t> workers() const;

  /// Waits for a worker process that is not in `known`.
  pid_t wait_for_worker_besides(const std::vector<pid_t>& known) const;

  /// Everything read so far.
  const std::string& output() const { return output_; }

  /// Reads what was printed up to now.
  void drain_output();

  void signal(int number);

  /// Waits for the end and gives the exit code, or 128 + signal number.
  int wait_for_exit(std::chrono::seconds limit = std::chrono::seconds{20});

private:
  bool read_more(std::chrono::steady_clock::time_point deadline);

  pid_t pid_ = -1;
  int output_fd_ = -1;
  std::string output_;
  size_t seen_ = 0;
  std::optional<int> exit_code_;
};

/// True while a process with this id exists and is not a zombie.
bool is_alive(pid_t pid);

/// Stops the process (SIGSTOP) and waits until none of its threads runs; false if one still does
/// after the limit.
bool stop_process(pid_t pid, std::chrono::seconds limit = std::chrono::seconds{10});

/// Waits until the process is gone; false if it is still there after the limit.
bool wait_until_gone(pid_t pid, std::chrono::seconds limit = std::chrono::seconds{10});

/// Resident memory in KiB; 0 if there is no such process.
uint64_t resident_kib(pid_t pid);

/// The most resident memory that the process has had, in KiB; 0 if there is no such process.
uint64_t peak_resident_kib(pid_t pid);

/// Children of the process, their children and so on.
std::vector<pid_t> descendants_of(pid_t pid);

/// Name of the process as the kernel has it, at most 15 bytes.
std::string name_of(pid_t pid);

} // namespace offstage::test

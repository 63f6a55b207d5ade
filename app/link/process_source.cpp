// SPDX-License-Identifier: MIT
#include "app/link/process_source.hpp"

#include <array>
#include <cstring>

#include "config/limits.hpp"
#include "protocol/errors.hpp"

#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace offstage {

namespace {

/// posix_spawn's two tables: the socket in its place and everything above it closed, signals as at
/// the start of a program.
class spawn_setup {
public:
  explicit spawn_setup(int socket) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, socket, worker_socket);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, worker_socket + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t signals;
    ::sigemptyset(&signals);
    ::posix_spawnattr_setsigmask(&attributes_, &signals);
    ::sigfillset(&signals);
    ::posix_spawnattr_setsigdefault(&attributes_, &signals);
    ::posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  spawn_setup(const spawn_setup&) = delete;
  spawn_setup& operator=(const spawn_setup&) = delete;
  ~spawn_setup() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }

  const posix_spawn_file_actions_t* actions() const { return &actions_; }
  const posix_spawnattr_t* attributes() const { return &attributes_; }

private:
  posix_spawn_file_actions_t actions_;
  posix_spawnattr_t attributes_;
};

caf::error launch_failed(const std::string& what, int error) {
  return fail(node_error::launch_failed, what + ": " + std::strerror(error));
}

} // namespace

std::string process_title(const std::string& label) {
  auto text = label.substr(0, limits::process_label_bytes_max);
  for (auto& c : text)
    if (c < ' ' || c > '~')
      c = '?';
  return "offstage-worker [" + text + "]";
}

exec_process_source::exec_process_source(std::string executable, std::vector<std::string> arguments)
    : executable_(std::move(executable)), arguments_(std::move(arguments)) {}

caf::expected<child_process_ptr> exec_process_source::start(const std::string& label,
                                                            descriptor socket) {
  std::vector<std::string> words{process_title(label)};
  words.insert(words.end(), arguments_.begin(), arguments_.end());
  words.push_back(std::to_string(::getpid()));
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  std::array<char*, 1> environment{nullptr};
  spawn_setup setup{socket.get()};
  pid_t pid = -1;
  auto error = ::posix_spawn(&pid, executable_.c_str(), setup.actions(), setup.attributes(),
                             argv.data(), environment.data());
  if (error != 0)
    return launch_failed("cannot execute " + executable_, error);
  // The process cannot be reaped before its handle exists, so its id is still its own.
  descriptor pidfd{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
  if (!pidfd) {
    auto reason = errno;
    ::kill(pid, SIGKILL);
    return launch_failed("cannot watch a worker process", reason);
  }
  return std::make_shared<child_process>(pid, std::move(pidfd), child_process::reaper::self);
}

} // namespace offstage

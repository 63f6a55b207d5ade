// SPDX-License-Identifier: MIT
#include "app/child/zygote.hpp"

#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <thread>

#include <caf/actor_system_config.hpp>

#include "app/link/descriptor_message.hpp"
#include "config/limits.hpp"
#include "protocol/errors.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace offstage {

namespace {

caf::error launch_failed(const std::string& what) {
  return fail(node_error::launch_failed, "zygote: " + what + ": " + std::strerror(errno));
}

size_t thread_count() {
  std::error_code error;
  std::filesystem::directory_iterator tasks{"/proc/self/task", error};
  return error ? 0 : static_cast<size_t>(std::distance(begin(tasks), end(tasks)));
}

// The kernel lists a thread for a moment after it was joined.
bool has_one_thread() {
  const auto deadline = std::chrono::steady_clock::now() + limits::thread_exit_max;
  while (thread_count() != 1) {
    if (std::chrono::steady_clock::now() > deadline)
      return false;
    std::this_thread::yield();
  }
  return true;
}

descriptor watch(pid_t pid) {
  return descriptor{static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))};
}

/// The zygote's own life, after its fork.
class zygote_process {
public:
  zygote_process(int control, pid_t node, const zygote_options& options)
      : control_(control), options_(options) {
    if (::prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || ::getppid() != node)
      ::_exit(exit_no_sandbox);
    ::prctl(PR_SET_NAME, "offstage-zygote");
    keep_only_control();
    // Worker processes that end are collected by the kernel.
    ::signal(SIGCHLD, SIG_IGN);
    if (options_.preload)
      options_.preload();
  }

  [[noreturn]] void serve() {
    for (;;) {
      auto request = receive_message(control_);
      if (!request)
        ::_exit(0);
      if (request->fd)
        fork_child(*request);
    }
  }

private:
  void keep_only_control() {
    if (control_ != worker_socket)
      ::dup2(control_, worker_socket);
    control_ = worker_socket;
    ::fcntl(control_, F_SETFD, FD_CLOEXEC);
    ::close_range(static_cast<unsigned>(control_) + 1, ~0U, 0);
  }

  void fork_child(const descriptor_message& request) {
    auto zygote_pid = ::getpid();
    auto pid = ::fork();
    if (pid == 0)
      become_child(zygote_pid, request);
    // Ended children vanish at once (SIGCHLD is ignored), in which case there is nothing to watch.
    auto pidfd = pid > 0 ? watch(pid) : descriptor{};
    auto answered = pidfd ? send_message(control_, std::to_string(pid), pidfd.get())
                          : send_message(control_, "0", control_);
    if (!answered)
      ::_exit(0);
  }

  [[noreturn]] void become_child(pid_t zygote_pid, const descriptor_message& request) {
    ::signal(SIGCHLD, SIG_DFL);
    ::prctl(PR_SET_NAME, request.text.c_str());
    run_child(default_child_options(zygote_pid, request.fd.get()), options_.factory, *config_);
  }

  int control_;
  const zygote_options& options_;
  std::unique_ptr<caf::actor_system_config> config_ = make_child_config();
};

} // namespace

caf::expected<std::shared_ptr<zygote>> zygote::start(zygote_options options) {
  if (!has_one_thread())
    return fail(node_error::launch_failed, "zygote: the process has several threads already");
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds.data()) != 0)
    return launch_failed("socketpair");
  descriptor ours{fds[0]};
  descriptor theirs{fds[1]};
  auto node = ::getpid();
  auto pid = ::fork();
  if (pid == 0)
    zygote_process{theirs.get(), node, options}.serve();
  if (pid < 0)
    return launch_failed("fork");
  auto process = std::make_shared<child_process>(pid, watch(pid), child_process::reaper::self);
  return std::make_shared<zygote>(std::move(ours), std::move(process), std::move(options.fallback));
}

zygote::zygote(descriptor control, child_process_ptr process,
               std::unique_ptr<process_source> fallback)
    : control_(std::move(control)), process_(std::move(process)), fallback_(std::move(fallback)) {}

zygote::~zygote() {
  process_->kill();
  process_->wait();
}

caf::expected<child_process_ptr> zygote::start(const std::string& label, descriptor socket) {
  if (usable_) {
    auto process = fork_child(label, socket.get());
    if (process)
      return process;
    // An answer that comes late would be taken for that of the next request.
    usable_ = false;
    process_->kill();
    if (!fallback_)
      return process;
  }
  if (fallback_)
    return fallback_->start(label, std::move(socket));
  return fail(node_error::launch_failed, "zygote: it ended");
}

caf::expected<child_process_ptr> zygote::fork_child(const std::string& label, int socket) {
  if (!send_message(control_.get(), process_title(label), socket))
    return fail(node_error::launch_failed, "zygote: it ended");
  auto answer = receive_message(control_.get(), limits::fork_time_max);
  if (!answer)
    return fail(node_error::launch_failed, "zygote: " + context_of(answer.error()));
  pid_t pid = 0;
  std::from_chars(answer->text.data(), answer->text.data() + answer->text.size(), pid);
  if (pid <= 0 || !answer->fd)
    return fail(node_error::launch_failed, "zygote: it cannot fork");
  return std::make_shared<child_process>(pid, std::move(answer->fd), child_process::reaper::zygote);
}

} // namespace offstage

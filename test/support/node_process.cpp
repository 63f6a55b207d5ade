// SPDX-License-Identifier: MIT
#include "test/support/node_process.hpp"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>
#include <utility>

#include <doctest/doctest.h>

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

extern char** environ;

namespace offstage::test {

using clock = std::chrono::steady_clock;

namespace {

/// The letter that the kernel gives a process or thread; zero if it is gone.
char state_in(const std::filesystem::path& stat) {
  std::ifstream file{stat};
  std::string line;
  std::getline(file, line);
  const auto name_end = line.rfind(')');
  return name_end == std::string::npos || name_end + 2 >= line.size() ? '\0' : line[name_end + 2];
}

uint64_t status_kib(pid_t pid, std::string_view field) {
  std::ifstream status{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string line; std::getline(status, line);)
    if (line.starts_with(field))
      return std::stoull(line.substr(field.size()));
  return 0;
}

/// 0 if there is no such process, or a zombie.
pid_t parent_of(pid_t pid) {
  std::ifstream stat{"/proc/" + std::to_string(pid) + "/stat"};
  std::string line;
  std::getline(stat, line);
  const auto name_end = line.rfind(')');
  if (name_end == std::string::npos || line[name_end + 2] == 'Z')
    return 0;
  return std::stoi(line.substr(name_end + 4));
}

} // namespace

node_process::node_process(std::vector<std::string> arguments) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  arguments.insert(arguments.begin(), OFFSTAGE_PROGRAM);
  std::vector<char*> argv;
  for (auto& argument : arguments)
    argv.push_back(argument.data());
  argv.push_back(nullptr);
  const int outcome = ::posix_spawn(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  output_fd_ = ends[0];
  REQUIRE(outcome == 0);
}

node_process::~node_process() {
  if (!exit_code_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  ::close(output_fd_);
}

bool node_process::read_more(clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - clock::now());
  pollfd entry{output_fd_, POLLIN, 0};
  if (left.count() <= 0 || ::poll(&entry, 1, static_cast<int>(left.count())) <= 0)
    return false;
  char buffer[4096];
  const auto count = ::read(output_fd_, buffer, sizeof buffer);
  if (count <= 0)
    return false;
  output_.append(buffer, static_cast<size_t>(count));
  return true;
}

std::string node_process::wait_for(std::string_view text, std::chrono::seconds limit) {
  const auto deadline = clock::now() + limit;
  for (;;) {
    for (auto end = output_.find('\n', seen_); end != std::string::npos;
         end = output_.find('\n', seen_)) {
      auto line = output_.substr(seen_, end - seen_);
      seen_ = end + 1;
      if (line.find(text) != std::string::npos)
        return line;
    }
    if (!read_more(deadline)) {
      FAIL("no line with '" << text << "'; the node printed:\n" << output_);
      return {};
    }
  }
}

uint16_t node_process::port() {
  const auto seen = std::exchange(seen_, 0);
  const auto line = wait_for("open http://");
  seen_ = seen;
  return static_cast<uint16_t>(std::stoi(line.substr(line.rfind(':') + 1)));
}

pid_t node_process::wait_for_worker() {
  const auto line = wait_for("runs in process ");
  return std::stoi(line.substr(line.rfind(' ') + 1));
}

std::vector<pid_t> node_process::workers() const {
  auto all = descendants_of(pid_);
  // A fork of the zygote has its name until it has taken its own.
  std::erase_if(all, [this](pid_t pid) {
    return name_of(pid) == "offstage-zygote" && parent_of(pid) == pid_;
  });
  return all;
}

pid_t node_process::wait_for_worker_besides(const std::vector<pid_t>& known) const {
  const auto deadline = clock::now() + std::chrono::seconds{20};
  while (clock::now() < deadline) {
    for (const auto pid : workers())
      if (std::ranges::find(known, pid) == known.end())
        return pid;
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  }
  FAIL("no worker process was started; the node printed:\n" << output_);
  return -1;
}

void node_process::drain_output() {
  while (read_more(clock::now() + std::chrono::milliseconds{5})) {
  }
}

void node_process::signal(int number) {
  if (!exit_code_)
    ::kill(pid_, number);
}

int node_process::wait_for_exit(std::chrono::seconds limit) {
  const auto deadline = clock::now() + limit;
  while (!exit_code_) {
    int status = 0;
    const auto waited = ::waitpid(pid_, &status, WNOHANG);
    if (waited == pid_) {
      exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
      while (read_more(clock::now() + std::chrono::milliseconds{100})) {
      }
    } else if (!read_more(clock::now() + std::chrono::milliseconds{20})
               && clock::now() > deadline) {
      FAIL("the node did not end; it printed:\n" << output_);
      return -1;
    }
  }
  return *exit_code_;
}

bool is_alive(pid_t pid) {
  const auto state = state_in("/proc/" + std::to_string(pid) + "/stat");
  return state != 0 && state != 'Z';
}

bool stop_process(pid_t pid, std::chrono::seconds limit) {
  ::kill(pid, SIGSTOP);
  const auto deadline = clock::now() + limit;
  const auto runs = [](const std::filesystem::directory_entry& thread) {
    return state_in(thread.path() / "stat") != 'T';
  };
  const std::filesystem::path threads = "/proc/" + std::to_string(pid) + "/task";
  while (std::ranges::any_of(std::filesystem::directory_iterator{threads}, runs)) {
    if (clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

bool wait_until_gone(pid_t pid, std::chrono::seconds limit) {
  const auto deadline = clock::now() + limit;
  while (is_alive(pid)) {
    if (clock::now() > deadline)
      return false;
    std::this_thread::sleep_for(std::chrono::milliseconds{2});
  }
  return true;
}

uint64_t resident_kib(pid_t pid) {
  return status_kib(pid, "VmRSS:");
}

uint64_t peak_resident_kib(pid_t pid) {
  return status_kib(pid, "VmHWM:");
}

std::vector<pid_t> descendants_of(pid_t pid) {
  std::vector<std::pair<pid_t, pid_t>> parents;
  for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
    const auto name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") == std::string::npos)
      parents.emplace_back(std::stoi(name), parent_of(std::stoi(name)));
  }
  std::vector<pid_t> found{pid};
  for (size_t next = 0; next < found.size(); ++next)
    for (const auto& [child, parent] : parents)
      if (parent == found[next])
        found.push_back(child);
  found.erase(found.begin());
  return found;
}

std::string name_of(pid_t pid) {
  std::ifstream comm{"/proc/" + std::to_string(pid) + "/comm"};
  std::string name;
  std::getline(comm, name);
  return name;
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#pragma once

// Runs `offstage eval` on scripts in a directory of its own and keeps what it said. A run that does
// not end is killed and shows as such.

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include <doctest/doctest.h>

#include "test/support/temp_directory.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace offstage::test {

struct eval_outcome {
  int code = -1; ///< The exit code, or 128 + signal number.
  std::string out;
  std::string err;

  bool says(std::string_view text) const { return err.find(text) != std::string::npos; }
};

struct eval_fixture {
  temp_directory root;

  std::string path(const std::string& name) const { return (root.path() / name).string(); }

  std::string write(const std::string& name, std::string_view text) const {
    std::ofstream{path(name), std::ios::binary} << text;
    return path(name);
  }

  static std::string read(const std::string& file) {
    std::ifstream stream{file, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
  }

  eval_outcome run(const std::vector<std::string>& arguments) const {
    return run_verb("eval", arguments);
  }

  eval_outcome run_verb(const std::string& verb, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {OFFSTAGE_PROGRAM, verb});
    const auto pid = spawn(arguments);
    int status = 0;
    REQUIRE(::waitpid(pid, &status, 0) == pid);
    eval_outcome outcome;
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.out = read(path("stdout"));
    outcome.err = read(path("stderr"));
    return outcome;
  }

  /// One script with these options.
  eval_outcome eval(std::string_view script, std::vector<std::string> options = {}) const {
    options.push_back(write("script.js", script));
    return run(std::move(options));
  }

  /// Starts the program with its output in files.
  pid_t spawn(const std::vector<std::string>& arguments) const {
    std::vector<char*> argv;
    for (const auto& argument : arguments)
      argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    constexpr int flags = O_WRONLY | O_CREAT | O_TRUNC;
    ::posix_spawn_file_actions_addopen(&actions, 0, path("stdin").c_str(), O_RDONLY | O_CREAT,
                                       0600);
    ::posix_spawn_file_actions_addopen(&actions, 1, path("stdout").c_str(), flags, 0600);
    ::posix_spawn_file_actions_addopen(&actions, 2, path("stderr").c_str(), flags, 0600);
    pid_t pid = -1;
    REQUIRE(::posix_spawn(&pid, OFFSTAGE_PROGRAM, &actions, nullptr, argv.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&actions);
    return pid;
  }
};

} // namespace offstage::test

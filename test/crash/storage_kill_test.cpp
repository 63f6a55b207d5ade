// SPDX-License-Identifier: MIT
// Kills a process that writes, at a random moment, and looks at what it left. The writer is this
// program itself, started with the name of a test case that is skipped otherwise.
#include <array>
#include <csignal>
#include <cstdlib>
#include <random>

#include <doctest/doctest.h>

#include "config/limits.hpp"
#include "test/unit/storage/body_producer.hpp"
#include "test/unit/storage/storage_house.hpp"

#include <sys/wait.h>
#include <unistd.h>

namespace offstage::test {

namespace {

constexpr auto directory_variable = "OFFSTAGE_TEST_KILL_DIRECTORY";

std::string url_of(uint64_t number) {
  return "https://a.example/" + std::to_string(number);
}

struct writer_process {
  pid_t pid = -1;
  int output = -1;
};

writer_process start_writer(const std::string& directory) {
  std::array<int, 2> pipe_ends{};
  REQUIRE(::pipe(pipe_ends.data()) == 0);
  const auto pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    ::dup2(pipe_ends[1], STDERR_FILENO);
    ::close(pipe_ends[0]);
    ::setenv(directory_variable, directory.c_str(), 1);
    ::execl("/proc/self/exe", "storage_kill", "--no-skip", "--test-case=the writer that is killed",
            nullptr);
    ::_exit(127);
  }
  ::close(pipe_ends[1]);
  return {pid, pipe_ends[0]};
}

/// Reads so many acknowledgements, one byte each; fewer if the writer ends.
uint64_t read_acknowledgements(int output, uint64_t count) {
  uint64_t seen = 0;
  char byte = 0;
  while (seen < count && ::read(output, &byte, 1) == 1)
    ++seen;
  return seen;
}

} // namespace

TEST_CASE("the writer that is killed" * doctest::skip()) {
  const auto* directory = std::getenv(directory_variable);
  if (directory == nullptr)
    return;
  storage_house house{{}, directory};
  const auto cache = house.open_cache("v1");
  for (uint64_t i = house.keys(cache).size();; ++i) {
    auto stored = entry(url_of(i), "");
    const auto length = i % 7 == 0 ? limits::body_record_bytes + i : i;
    stored.response.content = body::of(spawn_producer(house.system(), {length}));
    REQUIRE(house.put(cache, stored));
    if (::write(STDERR_FILENO, ".", 1) != 1)
      return;
  }
}

TEST_CASE("what was acknowledged before a kill -9 is there, and nothing half done") {
  std::mt19937_64 random{3};
  storage_house house;
  uint64_t before = 0;
  for (int round = 0; round < 10; ++round) {
    house.close();
    const auto writer = start_writer(house.directory());
    const auto acknowledged = read_acknowledgements(writer.output, 1 + random() % 60);
    ::kill(writer.pid, SIGKILL);
    int status = 0;
    REQUIRE(::waitpid(writer.pid, &status, 0) == writer.pid);
    ::close(writer.output);
    REQUIRE(WIFSIGNALED(status));
    house.open();
    const auto keys = house.keys(house.open_cache("v1"));
    CHECK(keys.size() >= before + acknowledged);
    for (size_t i = 0; i < keys.size(); ++i)
      CHECK(keys[i] == url_of(i));
    before = keys.size();
    CHECK(problems_of(house.audit()) == "");
  }
}

} // namespace offstage::test

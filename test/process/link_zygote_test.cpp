// SPDX-License-Identifier: MIT

#include <doctest/doctest.h>

#include "app/child/zygote.hpp"
#include "protocol/errors.hpp"
#include "test/process/link_child_instance.hpp"
#include "test/process/link_fixture.hpp"

#include <signal.h>

namespace offstage::test {

namespace {

zygote_options echoing() {
  zygote_options options;
  options.factory = spawn_echo_process;
  return options;
}

std::shared_ptr<zygote> start(zygote_options options) {
  auto result = zygote::start(std::move(options));
  if (!result)
    FAIL(describe(result.error()));
  return *result;
}

launch_options from(std::shared_ptr<process_source> source) {
  launch_options options;
  options.source = std::move(source);
  return options;
}

} // namespace

TEST_CASE("a forked worker process answers, carries payloads and is confined") {
  auto source = start(echoing());
  link_fixture node{from(source)};
  auto instance = node.start_instance();
  CHECK(node.answers(instance));
  auto received = node.echo(instance, pattern(3'000'000));
  REQUIRE(received);
  CHECK(*received == pattern(3'000'000));
  for (const char* what : {"open", "socket", "fork", "execve", "kill_parent", "ptrace"})
    CHECK(node.ask(instance, what) == "EPERM");
  CHECK(node.ask(instance, "environment") == "0");
  CHECK(std::stoi(node.ask(instance, "descriptors")) < 12);
}

TEST_CASE("what a zygote preloads is there in its worker processes") {
  auto options = echoing();
  auto loaded = std::make_shared<bool>(false);
  options.preload = [loaded] { *loaded = true; };
  options.factory = [loaded](caf::actor_system& system, std::shared_ptr<byte_link> link) {
    if (!*loaded)
      ::_exit(1);
    return spawn_echo_process(system, std::move(link));
  };
  auto source = start(std::move(options));
  link_fixture node{from(source)};
  CHECK(node.answers(node.start_instance()));
  CHECK(!*loaded);
}

TEST_CASE("forked worker processes that end leave no descriptor and no zombie") {
  auto source = start(echoing());
  link_fixture node{from(source)};
  auto first = node.start_instance();
  auto before = open_descriptors();
  for (int i = 0; i < 100; ++i) {
    auto process = node.launch();
    REQUIRE(process);
    auto pid = process->link->pid();
    process->link->kill();
    REQUIRE(node.losses().wait_for(pid) == "");
    CHECK(wait_for_end_of(pid) >= 0);
  }
  CHECK(node.eventually([&] { return zombies() == 0 && open_descriptors() <= before; }));
  CHECK(node.answers(first));
}

TEST_CASE("worker processes die with their zygote and come from the fallback afterwards") {
  auto options = echoing();
  options.fallback = std::make_unique<exec_process_source>(LINK_CHILD, std::vector<std::string>{});
  auto source = start(std::move(options));
  link_fixture node{from(source)};
  auto forked = node.start_instance();
  ::kill(source->pid(), SIGKILL);
  CHECK(node.wait_for_death(forked.process) >= 0);
  CHECK(wait_for_end_of(forked.process.link->pid()) >= 0);
  CHECK(node.answers(node.start_instance()));
}

TEST_CASE("a zygote that is gone is an error where there is no fallback") {
  auto source = start(echoing());
  link_fixture node{from(source)};
  ::kill(source->pid(), SIGKILL);
  CHECK(wait_for_end_of(source->pid()) >= 0);
  auto process = node.launch();
  REQUIRE(!process);
  CHECK(process.error() == node_error::launch_failed);
}

TEST_CASE("a zygote is refused once there are threads") {
  link_fixture node{LINK_CHILD};
  auto late = zygote::start(echoing());
  REQUIRE(!late);
  CHECK(late.error() == node_error::launch_failed);
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT

#include <cstdio>

#include <doctest/doctest.h>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "test/process/link_fixture.hpp"

#include <signal.h>
#include <unistd.h>

namespace offstage::test {

TEST_CASE("an executed worker process answers over the guarded link") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  CHECK(node.answers(instance));
  CHECK(is_alive(instance.process.link->pid()));
}

TEST_CASE("bytes of any length cross the link both ways") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  for (size_t size : {size_t{0}, size_t{1}, size_t{65'536}, size_t{65'537}, size_t{64} << 20}) {
    CAPTURE(size);
    auto sent = pattern(size);
    auto received = node.echo(instance, sent);
    REQUIRE(received);
    CHECK(received->size() == size);
    CHECK(*received == sent);
  }
}

TEST_CASE("descriptors_arrive_before_their_message") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  // More than one batch of descriptors waits while the child is stopped.
  ::kill(instance.process.link->pid(), SIGSTOP);
  constexpr size_t count = 100;
  std::vector<shared_bytes> payloads;
  for (size_t i = 0; i < count; ++i) {
    auto payload = instance.process.link->outgoing(pattern(wire::inline_bytes_max + 1 + i));
    REQUIRE(payload);
    payloads.push_back(*payload);
  }
  for (size_t i = 0; i < count; ++i)
    node.send(instance, event_id{1'000 + i}, payloads[i]);
  ::kill(instance.process.link->pid(), SIGCONT);
  for (size_t i = 0; i < count; ++i) {
    CAPTURE(i);
    auto received = node.outcome_of(instance, event_id{1'000 + i});
    REQUIRE(received);
    CHECK(*received == pattern(wire::inline_bytes_max + 1 + i));
  }
}

TEST_CASE("a payload is claimed once") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  auto payload = node.raw_pull(instance, 100'000);
  REQUIRE(payload.is_detached());
  CHECK(instance.process.link->incoming(payload));
  auto again = instance.process.link->incoming(payload);
  REQUIRE(!again);
  CHECK(again.error() == node_error::bad_descriptor);
}

TEST_CASE("a killed worker process is reported within milliseconds") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  auto pid = instance.process.link->pid();
  ::kill(pid, SIGKILL);
  auto elapsed_ms = node.wait_for_death(instance.process);
  CHECK(elapsed_ms >= 0);
  CHECK(elapsed_ms < 500);
  CHECK(node.losses().wait_for(pid) == "");
}

TEST_CASE("a link whose process died keeps its handle usable") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  auto& link = *instance.process.link;
  link.kill();
  CHECK(node.wait_for_death(instance.process) >= 0);
  node.losses().wait_for(link.pid());
  link.kill();
  link.allow(1);
  link.revoke(1);
  auto bytes = pattern(100'000);
  auto sent = link.outgoing(bytes);
  REQUIRE(sent);
  CHECK(!sent->is_detached());
  CHECK(!link.incoming(shared_bytes::detached(1, 10)));
}

TEST_CASE("worker processes that end leave no descriptor and no zombie") {
  link_fixture node{LINK_CHILD};
  auto first = node.start_instance();
  auto before = open_descriptors();
  for (int i = 0; i < 200; ++i) {
    auto process = node.launch();
    REQUIRE(process);
    process->link->kill();
    REQUIRE(node.losses().wait_for(process->link->pid()) == "");
  }
  CHECK(node.eventually([&] { return zombies() == 0 && open_descriptors() <= before; }));
  CHECK(node.answers(first));
}

TEST_CASE("a worker process dies with its node") {
  auto* output = ::popen("exec " LINK_PARENT " " LINK_CHILD, "r");
  REQUIRE(output != nullptr);
  int parent = 0;
  int child = 0;
  REQUIRE(std::fscanf(output, "%d %d", &parent, &child) == 2);
  REQUIRE(is_alive(child));
  ::kill(parent, SIGKILL);
  auto elapsed_ms = wait_for_end_of(child);
  CHECK(elapsed_ms >= 0);
  CHECK(elapsed_ms < 1'000);
  ::pclose(output);
}

TEST_CASE("worker processes end when the launcher quits") {
  int32_t pid = 0;
  {
    link_fixture node{LINK_CHILD};
    pid = node.start_instance().process.link->pid();
  }
  CHECK(!is_alive(pid));
  CHECK(zombies() == 0);
}

TEST_CASE("a stopped worker process holds up nobody") {
  link_fixture node{LINK_CHILD};
  auto stopped = node.start_instance();
  auto other = node.start_instance();
  ::kill(stopped.process.link->pid(), SIGSTOP);
  for (size_t i = 0; i < 100; ++i)
    node.send(stopped, event_id{1'000 + i}, pattern(wire::inline_bytes_max));
  auto received = node.echo(other, pattern(1'000'000));
  REQUIRE(received);
  CHECK(received->size() == 1'000'000);
  ::kill(stopped.process.link->pid(), SIGCONT);
  CHECK(node.answers(stopped));
}

TEST_CASE("a worker process that never reads is ended before it costs memory") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  auto pid = instance.process.link->pid();
  ::kill(pid, SIGSTOP);
  auto bytes = pattern(wire::inline_bytes_max);
  auto before_kb = process_kb(::getpid(), "status", "VmRSS:");
  auto count = 4 * limits::link_queue_bytes_max / bytes.size();
  for (size_t i = 0; i < count; ++i)
    node.send(instance, event_id{1'000 + i}, bytes);
  CHECK(node.losses().wait_for(pid) == "it does not read what is sent to it");
  auto grown_kb = process_kb(::getpid(), "status", "VmRSS:") - before_kb;
  CHECK(grown_kb < static_cast<long>(3 * limits::link_queue_bytes_max >> 10));
}

TEST_CASE("payloads that a worker process does not take are bounded") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  ::kill(instance.process.link->pid(), SIGSTOP);
  auto bytes = pattern(wire::inline_bytes_max + 1);
  auto sent = instance.process.link->outgoing(bytes);
  size_t count = 0;
  for (; sent && count < 2 * limits::descriptors_in_flight_max; ++count)
    sent = instance.process.link->outgoing(bytes);
  REQUIRE(!sent);
  CHECK(count >= limits::descriptors_in_flight_max);
  CHECK(sent.error() == node_error::limit_exceeded);
}

TEST_CASE("a program that cannot be executed is an error that names it") {
  link_fixture node{"/nonexistent/offstage"};
  auto process = node.launch();
  REQUIRE(!process);
  CHECK(process.error() == node_error::launch_failed);
  CHECK(describe(process.error()).find("/nonexistent/offstage") != std::string::npos);
}

TEST_CASE("a program that ends at once is an error that says how") {
  link_fixture node{"/bin/false"};
  auto process = node.launch();
  REQUIRE(!process);
  CHECK(process.error() == node_error::launch_failed);
}

TEST_CASE("a program that says nothing is ended when its time is over") {
  launch_options options;
  options.source = std::make_shared<exec_process_source>(
      "/bin/sh", std::vector<std::string>{"-c", "while :; do sleep 1; done"});
  options.start_time_max = std::chrono::milliseconds{300};
  link_fixture node{std::move(options)};
  auto process = node.launch();
  REQUIRE(!process);
  CHECK(process.error() == node_error::launch_failed);
  CHECK(node.eventually([] { return zombies() == 0; }));
}

TEST_CASE("worker processes are limited in number") {
  launch_options options;
  options.source = std::make_shared<exec_process_source>(LINK_CHILD, std::vector<std::string>{});
  options.processes_max = 2;
  link_fixture node{std::move(options)};
  CHECK(node.launch());
  auto second = node.launch();
  REQUIRE(second);
  auto third = node.launch();
  REQUIRE(!third);
  CHECK(third.error() == node_error::launch_failed);
  second->link->kill();
  CHECK(node.eventually([&] { return node.launch().engaged(); }));
}

} // namespace offstage::test

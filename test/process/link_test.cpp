// SPDX-License-Identifier: MIT

#include <doctest/doctest.h>

#include "protocol/errors.hpp"
#include "test/process/link_fixture.hpp"

#include <signal.h>

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

} // namespace offstage::test

// SPDX-License-Identifier: MIT

#include <map>

#include <doctest/doctest.h>

#include "test/process/forbidden.hpp"
#include "test/process/link_fixture.hpp"

namespace offstage::test {

TEST_CASE("a worker process is denied everything beyond memory, threads and its link") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  for (const char* what :
       {"open",           "open_raw",       "create",    "unlink",      "mkdir",
        "readlink",       "stat",           "chdir",     "socket",      "unix_socket",
        "socketpair",     "connect",        "bind",      "execve",      "fork",
        "vfork",          "clone",          "ptrace",    "kill_parent", "kill_all",
        "prctl",          "tgkill_parent",  "setrlimit", "setuid",      "unshare",
        "map_executable", "make_executable"}) {
    CAPTURE(what);
    CHECK(node.ask(instance, what) == "EPERM");
  }
  CHECK(node.answers(instance));
}

TEST_CASE("a worker process has room for its work and no more") {
  link_fixture node{LINK_CHILD};
  auto instance = node.start_instance();
  CHECK(node.ask(instance, "thread") == "done");
  CHECK(node.ask(instance, "allocate_64_mib") == "done");
  CHECK(node.ask(instance, "allocate_8_gib") == "ENOMEM");
  CHECK(node.ask(instance, "grow_file") == "EFBIG");
  CHECK(node.ask(instance, "environment") == "0");
}

TEST_CASE("a worker process inherits no descriptor but its link") {
  link_fixture node{LINK_CHILD};
  auto first = std::stoi(node.ask(node.start_instance(), "descriptors"));
  auto second = std::stoi(node.ask(node.start_instance(), "descriptors"));
  CHECK(first == second);
  CHECK(first < 12);
}

// Otherwise a call that fails everywhere would prove nothing.
TEST_CASE("what a worker process is denied goes through elsewhere") {
  for (const char* what : {"open", "readlink", "stat", "socket", "socketpair", "fork", "clone",
                           "kill_parent", "map_executable", "make_executable"}) {
    CAPTURE(what);
    CHECK(attempt(what) == "done");
  }
}

} // namespace offstage::test

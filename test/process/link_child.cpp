// SPDX-License-Identifier: MIT

// A worker process for the tests of the link: the real child_main with instances that echo bytes
// and answer questions about their sandbox instead of running scripts.

#include "app/child/child_main.hpp"
#include "test/process/link_child_instance.hpp"

int main(int argc, char** argv) {
  offstage::child_main(argc, argv, offstage::test::spawn_echo_process);
}

// SPDX-License-Identifier: MIT

// A node that starts one worker process, says its own and the child's process id, and waits to be
// killed: `link_parent CHILD_PROGRAM`.

#include <cstdio>
#include <future>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>

#include "app/link/basp_link.hpp"
#include "app/link/process_launcher.hpp"
#include "protocol/message_types.hpp"
#include "protocol/type_ids.hpp"

#include <unistd.h>

namespace {

class parent_config : public caf::actor_system_config {
public:
  parent_config() {
    offstage::register_protocol(*this);
    offstage::enable_links(*this);
  }
};

} // namespace

int main(int argc, char** argv) {
  if (argc != 2)
    return 1;
  parent_config config;
  caf::actor_system system{config};
  offstage::launch_options options;
  options.source =
      std::make_shared<offstage::exec_process_source>(argv[1], std::vector<std::string>{});
  auto launcher = offstage::spawn_process_launcher(system, options);
  caf::scoped_actor self{system};
  self->request(launcher, std::chrono::seconds{10}, offstage::launch_atom_v, std::string{"child"})
      .receive(
          [](const offstage::worker_process& process) {
            std::printf("%d %d\n", ::getpid(), process.link->pid());
            std::fflush(stdout);
          },
          [](const caf::error&) { ::_exit(1); });
  std::promise<void> never;
  never.get_future().wait();
}

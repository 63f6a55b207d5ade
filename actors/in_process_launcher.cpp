// SPDX-License-Identifier: MIT
#include "actors/in_process_launcher.hpp"

#include <caf/actor_system.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/worker_process.hpp"

#include <unistd.h>

namespace offstage {

namespace {

/// Nothing leaves the process, so every actor may be addressed and bytes stay where they are.
class in_process_link final : public process_link {
public:
  caf::expected<shared_bytes> outgoing(shared_bytes bytes) override { return bytes; }
  caf::expected<shared_bytes> incoming(shared_bytes bytes) override { return bytes; }
  int32_t pid() const override { return static_cast<int32_t>(getpid()); }
  void allow(caf::actor_id) override {}
  void revoke(caf::actor_id) override {}
  void kill() override { caf::anon_send_exit(root_, caf::exit_reason::kill); }

  void attach(const worker_process_actor& root) { root_ = root.address(); }

private:
  caf::actor_addr root_;
};

class in_process_launcher final : public process_launcher_actor::base {
public:
  in_process_launcher(caf::actor_config& config, worker_factory factory, script_threads threads)
      : process_launcher_actor::base(config), factory_(std::move(factory)), threads_(threads) {}

  const char* name() const override { return "in_process_launcher"; }

  process_launcher_actor::behavior_type make_behavior() override {
    return {[this](launch_atom, const std::string&) { return launch_process(); }};
  }

private:
  worker_process launch_process() {
    const auto link = std::make_shared<in_process_link>();
    worker_process_arguments arguments{factory_, link, threads_};
    worker_process result;
    result.root = spawn_worker_process(system(), std::move(arguments));
    link->attach(result.root);
    result.link = link;
    return result;
  }

  worker_factory factory_;
  script_threads threads_;
};

} // namespace

process_launcher_actor spawn_in_process_launcher(caf::actor_system& system, worker_factory factory,
                                                 script_threads threads) {
  return system.spawn<in_process_launcher>(std::move(factory), threads);
}

} // namespace offstage

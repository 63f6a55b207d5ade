// SPDX-License-Identifier: MIT
#include "actors/worker_process.hpp"

#include <unordered_map>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/instance_child.hpp"
#include "actors/owned.hpp"
#include "actors/payloads.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

class worker_process_root final : public worker_process_actor::base {
public:
  worker_process_root(caf::actor_config& config, worker_process_arguments arguments)
      : worker_process_actor::base(config), arguments_(std::move(arguments)) {}

  const char* name() const override { return "worker_process"; }

  worker_process_actor::behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& down) { instance_down(down); });
    return {
        [this](spawn_atom, instance_constructor& constructor, instance_parent_actor& parent) {
          return start(std::move(constructor), std::move(parent));
        },
    };
  }

  void on_exit() override { instances_.clear(); }

private:
  caf::result<instance_child_actor> start(instance_constructor constructor,
                                          instance_parent_actor parent) {
    if (constructor.wire_version != wire::version)
      return fail(node_error::incompatible, std::to_string(constructor.wire_version));
    if (auto error = receive_scripts(constructor))
      return fail(worker_error::start_failed, describe(error));
    instance_child_arguments arguments;
    arguments.constructor = std::move(constructor);
    arguments.parent = std::move(parent);
    arguments.factory = arguments_.factory;
    arguments.link = arguments_.link;
    arguments.threads = arguments_.threads;
    auto instance = spawn_instance_child(system(), std::move(arguments));
    monitor(instance);
    instances_.emplace(instance.address(), owned{instance});
    return instance;
  }

  caf::error receive_scripts(instance_constructor& constructor) const {
    caf::error error;
    auto convert = [&](shared_bytes& bytes) {
      auto converted = arguments_.link->incoming(std::move(bytes));
      if (converted)
        bytes = std::move(*converted);
      else
        error = std::move(converted.error());
      return static_cast<bool>(converted);
    };
    each_payload(constructor, convert);
    return error;
  }

  void instance_down(const caf::down_msg& down) {
    const auto found = instances_.find(down.source);
    if (found == instances_.end())
      return;
    found->second.release();
    instances_.erase(found);
  }

  worker_process_arguments arguments_;
  std::unordered_map<caf::actor_addr, owned<instance_child_actor>> instances_;
};

} // namespace

worker_process_actor spawn_worker_process(caf::actor_system& system,
                                          worker_process_arguments arguments) {
  return system.spawn<worker_process_root>(std::move(arguments));
}

} // namespace offstage

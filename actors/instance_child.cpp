// SPDX-License-Identifier: MIT
#include "actors/instance_child.hpp"

#include <unordered_map>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/actor_support.hpp"
#include "actors/owned.hpp"
#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

using instance_child_base =
    instance_child_actor::extend<caf::reacts_to<call_atom, import_ticket_ptr>,
                                 caf::reacts_to<tick_atom>>;

class instance_child final : public instance_child_base::base {
public:
  instance_child(caf::actor_config& config, instance_child_arguments arguments)
      : instance_child_base::base(config),
        parent_(arguments.parent),
        patience_(std::chrono::milliseconds{arguments.constructor.limits.execution_ms_max}
                  + std::chrono::milliseconds{limits::execution_kill_grace} / 2),
        control_(std::make_shared<script_control>()),
        arguments_(std::move(arguments)) {}

  const char* name() const override { return "instance_child"; }

  instance_child_base::behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& down) { quit(std::move(down.reason)); });
    start();
    return {
        [this](dispatch_atom, event_id id, worker_event& event) { dispatch(id, std::move(event)); },
        [this](abort_atom, event_id id) { forward(abort_atom_v, id); },
        [this](pull_atom, stream_id stream, uint32_t bytes_max) {
          return delegate(script_.get(), pull_atom_v, stream, bytes_max);
        },
        [this](cancel_atom, stream_id stream) { forward(cancel_atom_v, stream); },
        [this](update_atom, registration_descriptor& registration) {
          forward(update_atom_v, std::move(registration));
        },
        [this](notify_atom, service_notice& notice) { forward(notify_atom_v, std::move(notice)); },
        [](ping_atom) { return true; },
        [this](terminate_atom) { quit(caf::exit_reason::user_shutdown); },
        [this](call_atom, const import_ticket_ptr& ticket) { import(ticket); },
        [this](tick_atom) { watch(); },
    };
  }

  void on_exit() override {
    control_->interrupt();
    if (import_)
      import_->answer(fail(worker_error::worker_terminated));
    script_.reset();
    parent_ = instance_parent_actor{};
  }

private:
  void start() {
    monitor(parent_);
    script_thread_arguments arguments;
    arguments.constructor = std::move(arguments_.constructor);
    arguments.parent = parent_;
    arguments.owner = script_owner_actor{instance_child_base{this}};
    arguments.factory = std::move(arguments_.factory);
    arguments.link = arguments_.link;
    arguments.control = control_;
    script_ = owned{spawn_script_thread(system(), std::move(arguments), arguments_.threads)};
    monitor(script_.get());
  }

  void dispatch(event_id id, worker_event event) {
    arm();
    send(script_.get(), dispatch_atom_v, id, std::move(event));
  }

  template <class... Ts>
  void forward(Ts&&... message) {
    send(script_.get(), std::forward<Ts>(message)...);
  }

  void import(const import_ticket_ptr& ticket) {
    import_ = ticket;
    request(parent_, limits::import_time_max, call_atom_v, import_call,
            service_request{ticket->request()})
        .then([=](service_result& result) { ticket->answer(std::move(result)); },
              [=](caf::error& error) { ticket->answer(std::move(error)); });
  }

  void arm() {
    if (armed_)
      return;
    armed_ = true;
    delayed_send(this, patience_, tick_atom_v);
  }

  // The engine's own hook is exact and says where the script was; this comes after it, for engine
  // code that does not call the hook. A sample finds a script after twice the time at the latest.
  void watch() {
    armed_ = false;
    if (control_->is_stuck(clock().now(), patience_)) {
      control_->interrupt();
      quit(fail(worker_error::worker_terminated, "the script did not return"));
      return;
    }
    if (control_->is_running())
      arm();
  }

  static constexpr call_id import_call{uint64_t{1} << 63};

  instance_parent_actor parent_;
  std::chrono::milliseconds patience_;
  std::shared_ptr<script_control> control_;
  instance_child_arguments arguments_;
  owned<script_thread_actor> script_;
  import_ticket_ptr import_;
  bool armed_ = false;
};

} // namespace

instance_child_actor spawn_instance_child(caf::actor_system& system,
                                          instance_child_arguments arguments) {
  return system.spawn<instance_child>(std::move(arguments));
}

} // namespace offstage

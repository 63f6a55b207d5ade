// SPDX-License-Identifier: MIT
#include "actors/supervisor.hpp"

#include <algorithm>

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include "protocol/errors.hpp"

namespace offstage {

namespace {

class supervisor final : public caf::event_based_actor {
public:
  supervisor(caf::actor_config& config, std::vector<essential_actor> essentials,
             std::function<void(const std::string&)> on_loss)
      : caf::event_based_actor(config),
        essentials_(std::move(essentials)),
        on_loss_(std::move(on_loss)) {}

  const char* name() const override { return "supervisor"; }

  caf::behavior make_behavior() override {
    set_down_handler([this](caf::down_msg& down) { lose(down); });
    for (const auto& [title, actor] : essentials_)
      monitor(actor);
    return {[](caf::unit_t) {}};
  }

  void on_exit() override {
    essentials_.clear();
    on_loss_ = nullptr;
  }

private:
  void lose(const caf::down_msg& down) {
    const auto same = [&](const essential_actor& x) { return x.second == down.source; };
    const auto found = std::ranges::find_if(essentials_, same);
    if (found == essentials_.end())
      return;
    on_loss_(found->first + " ended: " + describe(down.reason));
    quit();
  }

  std::vector<essential_actor> essentials_;
  std::function<void(const std::string&)> on_loss_;
};

} // namespace

caf::actor spawn_supervisor(caf::actor_system& system, std::vector<essential_actor> essentials,
                            std::function<void(const std::string& why)> on_loss) {
  return system.spawn<supervisor>(std::move(essentials), std::move(on_loss));
}

} // namespace offstage

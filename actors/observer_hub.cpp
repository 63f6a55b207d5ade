// SPDX-License-Identifier: MIT
#include "actors/observer_hub.hpp"

#include <vector>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace offstage {

namespace {

class observer_hub final : public observer_hub_actor::base {
public:
  explicit observer_hub(caf::actor_config& config) : observer_hub_actor::base(config) {}

  const char* name() const override { return "observer_hub"; }

  observer_hub_actor::behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg& down) { forget(down); });
    return {
        [this](note_atom, const lifecycle_note& note) { hand_out(note); },
        [this](subscribe_atom, const observer_actor& observer) { add(observer); },
    };
  }

  void on_exit() override { observers_.clear(); }

private:
  void hand_out(const lifecycle_note& note) {
    for (const auto& observer : observers_)
      send(observer, note_atom_v, note);
  }

  void add(const observer_actor& observer) {
    monitor(observer);
    observers_.push_back(observer);
  }

  void forget(const caf::down_msg& down) {
    std::erase_if(observers_, [&](const auto& x) { return x.address() == down.source; });
  }

  std::vector<observer_actor> observers_;
};

} // namespace

observer_hub_actor spawn_observer_hub(caf::actor_system& system) {
  return system.spawn<observer_hub>();
}

} // namespace offstage

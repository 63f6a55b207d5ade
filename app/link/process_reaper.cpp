// SPDX-License-Identifier: MIT
#include "app/link/process_reaper.hpp"

#include <vector>

#include <caf/event_based_actor.hpp>
#include <caf/stateful_actor.hpp>

#include "config/limits.hpp"
#include "protocol/atoms.hpp"

namespace offstage {

namespace {

struct reaper_state {
  static inline constexpr const char* name = "process_reaper";

  std::vector<child_process_ptr> dying;

  ~reaper_state() {
    for (auto& process : dying)
      process->wait();
  }
};

using reaper_pointer = caf::stateful_actor<reaper_state>*;

void look_after(reaper_pointer self) {
  auto& dying = self->state.dying;
  std::erase_if(dying, [](const child_process_ptr& process) { return process->ended(); });
  if (!dying.empty())
    self->delayed_send(self, limits::reap_interval, tick_atom_v);
}

void bury(reaper_pointer self, const child_process_ptr& process) {
  process->kill();
  self->state.dying.push_back(process);
  if (self->state.dying.size() == 1)
    look_after(self);
}

caf::behavior process_reaper(reaper_pointer self) {
  return {
      [self](const child_process_ptr& process) { bury(self, process); },
      [self](tick_atom) { look_after(self); },
  };
}

} // namespace

caf::actor spawn_process_reaper(caf::actor_system& system) {
  return system.spawn(process_reaper);
}

} // namespace offstage

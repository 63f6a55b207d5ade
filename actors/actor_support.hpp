// SPDX-License-Identifier: MIT
#pragma once

// Small rules about CAF that every actor of this folder keeps.

#include <chrono>

#include <caf/actor_control_block.hpp>
#include <caf/duration.hpp>
#include <caf/local_actor.hpp>

namespace offstage {

using steady_time = std::chrono::steady_clock::time_point;

/// A request that CAF's clock does not watch. The clock keeps an entry for every timed request
/// until the time has passed, answered or not, which a hot path cannot afford. Whoever uses this
/// monitors the receiver or sweeps its own table of deadlines.
inline caf::duration watched_by_sender() {
  return caf::duration{};
}

/// True if the current message came from an actor of this process.
/// Invariant: clauses that protocol/actors.hpp calls local check this first.
inline bool is_local_sender(caf::local_actor& self) {
  const auto& sender = self.current_sender();
  return sender != nullptr && sender->node() == self.node();
}

} // namespace offstage

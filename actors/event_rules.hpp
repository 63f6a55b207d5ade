// SPDX-License-Identifier: MIT
#pragma once

// What becomes of one event, without actors: it may be dispatched several times, enters the script,
// gets an outcome if it is a fetch, and is settled once.

#include <cstdint>
#include <optional>
#include <string>

#include "protocol/events.hpp"
#include "protocol/outcomes.hpp"

namespace offstage {

class event_rules {
public:
  event_rules(const worker_event& event, uint32_t attempts_max);

  bool is_fetch() const { return is_fetch_; }
  uint32_t attempts() const { return attempts_; }
  bool has_outcome() const { return has_outcome_; }

  /// It is on its way to an instance.
  void dispatched();
  /// The script is about to see it.
  void entered() { entered_ = true; }
  /// False if this event takes no outcome (any more).
  bool responded();

  /// What to do after an instance was lost: nothing means once more, else the event is settled so.
  std::optional<event_result> lost(event_cause cause) const;

  event_result aborted(event_cause cause) const;
  event_result timed_out() const;

private:
  bool may_repeat_after_entry() const;

  bool is_fetch_ = false;
  /// The request is GET or HEAD without a body that could be half read.
  bool is_safe_fetch_ = false;
  after_entry on_death_ = after_entry::abort;
  uint32_t attempts_max_ = 0;
  uint32_t attempts_ = 0;
  bool entered_ = false;
  bool has_outcome_ = false;
};

/// Why a fetch has no response, for the log and the error page.
std::string reason_without_outcome(const event_result& result);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// One event in the child: keeps the order in which an engine may speak of it. The engine is trusted
// to try; this makes sure that the parent never hears a thing twice or in the wrong order. It also
// holds what the parent has not been told yet: what one turn of the script says of an event leaves
// as one message.

#include <optional>

#include "protocol/outcomes.hpp"

namespace offstage {

class event_child {
public:
  explicit event_child(bool is_fetch) : is_fetch_(is_fetch) {}

  bool is_fetch() const { return is_fetch_; }

  /// Each answers whether the parent is to be told.
  bool enter() { return change(entered_); }
  bool respond() { return is_fetch_ && change(responded_); }
  /// True if an outcome has to be sent before the event may finish.
  bool lacks_outcome() const { return is_fetch_ && !responded_; }

  /// What the parent is to be told next.
  struct news {
    std::optional<fetch_outcome> outcome;
    std::optional<event_result> result;
  };
  news untold;
  bool is_listed = false; ///< Among the events that have news.

private:
  static bool change(bool& flag) {
    const auto first = !flag;
    flag = true;
    return first;
  }

  bool is_fetch_;
  bool entered_ = false;
  bool responded_ = false;
};

} // namespace offstage

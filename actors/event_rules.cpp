// SPDX-License-Identifier: MIT
#include "actors/event_rules.hpp"

namespace offstage {

namespace {

bool is_safe(const fetch_request& request) {
  return (request.method == "GET" || request.method == "HEAD") && !request.content.is_stream();
}

} // namespace

event_rules::event_rules(const worker_event& event, uint32_t attempts_max)
    : on_death_(policy_of(event).on_death), attempts_max_(attempts_max) {
  if (const auto* fetch = caf::get_if<fetch_event>(&event)) {
    is_fetch_ = true;
    is_safe_fetch_ = is_safe(fetch->request);
  }
}

void event_rules::dispatched() {
  ++attempts_;
  entered_ = false;
}

bool event_rules::responded() {
  if (!is_fetch_ || has_outcome_)
    return false;
  entered_ = true;
  has_outcome_ = true;
  return true;
}

// A fetch without an outcome that is safe to repeat is dispatched once more, as Chromium does for
// subresources: a script that kills its process shall not do it three times per request.
bool event_rules::may_repeat_after_entry() const {
  if (has_outcome_)
    return false;
  if (is_fetch_)
    return is_safe_fetch_ && attempts_ < 2;
  return on_death_ == after_entry::retry;
}

std::optional<event_result> event_rules::lost(event_cause cause) const {
  if (cause != event_cause::died_after_entry && cause != event_cause::died_before_entry)
    return aborted(cause);
  if (!entered_)
    return attempts_ < attempts_max_ ? std::nullopt
                                     : std::optional{aborted(event_cause::died_before_entry)};
  if (may_repeat_after_entry() && attempts_ < attempts_max_)
    return std::nullopt;
  return aborted(event_cause::died_after_entry);
}

event_result event_rules::aborted(event_cause cause) const {
  event_result result;
  result.status = event_status::aborted;
  result.cause = cause;
  result.attempts = attempts_;
  return result;
}

event_result event_rules::timed_out() const {
  event_result result;
  result.status = event_status::timed_out;
  result.cause = event_cause::time_limit;
  result.attempts = attempts_;
  return result;
}

std::string reason_without_outcome(const event_result& result) {
  auto reason = to_string(result.cause);
  if (result.error)
    reason += ": " + to_string(result.error);
  return reason;
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "protocol/outcomes.hpp"

namespace offstage {

std::string to_string(event_status status) {
  switch (status) {
  case event_status::completed:
    return "completed";
  case event_status::rejected:
    return "rejected";
  case event_status::aborted:
    return "aborted";
  case event_status::timed_out:
    return "timed out";
  }
  return "unknown";
}

std::string to_string(event_cause cause) {
  switch (cause) {
#define OFFSTAGE_CASE(name, text)                                                                  \
  case event_cause::name:                                                                          \
    return text;
    OFFSTAGE_EVENT_CAUSES(OFFSTAGE_CASE)
#undef OFFSTAGE_CASE
  }
  return "unknown";
}

} // namespace offstage

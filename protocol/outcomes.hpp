// SPDX-License-Identifier: MIT
#pragma once

// What comes of an event. Every event is settled exactly once with a status and its cause; a fetch
// event has, before that, exactly one fetch_outcome.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "protocol/bounded.hpp"
#include "protocol/response.hpp"
#include "protocol/script.hpp"

namespace offstage {

enum class event_status : uint8_t { completed, rejected, aborted, timed_out };

/// Why an event has its status. One line each; docs/ARCHITECTURE.md says which hop produces it.
#define OFFSTAGE_EVENT_CAUSES(X)                                                                   \
  X(none, "it finished")                                                                           \
  X(script_threw, "the script threw while it was evaluated")                                       \
  X(promise_rejected, "a promise given to waitUntil() rejected")                                   \
  X(start_failed, "the worker could not be started")                                               \
  X(died_before_entry, "the worker died before the event reached the script, too often")           \
  X(died_after_entry, "the worker died while the script handled the event")                        \
  X(time_limit, "the event exceeded its time limit")                                               \
  X(terminated, "the worker was terminated")                                                       \
  X(client_gone, "who asked went away")                                                            \
  X(overload, "too many events were waiting")                                                      \
  X(stopping, "the node is stopping")

#define OFFSTAGE_ENUMERATOR(name, text) name,
enum class event_cause : uint8_t { OFFSTAGE_EVENT_CAUSES(OFFSTAGE_ENUMERATOR) };
#undef OFFSTAGE_ENUMERATOR

std::string to_string(event_status status);
std::string to_string(event_cause cause);

/// What the first evaluation learns about a script.
struct evaluation_result {
  bool evaluated = false;
  script_error error;                   ///< Set if it threw or did not parse.
  std::vector<std::string> event_types; ///< Spec: ServiceWorker#dfn-set-of-event-types-to-handle

  template <class Inspector>
  friend auto inspect(Inspector& f, evaluation_result& x) {
    return f(caf::meta::type_name("evaluation_result"), x.evaluated, x.error,
             at_most(wire::urls_max, x.event_types));
  }
};

struct event_result {
  event_status status = event_status::completed;
  event_cause cause = event_cause::none;
  script_error error;           ///< The reason of a rejection, if it was an error object.
  evaluation_result evaluation; ///< Of evaluate_script only.
  uint32_t attempts = 1;        ///< How often it was dispatched.

  template <class Inspector>
  friend auto inspect(Inspector& f, event_result& x) {
    return f(caf::meta::type_name("event_result"), x.status, x.cause, x.error, x.evaluation,
             x.attempts);
  }
};

enum class fetch_outcome_kind : uint8_t { respond, fall_back, network_error };

struct fetch_outcome {
  fetch_outcome_kind kind = fetch_outcome_kind::fall_back;
  fetch_response response; ///< Of respond only.
  std::string reason;      ///< Of network_error, for the log and the gateway's error page.

  static fetch_outcome respond(fetch_response response) {
    return {fetch_outcome_kind::respond, std::move(response), {}};
  }
  static fetch_outcome fall_back() { return {}; }
  static fetch_outcome network_error(std::string reason) {
    return {fetch_outcome_kind::network_error, {}, std::move(reason)};
  }

  template <class Inspector>
  friend auto inspect(Inspector& f, fetch_outcome& x) {
    return f(caf::meta::type_name("fetch_outcome"), x.kind, x.response, x.reason);
  }
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The closed set of events that the parent dispatches to a worker. An alternative added here does
// not compile until it has a policy (policy_for) and a dispatcher (runtime/event_dispatch). See
// docs/adding_an_event.md.

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include <caf/meta/type_name.hpp>
#include <caf/variant.hpp>

#include "protocol/client.hpp"
#include "protocol/registration.hpp"
#include "protocol/request.hpp"
#include "protocol/structured_clone.hpp"

namespace offstage {

/// Runs the script for the first time in this instance; every other event waits for it.
struct evaluate_script {
  bool first_evaluation =
      false; ///< Event types are recorded and importScripts may use the network.

  template <class Inspector>
  friend auto inspect(Inspector& f, evaluate_script& x) {
    return f(caf::meta::type_name("evaluate_script"), x.first_evaluation);
  }
};

struct install_event {
  uint8_t reserved = 0; ///< CAF refuses a message element without members.

  template <class Inspector>
  friend auto inspect(Inspector& f, install_event& x) {
    return f(caf::meta::type_name("install_event"), x.reserved);
  }
};

struct activate_event {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, activate_event& x) {
    return f(caf::meta::type_name("activate_event"), x.reserved);
  }
};

struct fetch_event {
  fetch_request request;

  template <class Inspector>
  friend auto inspect(Inspector& f, fetch_event& x) {
    return f(caf::meta::type_name("fetch_event"), x.request);
  }
};

struct message_event {
  structured_clone data;
  std::string origin;
  client_descriptor source; ///< Its id is empty when the sender is not a client (the embedder).
  worker_descriptor source_worker; ///< Set when a service worker sent it.

  template <class Inspector>
  friend auto inspect(Inspector& f, message_event& x) {
    return f(caf::meta::type_name("message_event"), x.data, x.origin, x.source, x.source_worker);
  }
};

struct push_event {
  bool has_data = false; ///< Absent data and empty data differ.
  shared_bytes data;

  template <class Inspector>
  friend auto inspect(Inspector& f, push_event& x) {
    return f(caf::meta::type_name("push_event"), x.has_data, x.data);
  }
};

struct sync_event {
  std::string tag;
  bool last_chance = false;

  template <class Inspector>
  friend auto inspect(Inspector& f, sync_event& x) {
    return f(caf::meta::type_name("sync_event"), x.tag, x.last_chance);
  }
};

using worker_event = caf::variant<evaluate_script, install_event, activate_event, fetch_event,
                                  message_event, push_event, sync_event>;

/// What happens to an event whose instance died after the event had entered the script.
enum class after_entry : uint8_t {
  abort, ///< It is settled as aborted: running it twice could do harm.
  retry, ///< It is dispatched again, within limits: the event is harmless to repeat.
};

/// What the parent needs to know about a kind of event without looking into it.
struct event_policy {
  std::string_view name; ///< The event's type as scripts see it.
  bool functional;       ///< Waits for activation and is followed by a soft update check.
  std::chrono::seconds time_limit;
  after_entry on_death;
};

/// One specialisation per alternative of worker_event; a missing one does not compile.
template <class Event>
struct policy_for;

template <>
struct policy_for<evaluate_script> {
  static constexpr event_policy value{"evaluateScript", false, std::chrono::seconds{60},
                                      after_entry::abort};
};

template <>
struct policy_for<install_event> {
  static constexpr event_policy value{"install", false, std::chrono::seconds{300},
                                      after_entry::abort};
};

template <>
struct policy_for<activate_event> {
  static constexpr event_policy value{"activate", false, std::chrono::seconds{300},
                                      after_entry::abort};
};

template <>
struct policy_for<fetch_event> {
  static constexpr event_policy value{"fetch", true, std::chrono::seconds{300}, after_entry::abort};
};

template <>
struct policy_for<message_event> {
  static constexpr event_policy value{"message", false, std::chrono::seconds{300},
                                      after_entry::abort};
};

template <>
struct policy_for<push_event> {
  static constexpr event_policy value{"push", true, std::chrono::seconds{90}, after_entry::retry};
};

template <>
struct policy_for<sync_event> {
  static constexpr event_policy value{"sync", true, std::chrono::seconds{300}, after_entry::retry};
};

inline event_policy policy_of(const worker_event& event) {
  return caf::visit([]<class Event>(const Event&) { return policy_for<Event>::value; }, event);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// A service worker client as the parent knows it. Behind the gateway a client is a page that asked
// for a document; its id is what later requests of that page carry.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocol/atoms.hpp"
#include "protocol/storage_key.hpp"
#include "protocol/structured_clone.hpp"

namespace offstage {

enum class client_type : uint8_t { window, worker, shared_worker, all };
enum class frame_type : uint8_t { none, top_level, nested, auxiliary };

/// Where the messages of Client.postMessage go; whoever created the client listens.
using client_port_actor = caf::typed_actor<caf::reacts_to<message_atom, structured_clone>>;

struct client_descriptor {
  std::string id; ///< A UUID.
  std::string url;
  client_type type = client_type::window;
  frame_type frame = frame_type::top_level;
  storage_key key;
  std::string controller_scope; ///< Scope of the controlling registration; empty if uncontrolled.
  bool visible = true;
  bool focused = false;
  bool ready = false;     ///< Execution ready: its document was answered.
  client_port_actor port; ///< Stays in the parent, as the tag does.
  std::string tag;        ///< The gateway's fingerprint of the peer; what match_atom compares.

  template <class Inspector>
  friend auto inspect(Inspector& f, client_descriptor& x) {
    return f(caf::meta::type_name("client_descriptor"), x.id, x.url, x.type, x.frame, x.key,
             x.controller_scope, x.visible, x.focused, x.ready);
  }
};

struct client_list {
  std::vector<client_descriptor> clients;

  template <class Inspector>
  friend auto inspect(Inspector& f, client_list& x) {
    return f(caf::meta::type_name("client_list"), x.clients);
  }
};

/// Spec: ServiceWorker#serviceworker-client-query-options-dictionary
struct client_query {
  bool include_uncontrolled = false;
  client_type type = client_type::window;

  template <class Inspector>
  friend auto inspect(Inspector& f, client_query& x) {
    return f(caf::meta::type_name("client_query"), x.include_uncontrolled, x.type);
  }
};

} // namespace offstage

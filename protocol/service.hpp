// SPDX-License-Identifier: MIT
#pragma once

// What a worker may ask of its parent: a worker process has no network, no disk and no clients of
// its own. Each call has one answer; a failure that the script should see is a call_failure with
// the name of its exception.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>
#include <caf/variant.hpp>

#include "protocol/bounded.hpp"
#include "protocol/cache.hpp"
#include "protocol/client.hpp"
#include "protocol/indexed_db.hpp"
#include "protocol/registration.hpp"
#include "protocol/script.hpp"
#include "protocol/storage_key.hpp"

namespace offstage {

struct network_fetch {
  fetch_request request;

  template <class Inspector>
  friend auto inspect(Inspector& f, network_fetch& x) {
    return f(caf::meta::type_name("network_fetch"), x.request);
  }
};

/// Spec: ServiceWorker#importscripts-method. The only call for which the script thread waits.
struct import_scripts {
  std::vector<std::string> urls; ///< Resolved against the worker's URL.

  template <class Inspector>
  friend auto inspect(Inspector& f, import_scripts& x) {
    return f(caf::meta::type_name("import_scripts"), at_most(wire::urls_max, x.urls));
  }
};

/// CAF's variants do not nest, so the operation has a wrapper.
struct cache_call {
  cache_operation operation;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_call& x) {
    return f(caf::meta::type_name("cache_call"), x.operation);
  }
};

struct clients_match_all {
  client_query query;

  template <class Inspector>
  friend auto inspect(Inspector& f, clients_match_all& x) {
    return f(caf::meta::type_name("clients_match_all"), x.query);
  }
};

struct clients_get {
  std::string id;

  template <class Inspector>
  friend auto inspect(Inspector& f, clients_get& x) {
    return f(caf::meta::type_name("clients_get"), x.id);
  }
};

struct clients_claim {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, clients_claim& x) {
    return f(caf::meta::type_name("clients_claim"), x.reserved);
  }
};

struct client_post_message {
  std::string id;
  structured_clone message;

  template <class Inspector>
  friend auto inspect(Inspector& f, client_post_message& x) {
    return f(caf::meta::type_name("client_post_message"), x.id, x.message);
  }
};

/// ServiceWorker.postMessage() on a worker of the same registration.
struct worker_post_message {
  worker_id to{0};
  structured_clone message;

  template <class Inspector>
  friend auto inspect(Inspector& f, worker_post_message& x) {
    return f(caf::meta::type_name("worker_post_message"), x.to, x.message);
  }
};

struct skip_waiting {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, skip_waiting& x) {
    return f(caf::meta::type_name("skip_waiting"), x.reserved);
  }
};

struct registration_update {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, registration_update& x) {
    return f(caf::meta::type_name("registration_update"), x.reserved);
  }
};

struct registration_unregister {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, registration_unregister& x) {
    return f(caf::meta::type_name("registration_unregister"), x.reserved);
  }
};

/// Has no time limit, because it may wait for another transaction or for a connection to close. At
/// most wire::idb_calls_max are open at once; instance_limits::call_count_max does not count them.
struct idb_call {
  idb_request request;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_call& x) {
    return f(caf::meta::type_name("idb_call"), x.request);
  }
};

/// navigator.storage.estimate() and persisted().
struct storage_estimate {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, storage_estimate& x) {
    return f(caf::meta::type_name("storage_estimate"), x.reserved);
  }
};

using service_request =
    caf::variant<network_fetch, import_scripts, cache_call, clients_match_all, clients_get,
                 clients_claim, client_post_message, skip_waiting, registration_update,
                 registration_unregister, worker_post_message, idb_call, storage_estimate>;

struct call_failure {
  std::string name; ///< "TypeError", or the name of a DOMException: "NetworkError",
                    ///< "InvalidStateError", ...
  std::string message;

  template <class Inspector>
  friend auto inspect(Inspector& f, call_failure& x) {
    return f(caf::meta::type_name("call_failure"), x.name, x.message);
  }
};

/// The answer of calls that return nothing (value is false) or a truth value.
struct call_done {
  bool value = false;

  template <class Inspector>
  friend auto inspect(Inspector& f, call_done& x) {
    return f(caf::meta::type_name("call_done"), x.value);
  }
};

struct idb_answer {
  idb_result result;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_answer& x) {
    return f(caf::meta::type_name("idb_answer"), x.result);
  }
};

using service_result =
    caf::variant<call_failure, call_done, fetch_response, script_sources, cache_result, client_list,
                 registration_descriptor, idb_answer, storage_figures>;

/// What a service tells a worker without being asked.
struct service_notice {
  idb_notice notice;

  template <class Inspector>
  friend auto inspect(Inspector& f, service_notice& x) {
    return f(caf::meta::type_name("service_notice"), x.notice);
  }
};

} // namespace offstage

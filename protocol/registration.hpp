// SPDX-License-Identifier: MIT
#pragma once

// Service worker registrations and service workers as immutable descriptions. The actors that own
// the state publish a new description, with a higher version, whenever it changes.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "protocol/ids.hpp"
#include "protocol/storage_key.hpp"

namespace offstage {

enum class worker_state : uint8_t {
  parsed,
  installing,
  installed,
  activating,
  activated,
  redundant
};
enum class worker_type : uint8_t { classic, module };
enum class update_via_cache : uint8_t { imports, all, none };

std::string to_string(worker_state state); ///< As ServiceWorkerState spells it.

struct worker_descriptor {
  worker_id id{0}; ///< 0: there is none.
  std::string script_url;
  worker_type type = worker_type::classic;
  worker_state state = worker_state::parsed;

  explicit operator bool() const { return id != worker_id{0}; }

  template <class Inspector>
  friend auto inspect(Inspector& f, worker_descriptor& x) {
    return f(caf::meta::type_name("worker_descriptor"), x.id, x.script_url, x.type, x.state);
  }
};

struct registration_descriptor {
  storage_key key;
  std::string scope; ///< Serialised scope URL, without fragment.
  update_via_cache via_cache = update_via_cache::imports;
  worker_descriptor installing;
  worker_descriptor waiting;
  worker_descriptor active;
  uint64_t version = 0; ///< Rises with every change.

  /// Spec: ServiceWorker#get-newest-worker-algorithm
  const worker_descriptor& newest() const {
    return installing ? installing : waiting ? waiting : active;
  }

  template <class Inspector>
  friend auto inspect(Inspector& f, registration_descriptor& x) {
    return f(caf::meta::type_name("registration_descriptor"), x.key, x.scope, x.via_cache,
             x.installing, x.waiting, x.active, x.version);
  }
};

struct registration_list {
  std::vector<registration_descriptor> registrations;

  template <class Inspector>
  friend auto inspect(Inspector& f, registration_list& x) {
    return f(caf::meta::type_name("registration_list"), x.registrations);
  }
};

/// What navigator.serviceWorker.register() takes, with URLs already resolved.
struct registration_request {
  std::string script_url;
  std::string scope; ///< Empty: the script's directory.
  worker_type type = worker_type::classic;
  update_via_cache via_cache = update_via_cache::imports;
  std::string client_id; ///< Who asks; empty for the operator (configuration, embedder).

  template <class Inspector>
  friend auto inspect(Inspector& f, registration_request& x) {
    return f(caf::meta::type_name("registration_request"), x.script_url, x.scope, x.type,
             x.via_cache, x.client_id);
  }
};

/// One script of a worker: content-addressed, so that equal scripts are stored once.
struct script_resource {
  std::string url;
  std::string sha256; ///< Lower-case hex of the body's digest.

  template <class Inspector>
  friend auto inspect(Inspector& f, script_resource& x) {
    return f(caf::meta::type_name("script_resource"), x.url, x.sha256);
  }
};

struct stored_worker {
  worker_descriptor descriptor;
  script_resource script;
  std::vector<script_resource> imports; ///< The script resource map without the main script.
  std::vector<std::string> event_types; ///< The set of event types to handle.

  template <class Inspector>
  friend auto inspect(Inspector& f, stored_worker& x) {
    return f(caf::meta::type_name("stored_worker"), x.descriptor, x.script, x.imports,
             x.event_types);
  }
};

/// What survives a restart: the registration with its waiting and active worker; never an
/// installing one.
struct stored_registration {
  storage_key key;
  std::string scope;
  update_via_cache via_cache = update_via_cache::imports;
  int64_t last_update_check_unix_ms = 0;
  stored_worker waiting;
  stored_worker active;

  template <class Inspector>
  friend auto inspect(Inspector& f, stored_registration& x) {
    return f(caf::meta::type_name("stored_registration"), x.key, x.scope, x.via_cache,
             x.last_update_check_unix_ms, x.waiting, x.active);
  }
};

/// Asks for the scripts of an installed worker.
struct worker_scripts_query {
  storage_key key;
  stored_worker worker;
  std::string engine_build; ///< Whose artifacts are wanted; empty: none.

  template <class Inspector>
  friend auto inspect(Inspector& f, worker_scripts_query& x) {
    return f(caf::meta::type_name("worker_scripts_query"), x.key, x.worker, x.engine_build);
  }
};

/// Which script of which worker an artifact was made of, and by what. A worker is named by the
/// digest of its main script: an artifact that one version of a worker made never reaches another.
struct artifact_name {
  storage_key key;
  std::string worker_sha256;
  worker_type type = worker_type::classic;
  script_resource script;
  std::string engine_build;

  template <class Inspector>
  friend auto inspect(Inspector& f, artifact_name& x) {
    return f(caf::meta::type_name("artifact_name"), x.key, x.worker_sha256, x.type, x.script,
             x.engine_build);
  }
};

struct stored_registration_list {
  std::vector<stored_registration> registrations;

  template <class Inspector>
  friend auto inspect(Inspector& f, stored_registration_list& x) {
    return f(caf::meta::type_name("stored_registration_list"), x.registrations);
  }
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// What operators and observers are told.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "protocol/registration.hpp"
#include "protocol/script.hpp"

namespace offstage {

enum class instance_phase : uint8_t { stopped, starting, running, stopping };

struct instance_status {
  worker_descriptor worker;
  std::string scope;
  instance_phase phase = instance_phase::stopped;
  int32_t pid = 0; ///< 0 while stopped.
  uint32_t event_count = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, instance_status& x) {
    return f(caf::meta::type_name("instance_status"), x.worker, x.scope, x.phase, x.pid,
             x.event_count);
  }
};

struct node_status {
  std::vector<instance_status> instances;

  template <class Inspector>
  friend auto inspect(Inspector& f, node_status& x) {
    return f(caf::meta::type_name("node_status"), x.instances);
  }
};

enum class note_kind : uint8_t {
  registered,    ///< A registration exists that did not before.
  state_changed, ///< A worker of the registration is in another state.
  started,       ///< An instance runs in process `pid`.
  stopped,       ///< It ended as it should.
  died,          ///< Its process or script ended otherwise; `text` says how.
  unregistered,  ///< The registration is gone.
  console,       ///< The script wrote to its console.
  uncaught,      ///< The script failed.
  update_failed, ///< A registration or update job failed; `text` says why.
};

struct lifecycle_note {
  note_kind kind = note_kind::registered;
  registration_descriptor registration;
  worker_descriptor worker;
  int32_t pid = 0;
  std::string text;
  console_message message; ///< Of console only.
  script_error error;      ///< Of uncaught only.

  template <class Inspector>
  friend auto inspect(Inspector& f, lifecycle_note& x) {
    return f(caf::meta::type_name("lifecycle_note"), x.kind, x.registration, x.worker, x.pid,
             x.text, x.message, x.error);
  }
};

} // namespace offstage

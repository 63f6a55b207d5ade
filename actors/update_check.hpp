// SPDX-License-Identifier: MIT
#pragma once

// The first half of an update job: fetches the main script (and, if that is unchanged, the imported
// ones) and compares them with what the newest worker has, byte for byte. Spawned and owned by the
// registration whose job it is; quits after its answer.

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include "actors/services.hpp"

namespace offstage {

struct update_check_arguments {
  manager_services services;
  registration_request request;
  bool has_newest = false;
  stored_worker newest;
  bool is_stale = false;
};

struct update_check_result {
  bool changed = false;
  /// If changed: the main script first, then the imports that were fetched with it.
  script_sources scripts;
};

using update_check_actor = caf::typed_actor<
    // Errors: type_error, security_error.
    caf::replies_to<run_atom>::with<update_check_result>>;

update_check_actor spawn_update_check(caf::actor_system& system, update_check_arguments arguments);

} // namespace offstage

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::update_check_result)

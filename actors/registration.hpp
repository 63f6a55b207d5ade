// SPDX-License-Identifier: MIT
#pragma once

// One service worker registration: owned by the manager, owns its workers' service_worker_private
// actors. Keeps the lifecycle of the registration and is the only one that dispatches events to its
// workers. Its death ends its workers; the manager forgets it, storage keeps it.

#include <optional>

#include <caf/fwd.hpp>

#include "actors/services.hpp"

namespace offstage {

/// The clauses of the manager that its registrations use.
using manager_tree_actor = caf::typed_actor<
    // The current job of this scope is finished.
    caf::reacts_to<finish_atom, storage_key, std::string>,
    // This registration is cleared and quits.
    caf::reacts_to<remove_atom, storage_key, std::string>,
    // Its description changed.
    caf::reacts_to<update_atom, registration_descriptor>,
    // A soft update of this scope is due.
    caf::reacts_to<run_atom, storage_key, std::string>,
    // Its worker asks for a job.
    caf::replies_to<update_atom, storage_key, std::string>::with<registration_descriptor>,
    caf::replies_to<unregister_atom, storage_key, std::string>::with<bool>>;

struct registration_arguments {
  storage_key key;
  std::string scope;
  manager_services services;
  manager_tree_actor manager;
  observer_actor notes;
  actor_options_ptr options;
  std::optional<stored_registration> stored; ///< After a restart.
};

registration_actor spawn_registration(caf::actor_system& system, registration_arguments arguments);

} // namespace offstage

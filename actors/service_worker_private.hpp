// SPDX-License-Identifier: MIT
#pragma once

// The note's ServiceWorkerPrivate: one version of a service worker, whether it runs or not. Owned
// by its registration. It owns the instance_parent and the event_parents, starts an instance for
// the first event, starts another one when that dies, and stops it when it has been idle. Its own
// death settles its events as terminated and ends the instance.

#include <caf/fwd.hpp>

#include "actors/services.hpp"

namespace offstage {

struct worker_setup {
  worker_descriptor worker;
  storage_key key;
  std::string scope;
  worker_services services;
  /// Where the scripts of an installed worker are.
  stored_worker stored;
  /// The scripts of a worker that is not stored yet: the main script first.
  script_sources fresh;
};

service_worker_private_actor spawn_service_worker_private(caf::actor_system& system,
                                                          worker_setup setup);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The peers that the actors of this folder are wired with. app/ makes them; nobody looks anything
// up.

#include "actors/options.hpp"
#include "protocol/actors.hpp"

namespace offstage {

/// Shared by the whole tree.
struct manager_services {
  storage_actor storage;
  network_fetcher_actor fetcher;
  clients_actor clients;
  instance_spawner_actor spawner;
};

/// What one worker version needs, besides.
struct worker_services {
  manager_services shared;
  registration_actor registration;
  observer_actor notes;
  actor_options_ptr options;
};

} // namespace offstage

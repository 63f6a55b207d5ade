// SPDX-License-Identifier: MIT
#pragma once

// How app/ makes the actors of this folder: in this order, each with the peers it needs. Whoever
// holds the handles ends them in reverse order (drain_atom to the manager first).
//
//   auto clients  = spawn_clients(system);
//   auto spawner  = spawn_instance_spawner(system, strategy, launcher);
//   auto manager  = spawn_service_worker_manager(system, {storage, fetcher, clients, spawner},
//                                                options);
//   request(manager, ..., restore_atom_v);
//
// In a worker process: spawn_worker_process(system, {factory, link}).
// Without processes: launcher = spawn_in_process_launcher(system, factory, threads).

#include "actors/clients.hpp"
#include "actors/in_process_launcher.hpp"
#include "actors/instance_spawner.hpp"
#include "actors/options.hpp"
#include "actors/service_worker_manager.hpp"
#include "actors/services.hpp"
#include "actors/supervisor.hpp"
#include "actors/worker_process.hpp"

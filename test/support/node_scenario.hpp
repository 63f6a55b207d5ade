// SPDX-License-Identifier: MIT
#pragma once

// A whole tree of actors from the manager down to fake workers, in one process and virtual time.

#include <string>
#include <vector>

#include "actors/clients.hpp"
#include "actors/instance_spawner.hpp"
#include "actors/options.hpp"
#include "actors/service_worker_manager.hpp"
#include "test/support/fake_services.hpp"
#include "test/support/scenario.hpp"

namespace offstage::test {

inline const std::string origin = "https://a.example";
inline const std::string script_url = origin + "/sw.js";
inline const std::string scope_url = origin + "/";

class node_scenario : public scenario {
public:
  explicit node_scenario(spawn_strategy strategy = spawn_strategy::per_origin,
                         actor_options changed = {});
  ~node_scenario() override;

  /// Spawns the tree on the same storage, as after a restart of the node.
  void start();
  /// Ends every actor, in any state; the scenario may be started again.
  void stop();

  void serve_script(const std::string& text, const std::string& url = script_url);

  answer<registration_descriptor> register_worker(const std::string& scope = scope_url,
                                                  const std::string& url = script_url);
  answer<registration_descriptor> update(const std::string& scope = scope_url);
  answer<fetch_outcome> fetch(const std::string& path, const std::string& method = "GET");
  answer<fetch_outcome> navigate(const std::string& path, const std::string& client = "");
  answer<event_result> send_event(worker_event event);
  registration_descriptor describe_registration();
  instance_status instance();
  void add_client(const std::string& id, const std::string& url);

  /// A registered worker with this script that is activated and answers events.
  void with_active_worker(const std::string& script = "");

  fetch_request request_for(const std::string& path, const std::string& method = "GET") const;

  /// Texts of the notes of this kind.
  std::vector<std::string> notes_of(note_kind kind) const;

  spawn_strategy strategy;
  int64_t unix_ms = 1'000'000'000'000;
  actor_options_ptr options;
  fake_world_ptr world = std::make_shared<fake_world>();
  fake_storage_ptr storage_state = std::make_shared<fake_storage_state>();
  fake_network_ptr network = std::make_shared<fake_network_state>();
  fake_processes_ptr processes = std::make_shared<fake_processes>();
  std::shared_ptr<std::vector<lifecycle_note>> notes =
      std::make_shared<std::vector<lifecycle_note>>();

  storage_actor storage;
  network_fetcher_actor fetcher;
  clients_actor clients;
  process_launcher_actor launcher;
  instance_spawner_actor spawner;
  service_worker_manager_actor manager;
  observer_actor observer;
  uint64_t next_call = 1;
};

/// The text of a response that is inline.
std::string text_of(const answer<fetch_outcome>& outcome);

} // namespace offstage::test

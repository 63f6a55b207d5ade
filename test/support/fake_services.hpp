// SPDX-License-Identifier: MIT
#pragma once

// Stand-ins for storage, network and process launcher, in memory and under the control of a test.

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "protocol/actors.hpp"
#include "test/support/fake_worker.hpp"

namespace offstage::test {

struct fake_storage_state {
  std::map<std::string, shared_bytes> scripts;
  std::map<std::pair<std::string, std::string>, stored_registration> registrations;
  std::map<std::string, fetch_response> cached;
  std::map<std::string, shared_bytes> artifacts; ///< By the script's URL.
  std::vector<std::string> running;              ///< Origins whose instances were announced.
  uint64_t last_worker = 0;
  uint32_t stores = 0;
  std::optional<caf::error> put_error;
  std::optional<caf::error> cache_error;
  bool databases_answer = false; ///< Otherwise a request of IndexedDB is never answered.
  std::vector<notice_sink_actor> notice_sinks; ///< Of these requests.
};

using fake_storage_ptr = std::shared_ptr<fake_storage_state>;

storage_actor spawn_fake_storage(caf::actor_system& system, fake_storage_ptr state);

struct fake_network_state {
  struct page {
    uint16_t status = 200;
    std::string type = "text/javascript";
    std::string text;
    header_list headers;
  };
  std::map<std::string, page> pages; ///< An unknown URL is a network error.
  std::vector<fetch_request> requests;
  bool silent = false;
  uint32_t aborts = 0;

  size_t count(const std::string& url) const;
};

using fake_network_ptr = std::shared_ptr<fake_network_state>;

network_fetcher_actor spawn_fake_fetcher(caf::actor_system& system, fake_network_ptr state);

/// Processes that the test can kill: each is a worker_process actor in the test's process.
struct fake_processes {
  std::vector<worker_process> launched;
  bool refuse = false;

  /// Kills the newest process as a signal would.
  void kill_last() { launched.back().link->kill(); }
};

using fake_processes_ptr = std::shared_ptr<fake_processes>;

process_launcher_actor spawn_fake_launcher(caf::actor_system& system, fake_world_ptr world,
                                           fake_processes_ptr processes);

/// A body of so many bytes that is pulled.
body_source_actor spawn_text_source(caf::actor_system& system, std::string text);

} // namespace offstage::test

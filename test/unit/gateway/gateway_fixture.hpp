// SPDX-License-Identifier: MIT
#pragma once

// A gateway on a loopback port in front of a manager, clients and a fetcher that a test scripts.

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>

#include "gateway/server.hpp"
#include "protocol/actors.hpp"

namespace offstage::test {

/// What the fakes saw; tests wait on it instead of sleeping.
class journal {
public:
  void add(std::string entry);
  bool wait_for(const std::string& entry) const;
  size_t count(const std::string& prefix) const;

private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<std::string> entries_; ///< Guarded by mutex_.
};

/// Decides how a request is answered; nothing leaves it unanswered.
using outcome_script = std::function<std::optional<fetch_outcome>(const fetch_request&)>;
using network_script = std::function<std::optional<fetch_response>(const fetch_request&)>;

struct protocol_config : caf::actor_system_config {
  protocol_config();
};

struct gateway_fixture {
  explicit gateway_fixture(outcome_script manager, gateway_options options = {},
                           network_script network = {});
  ~gateway_fixture();

  uint16_t port() const { return server->port(); }

  /// A body stream of `total` bytes of the letter 'b', at most `chunk` per pull. It counts what it
  /// gave in `given`, and journals its end.
  body_source_actor make_source(size_t total, size_t chunk, std::atomic<size_t>* given = nullptr);

  protocol_config config;
  journal log;
  std::unique_ptr<caf::actor_system> system;
  caf::actor manager;
  caf::actor clients;
  caf::actor fetcher;
  std::unique_ptr<gateway> server;
};

fetch_response text_response(std::string text, uint16_t status = 200);

/// Reads a whole body stream on an actor of its own and calls back with its length; -1 for an
/// error.
void drain_body(caf::actor_system& system, const body& content,
                std::function<void(int64_t bytes)> done);

} // namespace offstage::test

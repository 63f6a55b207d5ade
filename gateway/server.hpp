// SPDX-License-Identifier: MIT
#pragma once

// The HTTP/1.1 gateway in front of the sites: accepts connections, keeps them alive, and lets every
// request go through its site's service worker. Lives in the parent with threads of its own; talks
// to the manager, the clients and the network fetcher by messages only. Owned by the node; its
// destructor closes every connection and joins the threads.

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include "config/limits.hpp"
#include "gateway/site_table.hpp"
#include "protocol/actors.hpp"

namespace offstage {

/// Times and sizes of connections; lowered by options and tests only.
struct gateway_limits {
  size_t connections_max = limits::connections_max;
  size_t request_head_bytes_max = limits::request_head_bytes_max;
  uint64_t request_body_bytes_max = limits::request_body_bytes_max;
  std::chrono::milliseconds head_time_max = limits::head_time_max;
  std::chrono::milliseconds body_idle_max = limits::body_idle_max;
  std::chrono::milliseconds keep_alive_max = limits::keep_alive_max;
  std::chrono::milliseconds linger_time_max = limits::linger_time_max;
  std::chrono::milliseconds drain_time_max = limits::drain_time_max;
  std::chrono::milliseconds drain_grace = limits::drain_grace;
};

struct gateway_options {
  std::string address = "127.0.0.1";
  uint16_t port = 8080; ///< 0 for any free one.
  std::vector<gateway_site> sites;
  size_t io_threads = 1; ///< One serves tens of thousands of requests per second.
  gateway_limits limits;
};

class gateway {
  class acceptor;

public:
  /// Errors: bad_configuration, with what is wrong as its context (an address in use, no site).
  static caf::expected<std::unique_ptr<gateway>>
  start(caf::actor_system& system, gateway_options options, service_worker_manager_actor manager,
        clients_actor clients, network_fetcher_actor fetcher);
  /// Used by start().
  explicit gateway(std::unique_ptr<acceptor> implementation);
  ~gateway();

  uint16_t port() const;

  /// Accepts no more, lets running requests finish within the limit, closes all connections.
  /// Returns when that is done.
  void drain();

  size_t connection_count() const;

private:
  std::unique_ptr<acceptor> acceptor_;
};

} // namespace offstage

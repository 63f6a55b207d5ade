// SPDX-License-Identifier: MIT
#pragma once

// The parent intercept of one request: finds or reserves its client, asks the manager, and turns
// the outcome into a response: what the worker answered, what the network answers instead, or an
// error page. Lives on a session's loop; owned by the session and its own pending questions. When
// the HTTP client goes away the event's signal is aborted and streams are cancelled.

#include <functional>
#include <memory>
#include <optional>

#include "gateway/actor_bridge.hpp"
#include "gateway/http_problem.hpp"
#include "gateway/site_table.hpp"
#include "protocol/actors.hpp"

namespace offstage {

struct gateway_peers {
  service_worker_manager_actor manager;
  clients_actor clients;
  network_fetcher_actor fetcher;
};

class interception : public std::enable_shared_from_this<interception> {
public:
  struct options {
    actor_bridge_ptr bridge;
    const gateway_peers* peers = nullptr;
    const gateway_site* site = nullptr;
    std::string peer_tag; ///< Fingerprint of who asks.
    page_format format = page_format::text;
    /// The request's body once more, for the network; nothing if the worker has read of it.
    std::function<std::optional<body>()> renew_body;
    std::function<void(fetch_response)> answer; ///< Called once, or never after client_gone().
  };

  interception(options opts, fetch_request request)
      : options_(std::move(opts)), request_(std::move(request)) {}

  void start();
  void client_gone();

  /// The answer is on its way, or failed on it: the reserved client becomes ready or goes.
  void answered(bool complete);

private:
  enum class stage : uint8_t { idle, intercepting, fetching, answered };

  void reserve_client();
  void find_client();
  void intercept();
  void on_outcome(caf::expected<fetch_outcome> outcome);
  void fall_back();
  void on_fetched(caf::expected<fetch_response> response);
  void respond(fetch_response response);
  void respond_problem(http_problem problem, std::string_view detail = {});
  void drop_client();

  options options_;
  fetch_request request_;
  client_descriptor client_; ///< The reserved one; its id is empty if there is none.
  stage stage_ = stage::idle;
  call_id call_{0};
  uint16_t status_ = 0;
  bool gone_ = false;
};

} // namespace offstage

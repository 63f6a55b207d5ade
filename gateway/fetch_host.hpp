// SPDX-License-Identifier: MIT
#pragma once

// What the fetches of one network fetcher share, all on its loop's thread. Owned by the fetcher's
// service, which outlives the loop's work.

#include <functional>
#include <memory>
#include <unordered_set>

#include "gateway/actor_bridge.hpp"
#include "gateway/curl_loop.hpp"
#include "gateway/network_fetcher.hpp"
#include "gateway/preflight_cache.hpp"
#include "gateway/transfer_slots.hpp"
#include "gateway/upstream_table.hpp"

namespace offstage {

class transfer;

struct fetch_host {
  caf::actor_system* system = nullptr;
  std::shared_ptr<io_loop> loop;
  actor_bridge_ptr bridge;
  fetcher_options options;
  upstream_table upstreams;
  std::unique_ptr<curl_loop> curl;
  transfer_slots slots;
  preflight_cache preflights;
  std::shared_ptr<void> cookies;         ///< curl's share of them; null if none are kept.
  std::unordered_set<transfer*> running; ///< Transfers that curl has.
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Fetches from the network and from the upstreams of the sites. Lives in the parent on a thread of
// its own. A URL whose origin is a site's is fetched from that site's upstream, never through the
// gateway: scripts and pages see the site's URL only. Owned by the node; the destructor ends what
// runs (heads that are missing become network errors, bodies fail) and joins the thread.

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include <caf/expected.hpp>
#include <caf/fwd.hpp>

#include "config/limits.hpp"
#include "protocol/actors.hpp"

namespace offstage {

struct upstream_site {
  std::string origin;
  std::string upstream; ///< An http(s) URL, whose path is a prefix, or a directory.
};

struct fetcher_options {
  std::vector<upstream_site> sites;
  std::string user_agent = "Offstage/0.1";
  bool verify_tls = true;
  /// Cookies are kept as a browser keeps them, until the fetcher ends. For one user only: a node's
  /// clients must not share them.
  bool keep_cookies = false;
  std::string ca_file;              ///< Instead of the system's certificates.
  std::vector<std::string> resolve; ///< "host:port:address", as curl has it.
  /// "host:port:address:port", as curl has it: an empty part means any, or the same.
  std::vector<std::string> connect_to;
  std::chrono::milliseconds connect_time_max = limits::connect_time_max;
  std::chrono::seconds idle_time_max = limits::network_idle_max;
  size_t fetches_max = limits::network_fetches_max;
};

class network_fetcher {
  class service;

public:
  /// Errors: bad_configuration, with the upstream that is neither a URL nor a directory.
  static caf::expected<std::unique_ptr<network_fetcher>> start(caf::actor_system& system,
                                                               fetcher_options options);
  /// Used by start().
  explicit network_fetcher(std::unique_ptr<service> implementation);
  ~network_fetcher();

  network_fetcher_actor actor() const;

private:
  std::unique_ptr<service> service_;
};

} // namespace offstage

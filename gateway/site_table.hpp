// SPDX-License-Identifier: MIT
#pragma once

// Which site a request is for. A site is known by its host name; a single one answers to any name.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/storage_key.hpp"
#include "protocol/url.hpp"

namespace offstage {

struct gateway_site {
  std::string host;   ///< "name" or "name:port"; empty for any.
  std::string origin; ///< What scripts see as their origin, and the storage key.

  storage_key key() const { return {origin}; }
};

class site_table {
public:
  explicit site_table(std::vector<gateway_site> sites);

  /// By the value of a Host header: exact match first, then without its port, then the site for any
  /// host.
  const gateway_site* find(std::string_view host) const;

private:
  std::vector<gateway_site> sites_;
};

} // namespace offstage

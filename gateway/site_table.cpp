// SPDX-License-Identifier: MIT
#include "gateway/site_table.hpp"

#include <algorithm>

#include "protocol/headers.hpp"

namespace offstage {

namespace {

std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  const auto bracket = host.rfind(']');
  const auto is_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return is_port ? host.substr(0, colon) : host;
}

} // namespace

site_table::site_table(std::vector<gateway_site> sites) : sites_(std::move(sites)) {
  if (sites_.size() == 1)
    sites_.front().host.clear();
}

const gateway_site* site_table::find(std::string_view host) const {
  const auto named = [&](std::string_view name) {
    return std::ranges::find_if(sites_,
                                [&](const gateway_site& x) { return equal_names(x.host, name); });
  };
  for (const auto name : {host, without_port(host), std::string_view{}})
    if (const auto found = named(name); found != sites_.end())
      return &*found;
  return nullptr;
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// What servers have permitted lately, so that not every cross-origin request asks first. Belongs to
// one fetcher and its loop's thread; bounded, and lost with it. Spec: Fetch#concept-cache

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "protocol/headers.hpp"
#include "protocol/request.hpp"

namespace offstage {

class preflight_cache {
public:
  using time_point = std::chrono::steady_clock::time_point;

  /// Whether all that the request needs permission for is permitted still.
  bool permits(const fetch_request& request, const std::string& target,
               const std::vector<std::string>& names, time_point now);

  /// Keeps what a preflight's answer permits, for as long as it says.
  void keep(const fetch_request& request, const std::string& target,
            const std::vector<std::string>& names, const header_list& answer, time_point now);

  /// A preflight failed: what is known of the target may be wrong.
  void forget(const fetch_request& request, const std::string& target);

private:
  using key = std::tuple<std::string, std::string, bool>; // origin, URL, with credentials

  struct permission {
    std::map<std::string, time_point> methods;
    std::map<std::string, time_point> names; // lower-case
  };

  static key key_of(const fetch_request& request, const std::string& target);

  std::map<key, permission> permissions_;
};

} // namespace offstage

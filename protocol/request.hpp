// SPDX-License-Identifier: MIT
#pragma once

// Fetch's request as a value: what travels between gateway, workers, network and cache.

#include <cstdint>
#include <string>

#include <caf/meta/type_name.hpp>

#include "protocol/body.hpp"
#include "protocol/headers.hpp"

namespace offstage {

enum class request_mode : uint8_t { navigate, same_origin, no_cors, cors };
enum class credentials_mode : uint8_t { omit, same_origin, include };
enum class cache_mode : uint8_t {
  default_,
  no_store,
  reload,
  no_cache,
  force_cache,
  only_if_cached
};
enum class redirect_mode : uint8_t { follow, error, manual };

struct fetch_request {
  std::string method = "GET";
  std::string url; ///< Serialised by url::href().
  header_list headers;
  body content;
  std::string destination; ///< "document", "script", ... or empty.
  request_mode mode = request_mode::no_cors;
  credentials_mode credentials = credentials_mode::same_origin;
  cache_mode cache = cache_mode::default_;
  redirect_mode redirect = redirect_mode::follow;
  std::string referrer = "about:client"; ///< A URL, "about:client" or empty for none.
  std::string referrer_policy;
  std::string integrity;
  bool keepalive = false;
  bool is_reload = false;
  std::string client_id;           ///< Who asked; empty for a navigation.
  std::string resulting_client_id; ///< The reserved client of a navigation, else empty.
  std::string origin; ///< Serialised origin of who asks; empty for the gateway and for navigations.

  bool is_navigation() const { return mode == request_mode::navigate; }

  template <class Inspector>
  friend auto inspect(Inspector& f, fetch_request& x) {
    return f(caf::meta::type_name("fetch_request"), x.method, x.url, x.headers, x.content,
             x.destination, x.mode, x.credentials, x.cache, x.redirect, x.referrer,
             x.referrer_policy, x.integrity, x.keepalive, x.is_reload, x.client_id,
             x.resulting_client_id, x.origin);
  }
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The Cache API between a worker and storage. One operation, one result; a batch of puts is atomic:
// all of it is there or nothing. Bodies of requests and responses may be streams; a put is
// acknowledged once they are stored.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>
#include <caf/variant.hpp>

#include "protocol/bounded.hpp"
#include "protocol/ids.hpp"
#include "protocol/request.hpp"
#include "protocol/response.hpp"

namespace offstage {

/// Spec: ServiceWorker#cache-query-options-dictionary
struct cache_query_options {
  bool ignore_search = false;
  bool ignore_method = false;
  bool ignore_vary = false;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_query_options& x) {
    return f(caf::meta::type_name("cache_query_options"), x.ignore_search, x.ignore_method,
             x.ignore_vary);
  }
};

struct cache_open {
  std::string name; ///< Any string of code units, as UTF-8 with lone surrogates kept.

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_open& x) {
    return f(caf::meta::type_name("cache_open"), x.name);
  }
};

struct cache_has {
  std::string name;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_has& x) {
    return f(caf::meta::type_name("cache_has"), x.name);
  }
};

struct cache_drop {
  std::string name;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_drop& x) {
    return f(caf::meta::type_name("cache_drop"), x.name);
  }
};

struct cache_names {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_names& x) {
    return f(caf::meta::type_name("cache_names"), x.reserved);
  }
};

/// CacheStorage.match: the first match in the caches' creation order, or in the one cache that is
/// named.
struct cache_storage_match {
  fetch_request request;
  cache_query_options options;
  bool has_name = false;
  std::string name;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_storage_match& x) {
    return f(caf::meta::type_name("cache_storage_match"), x.request, x.options, x.has_name, x.name);
  }
};

/// Cache.match, matchAll and keys.
struct cache_query {
  cache_id cache{0};
  bool has_request = false; ///< Without one, everything matches.
  fetch_request request;
  cache_query_options options;
  bool first_only = false;
  bool want_responses = true; ///< Otherwise the requests (keys).

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_query& x) {
    return f(caf::meta::type_name("cache_query"), x.cache, x.has_request, x.request, x.options,
             x.first_only, x.want_responses);
  }
};

struct cache_entry {
  fetch_request request;
  fetch_response response;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_entry& x) {
    return f(caf::meta::type_name("cache_entry"), x.request, x.response);
  }
};

/// Cache.put (one entry) and addAll (all of them, atomically). Replaces what matches.
struct cache_put {
  cache_id cache{0};
  std::vector<cache_entry> entries;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_put& x) {
    return f(caf::meta::type_name("cache_put"), x.cache,
             at_most(wire::cache_entries_max, x.entries));
  }
};

struct cache_remove {
  cache_id cache{0};
  fetch_request request;
  cache_query_options options;

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_remove& x) {
    return f(caf::meta::type_name("cache_remove"), x.cache, x.request, x.options);
  }
};

using cache_operation = caf::variant<cache_open, cache_has, cache_drop, cache_names,
                                     cache_storage_match, cache_query, cache_put, cache_remove>;

struct cache_result {
  bool found = false;                    ///< has, drop, remove, and whether a match was found.
  cache_id cache{0};                     ///< open.
  std::vector<std::string> names;        ///< names, in creation order.
  std::vector<fetch_request> requests;   ///< keys, in insertion order.
  std::vector<fetch_response> responses; ///< matches, in insertion order.

  template <class Inspector>
  friend auto inspect(Inspector& f, cache_result& x) {
    return f(caf::meta::type_name("cache_result"), x.found, x.cache, x.names, x.requests,
             x.responses);
  }
};

} // namespace offstage

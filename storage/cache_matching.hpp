// SPDX-License-Identifier: MIT
#pragma once

// The rules of the Cache API, without any storage: which requests match, and which may be stored.
//
// Refusals are storage_error::refused. Their context starts with the name of the exception that a
// script gets, a colon and a blank: "TypeError: ..." or "InvalidStateError: ...". The name up to
// the colon is the contract; the rest is for humans.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/error.hpp>

#include "protocol/cache.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

/// A serialised URL cut into what queries compare.
struct url_parts {
  std::string_view path;  ///< Everything before the query.
  std::string_view query; ///< With its question mark; without the fragment.
};
url_parts split_url(std::string_view url);
std::string_view without_fragment(std::string_view url);

/// The elements of all Vary headers, in lower case.
std::vector<std::string> vary_names(const header_list& response_headers);

/// What a later query has to agree with.
std::vector<vary_field> vary_fields(const fetch_request& request, const fetch_response& response);

/// A query, prepared once for all the rows it is compared with.
/// Spec: ServiceWorker#request-matches-cached-item-algorithm
class cache_matcher {
public:
  cache_matcher(const fetch_request& request, const cache_query_options& options)
      : request_(request), options_(options), parts_(split_url(request.url)) {}

  /// False if nothing can match: only GET requests are stored.
  bool can_match() const { return options_.ignore_method || request_.method == "GET"; }
  bool matches(const index_row& row) const;

  const url_parts& parts() const { return parts_; }
  bool ignores_search() const { return options_.ignore_search; }

private:
  const fetch_request& request_;
  const cache_query_options& options_;
  url_parts parts_;
};

/// Whether this request and response may be stored. Errors: refused.
caf::error check_storable(const fetch_request& request, const fetch_response& response);

/// All of a batch: each entry by itself, and that no entry would replace an earlier one.
caf::error check_batch(const std::vector<cache_entry>& entries);

} // namespace offstage

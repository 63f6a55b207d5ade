// SPDX-License-Identifier: MIT
#include "storage/cache_matching.hpp"

#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

std::string lower(std::string_view text) {
  std::string result{text};
  for (auto& c : result)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c + 32);
  return result;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  const auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

void append_elements(std::string_view value, std::vector<std::string>& names) {
  while (!value.empty()) {
    const auto comma = std::min(value.find(','), value.size());
    if (const auto name = trim(value.substr(0, comma)); !name.empty())
      names.push_back(lower(name));
    value.remove_prefix(std::min(comma + 1, value.size()));
  }
}

bool has_http_scheme(std::string_view url) {
  return url.starts_with("http:") || url.starts_with("https:");
}

caf::error refuse(const std::string& context) {
  return fail(storage_error::refused, context);
}

} // namespace

std::string_view without_fragment(std::string_view url) {
  return url.substr(0, url.find('#'));
}

url_parts split_url(std::string_view url) {
  url = without_fragment(url);
  const auto question = std::min(url.find('?'), url.size());
  return {url.substr(0, question), url.substr(question)};
}

std::vector<std::string> vary_names(const header_list& response_headers) {
  std::vector<std::string> names;
  for (const auto& item : response_headers.items())
    if (equal_names(item.name, "vary"))
      append_elements(item.value, names);
  return names;
}

std::vector<vary_field> vary_fields(const fetch_request& request, const fetch_response& response) {
  std::vector<vary_field> result;
  for (auto& name : vary_names(response.headers)) {
    auto value = request.headers.get(name);
    result.push_back({std::move(name), std::move(value)});
  }
  return result;
}

bool cache_matcher::matches(const index_row& row) const {
  const auto stored = split_url(row.url);
  if (stored.path != parts_.path || (!options_.ignore_search && stored.query != parts_.query))
    return false;
  if (options_.ignore_vary)
    return true;
  return std::ranges::all_of(row.vary, [this](const vary_field& field) {
    return field.name != "*" && request_.headers.get(field.name) == field.value;
  });
}

// Spec: ServiceWorker#cache-put
caf::error check_storable(const fetch_request& request, const fetch_response& response) {
  if (!has_http_scheme(request.url))
    return refuse("TypeError: the scheme of " + request.url + " is not http or https");
  if (request.method != "GET")
    return refuse("TypeError: the request's method is " + request.method + ", not GET");
  if (response.is_network_error())
    return refuse("TypeError: the response is a network error");
  if (response.status == 206)
    return refuse("TypeError: the response is a partial one (206)");
  const auto names = vary_names(response.headers);
  if (std::ranges::find(names, "*") != names.end())
    return refuse("TypeError: the response's Vary header is *");
  if (names.size() > limits::vary_fields_max)
    return refuse("TypeError: the response's Vary header names too many fields");
  return caf::none;
}

// Spec: ServiceWorker#batch-cache-operations-algorithm
caf::error check_batch(const std::vector<cache_entry>& entries) {
  std::vector<index_row> added;
  const cache_query_options exact;
  for (const auto& entry : entries) {
    const cache_matcher matcher{entry.request, exact};
    const auto same = [&](const index_row& row) { return matcher.matches(row); };
    if (matcher.can_match() && std::ranges::any_of(added, same))
      return refuse("InvalidStateError: the batch names " + entry.request.url + " twice");
    if (auto err = check_storable(entry.request, entry.response))
      return err;
    added.push_back({std::string{without_fragment(entry.request.url)},
                     vary_fields(entry.request, entry.response),
                     0,
                     {}});
  }
  return caf::none;
}

} // namespace offstage

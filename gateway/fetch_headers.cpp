// SPDX-License-Identifier: MIT
// The headers that a fetch sends: the request's own, less what must not leave, plus what the
// network layer adds.
#include "gateway/fetch_task.hpp"
#include "gateway/http_message.hpp"
#include "gateway/referrer.hpp"

namespace offstage {

bool fetch_task::sends_credentials() const {
  return request_.credentials == credentials_mode::include
         || (request_.credentials == credentials_mode::same_origin && tainting_ == tainting::basic);
}

header_list fetch_task::network_headers() const {
  auto headers = request_.headers;
  remove_connection_headers(headers);
  for (const auto* name : {"Host", "Content-Length", "Expect", "Accept-Encoding"})
    headers.remove(name);
  // A Cookie header is what an HTTP client sent to its own site; a jar's cookies come with the
  // transfer.
  const auto own =
      request_.origin.empty() ? url::parse(url_list_.front())->origin() : request_.origin;
  if (!sends_credentials() || current_.origin() != own)
    headers.remove("Cookie");
  // What a script says itself, it says in any mode.
  if (!sends_credentials() && request_.origin.empty())
    headers.remove("Authorization");
  add_context_headers(headers);
  add_cache_headers(headers);
  return headers;
}

void fetch_task::add_context_headers(header_list& headers) const {
  if (!headers.has("Accept"))
    headers.append("Accept", "*/*");
  // The language that navigator.language names.
  if (!headers.has("Accept-Language") && !request_.origin.empty())
    headers.append("Accept-Language", "en-US");
  if (!headers.has("User-Agent"))
    headers.append("User-Agent", host_.options.user_agent);
  add_origin_headers(headers);
}

// Spec: Fetch#append-a-request-origin-header
void fetch_task::add_origin_headers(header_list& headers) const {
  const auto is_read = request_.method == "GET" || request_.method == "HEAD";
  if (tainting_ == tainting::cors) {
    headers.set("Origin", request_origin());
  } else if (!is_read && !headers.has("Origin") && !request_.origin.empty()) {
    const auto own = url::parse(request_.origin);
    const auto shows = request_.mode == request_mode::cors
                       || (own && policy_shows_origin(*own, current_, request_.referrer_policy));
    headers.append("Origin", shows ? request_origin() : "null");
  }
  if (const auto source = url::parse(request_.referrer))
    if (const auto referrer = referrer_for(*source, current_, request_.referrer_policy))
      headers.set("Referer", *referrer);
}

// Spec: Fetch#concept-http-network-or-cache-fetch
void fetch_task::add_cache_headers(header_list& headers) const {
  const auto reloads =
      request_.cache == cache_mode::no_store || request_.cache == cache_mode::reload;
  if (reloads && !headers.has("Pragma"))
    headers.append("Pragma", "no-cache");
  if (headers.has("Cache-Control"))
    return;
  if (reloads)
    headers.append("Cache-Control", "no-cache");
  else if (request_.cache == cache_mode::no_cache)
    headers.append("Cache-Control", "max-age=0");
}

} // namespace offstage

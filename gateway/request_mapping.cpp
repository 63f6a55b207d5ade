// SPDX-License-Identifier: MIT
#include "gateway/request_mapping.hpp"

#include <algorithm>
#include <array>

namespace offstage {

namespace {

constexpr std::array<std::string_view, 5> document_destinations{"document", "embed", "frame",
                                                                "iframe", "object"};

// Written by the gateway or the network for each hop anew.
constexpr std::array<std::string_view, 5> hop_headers{"Host", "Content-Length", "Expect", "Referer",
                                                      "Accept-Encoding"};

bool starts_with_name(std::string_view text, std::string_view prefix) {
  return text.size() >= prefix.size() && equal_names(text.substr(0, prefix.size()), prefix);
}

/// Path and query of the target; empty if it is of no form that a site can answer.
std::string_view path_of(std::string_view target) {
  if (target.starts_with('/'))
    return target;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!starts_with_name(target, scheme))
      continue;
    const auto path = target.find('/', scheme.size());
    return path == std::string_view::npos ? std::string_view{"/"} : target.substr(path);
  }
  return {};
}

request_mode mode_of(const http_request_head& head) {
  const auto mode = head.headers.get("Sec-Fetch-Mode");
  if (!mode) {
    const auto is_read = head.method == "GET" || head.method == "HEAD";
    return is_read && accepts_html(head.headers) ? request_mode::navigate : request_mode::no_cors;
  }
  if (*mode == "navigate")
    return request_mode::navigate;
  if (*mode == "cors")
    return request_mode::cors;
  if (*mode == "same-origin")
    return request_mode::same_origin;
  return request_mode::no_cors;
}

std::string destination_of(const http_request_head& head, request_mode mode) {
  static constexpr std::array<std::string_view, 19> known{
      "audio",         "audioworklet", "document", "embed",  "font",         "frame",  "iframe",
      "image",         "json",         "manifest", "object", "paintworklet", "report", "script",
      "serviceworker", "sharedworker", "style",    "track",  "video"};
  const auto given = head.headers.get("Sec-Fetch-Dest");
  if (given
      && (*given == "worker" || *given == "xslt"
          || std::ranges::find(known, *given) != known.end()))
    return *given;
  return mode == request_mode::navigate ? "document" : "";
}

void map_caching(const http_request_head& head, fetch_request& request) {
  const auto control = head.headers.get("Cache-Control").value_or("");
  const auto revalidates = list_has(control, "max-age=0");
  const auto reloads = list_has(control, "no-cache");
  request.is_reload = request.is_navigation() && (revalidates || reloads);
  if (reloads)
    request.cache = cache_mode::reload;
  else if (revalidates)
    request.cache = cache_mode::no_cache;
}

credentials_mode credentials_of(request_mode mode) {
  return mode == request_mode::navigate || mode == request_mode::no_cors
             ? credentials_mode::include
             : credentials_mode::same_origin;
}

std::string referrer_of(const header_list& headers) {
  const auto value = headers.get("Referer");
  const auto parsed = value ? url::parse(*value) : std::nullopt;
  return parsed && parsed->is_http() ? parsed->href(url::fragment_mode::exclude) : "";
}

} // namespace

std::string_view host_of(const http_request_head& head) {
  const std::string_view target{head.target};
  if (!target.starts_with('/'))
    for (const std::string_view scheme : {"http://", "https://"})
      if (starts_with_name(target, scheme))
        return target.substr(scheme.size(), target.find('/', scheme.size()) - scheme.size());
  for (const auto& x : head.headers.items())
    if (equal_names(x.name, "Host"))
      return x.value;
  return {};
}

std::optional<fetch_request> map_request(const http_request_head& head, const gateway_site& site) {
  const auto path = path_of(head.target);
  if (path.empty() || path.find('#') != std::string_view::npos)
    return std::nullopt;
  const auto parsed = url::parse(site.origin + std::string{path});
  if (!parsed || parsed->origin() != site.origin)
    return std::nullopt;
  fetch_request request;
  request.method = head.method;
  request.url = parsed->href(url::fragment_mode::exclude);
  request.headers = head.headers;
  remove_connection_headers(request.headers);
  for (const auto name : hop_headers)
    request.headers.remove(name);
  request.mode = mode_of(head);
  request.destination = destination_of(head, request.mode);
  request.credentials = credentials_of(request.mode);
  request.redirect = request.is_navigation() ? redirect_mode::manual : redirect_mode::follow;
  request.referrer = referrer_of(head.headers);
  request.origin = request.is_navigation() ? "" : site.origin;
  map_caching(head, request);
  return request;
}

bool is_non_subresource(const fetch_request& request) {
  return request.is_navigation()
         || std::ranges::find(document_destinations, request.destination)
                != document_destinations.end()
         || request.destination == "worker" || request.destination == "sharedworker";
}

client_type reserved_client_type(const fetch_request& request) {
  if (request.destination == "worker")
    return client_type::worker;
  if (request.destination == "sharedworker")
    return client_type::shared_worker;
  return client_type::window;
}

bool bypasses_workers(const fetch_request& request) {
  return request.headers.has("Service-Worker") || request.destination == "serviceworker";
}

bool accepts_html(const header_list& headers) {
  const auto accept = headers.get("Accept").value_or("");
  return accept.find("text/html") != std::string::npos;
}

} // namespace offstage

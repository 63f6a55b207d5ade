// SPDX-License-Identifier: MIT
#include "actors/scope.hpp"

#include <algorithm>
#include <array>

#include "protocol/errors.hpp"
#include "protocol/url.hpp"

namespace offstage {

namespace {

bool has_escaped_slash(const url& x) {
  const auto path = x.pathname();
  for (size_t i = path.find('%'); i != std::string::npos; i = path.find('%', i + 1)) {
    const auto code = std::string_view{path}.substr(i, 3);
    if (equal_names(code, "%2f") || equal_names(code, "%5c"))
      return true;
  }
  return false;
}

caf::error bad_url(const std::optional<url>& x, const std::string& what) {
  if (!x)
    return fail(worker_error::type_error, what + " is not a URL");
  if (!x->is_http())
    return fail(worker_error::type_error, what + " is neither http nor https");
  if (has_escaped_slash(*x))
    return fail(worker_error::type_error, what + " has an escaped slash in its path");
  return {};
}

std::string without_fragment(const url& x) {
  return x.href(url::fragment_mode::exclude);
}

std::string_view trim(std::string_view x) {
  const auto first = x.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return x.substr(first, x.find_last_not_of(" \t\r\n") - first + 1);
}

constexpr std::array<std::string_view, 16> javascript_types{"application/ecmascript",
                                                            "application/javascript",
                                                            "application/x-ecmascript",
                                                            "application/x-javascript",
                                                            "text/ecmascript",
                                                            "text/javascript",
                                                            "text/javascript1.0",
                                                            "text/javascript1.1",
                                                            "text/javascript1.2",
                                                            "text/javascript1.3",
                                                            "text/javascript1.4",
                                                            "text/javascript1.5",
                                                            "text/jscript",
                                                            "text/livescript",
                                                            "text/x-ecmascript",
                                                            "text/x-javascript"};

} // namespace

caf::expected<checked_request> check_registration(const registration_request& request) {
  const auto script = url::parse(request.script_url);
  if (auto error = bad_url(script, "the script URL"))
    return error;
  if (!script->is_potentially_trustworthy())
    return fail(worker_error::security_error, "the script's origin is not secure");
  const auto scope = url::parse(request.scope.empty() ? "./" : request.scope, &*script);
  if (auto error = bad_url(scope, "the scope"))
    return error;
  if (scope->origin() != script->origin())
    return fail(worker_error::security_error, "script and scope have different origins");
  checked_request result;
  result.key = storage_key{script->origin()};
  result.request = request;
  result.request.script_url = without_fragment(*script);
  result.request.scope = without_fragment(*scope);
  return result;
}

bool scope_allowed(const std::string& scope, const std::string& script_url,
                   const header_list& headers) {
  const auto script = url::parse(script_url);
  const auto target = url::parse(scope);
  if (!script || !target)
    return false;
  const auto allowed = headers.get("Service-Worker-Allowed");
  const auto max_scope = url::parse(allowed ? *allowed : "./", &*script);
  if (!max_scope || max_scope->origin() != script->origin())
    return false;
  return target->origin() == script->origin()
         && target->pathname().starts_with(max_scope->pathname());
}

std::string_view origin_of(std::string_view href) {
  const auto scheme = href.find("://");
  if (scheme == std::string_view::npos)
    return {};
  return href.substr(0, href.find_first_of("/?#", scheme + 3));
}

bool is_javascript(const header_list& headers) {
  const auto type = headers.get("Content-Type");
  if (!type)
    return false;
  const auto essence = trim(std::string_view{*type}.substr(0, type->find(';')));
  const auto same = [&](std::string_view known) { return equal_names(known, essence); };
  return std::ranges::any_of(javascript_types, same);
}

caf::error bad_main_script(const fetch_response& head, const std::string& url) {
  if (head.is_network_error())
    return fail(worker_error::type_error, url + ": " + head.reason);
  if (!head.is_ok())
    return fail(worker_error::type_error, url + ": HTTP status " + std::to_string(head.status));
  if (head.url_list.size() > 1)
    return fail(worker_error::type_error, url + ": the script was redirected");
  if (!is_javascript(head.headers))
    return fail(worker_error::security_error,
                url + ": its type is " + head.headers.get("Content-Type").value_or("missing"));
  return {};
}

std::optional<std::string> bad_import(const fetch_response& head) {
  if (head.is_network_error())
    return head.reason;
  if (!head.is_ok())
    return "HTTP status " + std::to_string(head.status);
  if (!is_javascript(head.headers))
    return "its type is " + head.headers.get("Content-Type").value_or("missing");
  return std::nullopt;
}

fetch_request main_script_request(const std::string& url, cache_mode cache) {
  fetch_request request;
  request.url = url;
  request.headers.append("Service-Worker", "script");
  request.destination = "serviceworker";
  request.mode = request_mode::same_origin;
  request.redirect = redirect_mode::error;
  request.cache = cache;
  return request;
}

fetch_request import_request(const std::string& url, worker_type type, std::string_view origin) {
  fetch_request request;
  request.url = url;
  request.destination = "script";
  request.mode = request_mode::no_cors;
  if (type == worker_type::module) {
    request.mode = request_mode::cors;
    request.origin = origin;
  }
  request.credentials = credentials_mode::same_origin;
  return request;
}

} // namespace offstage

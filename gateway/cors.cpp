// SPDX-License-Identifier: MIT
#include "gateway/cors.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "gateway/http_message.hpp"

namespace offstage {

namespace {

constexpr std::array<uint16_t, 83> bad_ports{
    0,    1,    7,    9,    11,   13,   15,   17,   19,   20,   21,   22,   23,   25,
    37,   42,   43,   53,   69,   77,   79,   87,   95,   101,  102,  103,  104,  109,
    110,  111,  113,  115,  117,  119,  123,  135,  137,  139,  143,  161,  179,  389,
    427,  465,  512,  513,  514,  515,  526,  530,  531,  532,  540,  548,  554,  556,
    563,  587,  601,  636,  989,  990,  993,  995,  1719, 1720, 1723, 2049, 3659, 4045,
    4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080};

// Headers that scripts cannot set; they come from the HTTP client that a request began with.
constexpr std::array<std::string_view, 20> forbidden_names{"accept-charset",
                                                           "accept-encoding",
                                                           "access-control-request-headers",
                                                           "access-control-request-method",
                                                           "connection",
                                                           "content-length",
                                                           "cookie",
                                                           "cookie2",
                                                           "date",
                                                           "dnt",
                                                           "expect",
                                                           "host",
                                                           "keep-alive",
                                                           "origin",
                                                           "referer",
                                                           "te",
                                                           "trailer",
                                                           "transfer-encoding",
                                                           "upgrade",
                                                           "via"};

constexpr size_t safelisted_value_bytes_max = 128;

std::string lower_case(std::string_view text) {
  std::string result{text};
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  });
  return result;
}

bool is_forbidden(const std::string& name) {
  return std::ranges::find(forbidden_names, name) != forbidden_names.end()
         || name.starts_with("sec-") || name.starts_with("proxy-");
}

bool has_unsafe_byte(std::string_view value) {
  return std::ranges::any_of(value, [](char c) {
    const auto byte = static_cast<uint8_t>(c);
    return (byte < 0x20 && byte != 0x09) || byte == 0x7F
           || std::string_view{"\"():<>?@[\\]{}"}.find(c) != std::string_view::npos;
  });
}

bool is_plain_content_type(std::string_view value) {
  const auto essence = value.substr(0, value.find_first_of("; \t"));
  return equal_names(essence, "application/x-www-form-urlencoded")
         || equal_names(essence, "multipart/form-data") || equal_names(essence, "text/plain");
}

bool is_language_list(std::string_view value) {
  return std::ranges::all_of(value, [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
           || std::string_view{" *,-.;="}.find(c) != std::string_view::npos;
  });
}

bool is_safelisted(const std::string& name, std::string_view value) {
  if (value.size() > safelisted_value_bytes_max)
    return false;
  if (name == "accept")
    return !has_unsafe_byte(value);
  if (name == "accept-language" || name == "content-language")
    return is_language_list(value);
  if (name == "content-type")
    return !has_unsafe_byte(value) && is_plain_content_type(value);
  if (name == "range")
    return value.starts_with("bytes=") && value.size() > 6 && value[6] >= '0' && value[6] <= '9'
           && value.find(',') == std::string_view::npos;
  // Deviation: browsers send these of their own, so they are no author's headers.
  return name == "user-agent" || name == "cache-control" || name == "pragma"
         || name == "upgrade-insecure-requests";
}

} // namespace

bool is_bad_port(const url& target) {
  return target.port() && std::ranges::binary_search(bad_ports, *target.port());
}

bool cors_check(const header_list& response, std::string_view origin,
                credentials_mode credentials) {
  const auto allowed = response.get("Access-Control-Allow-Origin");
  if (!allowed)
    return false;
  const auto with_credentials = credentials == credentials_mode::include;
  if (*allowed == "*" && !with_credentials)
    return true;
  if (*allowed != origin)
    return false;
  return !with_credentials || response.get("Access-Control-Allow-Credentials") == "true";
}

std::vector<std::string> unsafe_header_names(const header_list& request) {
  std::vector<std::string> names;
  for (const auto& x : request.items()) {
    auto name = lower_case(x.name);
    if (!is_forbidden(name) && !is_safelisted(name, x.value))
      names.push_back(std::move(name));
  }
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

bool is_safelisted_method(std::string_view method) {
  return method == "GET" || method == "HEAD" || method == "POST";
}

namespace {

// The members of a header whose values are lists of tokens; nothing if one of them is no token.
std::optional<std::vector<std::string>> tokens_of(const header_list& headers,
                                                  std::string_view name) {
  std::vector<std::string> tokens;
  const auto value = headers.get(name).value_or("");
  std::string_view rest{value};
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    auto member = rest.substr(0, comma);
    const auto first = std::min(member.find_first_not_of(" \t"), member.size());
    member = member.substr(first, member.find_last_not_of(" \t") + 1 - first);
    if (!member.empty() && !is_header_name(member))
      return std::nullopt;
    if (!member.empty())
      tokens.emplace_back(member);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return tokens;
}

} // namespace

bool preflight_permits(const header_list& answer, const fetch_request& request,
                       const std::vector<std::string>& names) {
  const auto any_allowed = request.credentials != credentials_mode::include;
  const auto methods = tokens_of(answer, "Access-Control-Allow-Methods");
  const auto allowed = tokens_of(answer, "Access-Control-Allow-Headers");
  if (!methods || !allowed)
    return false;
  const auto has_method = [&](std::string_view x) {
    return std::ranges::find(*methods, x) != methods->end();
  };
  if (!is_safelisted_method(request.method) && !has_method(request.method)
      && !(any_allowed && has_method("*")))
    return false;
  const auto has_name = [&](std::string_view name) {
    return std::ranges::any_of(*allowed, [&](const auto& x) { return equal_names(x, name); });
  };
  return std::ranges::all_of(names, [&](const std::string& name) {
    return has_name(name) || (any_allowed && name != "authorization" && has_name("*"));
  });
}

header_list cors_visible_headers(const header_list& response, credentials_mode credentials) {
  static constexpr std::array<std::string_view, 7> always{
      "Cache-Control", "Content-Language", "Content-Length", "Content-Type",
      "Expires",       "Last-Modified",    "Pragma"};
  const auto exposed = response.get("Access-Control-Expose-Headers").value_or("");
  const auto all = credentials != credentials_mode::include && list_has(exposed, "*");
  header_list visible;
  for (const auto& x : response.items()) {
    const auto is_cookie = equal_names(x.name, "Set-Cookie") || equal_names(x.name, "Set-Cookie2");
    const auto is_always =
        std::ranges::any_of(always, [&](auto name) { return equal_names(name, x.name); });
    if (!is_cookie && (is_always || all || list_has(exposed, x.name)))
      visible.append(x.name, x.value);
  }
  return visible;
}

} // namespace offstage

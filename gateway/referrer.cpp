// SPDX-License-Identifier: MIT
#include "gateway/referrer.hpp"

#include <algorithm>
#include <array>

#include "gateway/fetch_limits.hpp"

namespace offstage {

namespace {

constexpr std::string_view default_policy = "strict-origin-when-cross-origin";

constexpr std::array<std::string_view, 8> policies{
    "no-referrer",   "no-referrer-when-downgrade", "same-origin",  "origin",
    "strict-origin", "origin-when-cross-origin",   default_policy, "unsafe-url"};

std::string_view known(std::string_view policy) {
  return policy.empty() ? default_policy : policy;
}

bool is_downgrade(const url& source, const url& target) {
  return source.is_potentially_trustworthy() && !target.is_potentially_trustworthy();
}

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

std::string whole_of(const url& source) {
  auto stripped = source;
  stripped.set_username("");
  stripped.set_password("");
  auto text = stripped.href(url::fragment_mode::exclude);
  return text.size() > limits::referrer_bytes_max ? source.origin() + "/" : text;
}

} // namespace

std::optional<std::string> referrer_for(const url& source, const url& target,
                                        std::string_view policy) {
  policy = known(policy);
  if (!source.is_http() || policy == "no-referrer")
    return std::nullopt;
  const auto is_same = source.origin() == target.origin();
  const auto hides_path = policy == "origin" || policy == "strict-origin";
  if (policy == "unsafe-url" || (is_same && !hides_path))
    return whole_of(source);
  if (policy == "same-origin")
    return std::nullopt;
  const auto is_strict = policy.starts_with("strict") || policy == "no-referrer-when-downgrade";
  if (is_strict && is_downgrade(source, target))
    return std::nullopt;
  return policy == "no-referrer-when-downgrade" ? whole_of(source) : source.origin() + "/";
}

std::string policy_of_header(const header_list& response) {
  const auto value = response.get("Referrer-Policy").value_or("");
  std::string_view rest{value};
  std::string result;
  while (!rest.empty()) {
    const auto comma = std::min(rest.find(','), rest.size());
    std::string token{trimmed(rest.substr(0, comma))};
    std::ranges::transform(token, token.begin(), [](char c) {
      return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    });
    if (std::ranges::find(policies, token) != policies.end())
      result = std::move(token);
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  return result;
}

bool policy_shows_origin(const url& origin, const url& target, std::string_view policy) {
  policy = known(policy);
  if (policy == "no-referrer")
    return false;
  if (policy == "same-origin")
    return origin.origin() == target.origin();
  const auto is_strict = policy.starts_with("strict") || policy == "no-referrer-when-downgrade";
  return !is_strict || origin.scheme() != "https" || target.scheme() == "https";
}

} // namespace offstage

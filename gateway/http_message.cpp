// SPDX-License-Identifier: MIT
#include "gateway/http_message.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include "protocol/limits_of_wire.hpp"

namespace offstage {

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

template <class Visitor>
void for_each_member(std::string_view list, Visitor visit) {
  while (!list.empty()) {
    const auto comma = std::min(list.find(','), list.size());
    if (const auto member = trimmed(list.substr(0, comma)); !member.empty())
      visit(member);
    list.remove_prefix(std::min(comma + 1, list.size()));
  }
}

size_t count_of(const header_list& headers, std::string_view name) {
  return static_cast<size_t>(std::ranges::count_if(
      headers.items(), [&](const header& x) { return equal_names(x.name, name); }));
}

bool is_host(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return static_cast<uint8_t>(c) > 0x20 && static_cast<uint8_t>(c) < 0x7F
           && std::string_view{"/?#@\\\"<>^`{|},"}.find(c) == std::string_view::npos;
  });
}

// Proxies disagree about how a message with two framings ends, so there is exactly one or none.
std::optional<http_problem> check_framing(http_request_head& head) {
  const auto coding = head.headers.get("Transfer-Encoding");
  const auto length = head.headers.get("Content-Length");
  if (count_of(head.headers, "Content-Length") > 1 || (coding && length))
    return http_problem::bad_request;
  if (coding) {
    if (head.version < 11)
      return http_problem::bad_request;
    if (!equal_names(*coding, "chunked"))
      return http_problem::coding_unknown;
    head.chunked = true;
  }
  if (length) {
    const auto* end = length->data() + length->size();
    const auto parsed = std::from_chars(length->data(), end, head.content_length);
    if (length->empty() || parsed.ec != std::errc{} || parsed.ptr != end)
      return http_problem::bad_request;
  }
  return std::nullopt;
}

std::optional<http_problem> check_method(const http_request_head& head) {
  if (!is_header_name(head.method))
    return http_problem::bad_request;
  static constexpr std::array<std::string_view, 3> refused{"CONNECT", "TRACE", "TRACK"};
  if (std::ranges::any_of(refused, [&](auto x) { return equal_names(x, head.method); }))
    return http_problem::method_refused;
  return std::nullopt;
}

std::optional<http_problem> check_expectation(http_request_head& head) {
  const auto expectation = head.headers.get("Expect");
  if (!expectation)
    return std::nullopt;
  if (!equal_names(*expectation, "100-continue"))
    return http_problem::expectation_failed;
  head.expects_continue = head.version >= 11 && head.has_body();
  return std::nullopt;
}

} // namespace

bool list_has(std::string_view list, std::string_view member) {
  auto found = false;
  for_each_member(list, [&](std::string_view x) { found = found || equal_names(x, member); });
  return found;
}

std::optional<http_problem> check_request_head(http_request_head& head) {
  if (head.headers.size() > wire::header_count_max)
    return http_problem::head_too_large;
  for (const auto& x : head.headers.items())
    if (!is_header_name(x.name) || !is_header_value(x.value))
      return http_problem::bad_request;
  if (const auto hosts = count_of(head.headers, "Host");
      hosts > 1 || (hosts == 0 && head.version > 10))
    return http_problem::bad_request;
  if (!is_host(head.headers.get("Host").value_or("")))
    return http_problem::bad_request;
  if (auto problem = check_method(head))
    return problem;
  if (auto problem = check_framing(head))
    return problem;
  const auto connection = head.headers.get("Connection").value_or("");
  head.keep_alive =
      head.version >= 11 ? !list_has(connection, "close") : list_has(connection, "keep-alive");
  return check_expectation(head);
}

void remove_connection_headers(header_list& headers) {
  std::vector<std::string> names{"Connection", "Keep-Alive",        "Proxy-Connection", "TE",
                                 "Trailer",    "Transfer-Encoding", "Upgrade"};
  for_each_member(headers.get("Connection").value_or(""),
                  [&](std::string_view x) { names.emplace_back(x); });
  for (const auto& name : names)
    headers.remove(name);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "gateway/response_head.hpp"

#include <array>
#include <charconv>
#include <cstdio>
#include <ctime>
#include <optional>

#include "gateway/http_message.hpp"
#include "gateway/http_problem.hpp"

namespace offstage {

namespace {

bool forbids_body(uint16_t status) {
  return status < 200 || status == 204 || status == 205 || status == 304;
}

std::optional<uint64_t> known_length(const body& content) {
  if (content.kind == body_kind::none)
    return 0;
  if (content.kind == body_kind::inline_bytes)
    return content.bytes.size();
  if (content.length >= 0)
    return static_cast<uint64_t>(content.length);
  return std::nullopt;
}

// A worker's HEAD answer has no body to measure, so there its own claim stands if it is a number.
std::optional<uint64_t> claimed_length(const header_list& headers) {
  const auto value = headers.get("Content-Length");
  uint64_t length = 0;
  if (!value || value->empty())
    return std::nullopt;
  const auto* end = value->data() + value->size();
  const auto parsed = std::from_chars(value->data(), end, length);
  if (parsed.ec != std::errc{} || parsed.ptr != end)
    return std::nullopt;
  return length;
}

void add_line(std::string& head, std::string_view name, std::string_view value) {
  head += name;
  head += ": ";
  head += value;
  head += "\r\n";
}

std::string status_line(const fetch_response& response) {
  auto line = "HTTP/1.1 " + std::to_string(response.status) + " ";
  if (is_header_value(response.status_text) && !response.status_text.empty())
    line += response.status_text;
  else
    line += reason_phrase(response.status);
  return line + "\r\n";
}

void add_fields(std::string& head, const header_list& headers, std::string_view date) {
  auto has_date = false;
  for (const auto& x : headers.items()) {
    if (!is_header_name(x.name) || !is_header_value(x.value)
        || equal_names(x.name, "Content-Length"))
      continue;
    has_date = has_date || equal_names(x.name, "Date");
    add_line(head, x.name, x.value);
  }
  if (!has_date)
    add_line(head, "Date", date);
}

body_framing framing_for(const std::optional<uint64_t>& length, const answer_form& form) {
  if (length)
    return body_framing::length;
  return form.version >= 11 ? body_framing::chunked : body_framing::until_close;
}

} // namespace

response_plan plan_response(const fetch_response& response, const answer_form& form,
                            std::string_view date) {
  response_plan plan;
  plan.keep_alive = form.keep_alive;
  auto headers = response.headers;
  remove_connection_headers(headers);
  plan.head = status_line(response);
  add_fields(plan.head, headers, date);
  if (form.is_head) {
    const auto is_empty = response.content.kind == body_kind::none;
    const auto length = is_empty ? claimed_length(headers) : known_length(response.content);
    if (length && !forbids_body(response.status))
      add_line(plan.head, "Content-Length", std::to_string(*length));
  } else if (!forbids_body(response.status)) {
    const auto length = known_length(response.content);
    plan.framing = framing_for(length, form);
    if (length)
      add_line(plan.head, "Content-Length", std::to_string(plan.length = *length));
    else if (plan.framing == body_framing::chunked)
      add_line(plan.head, "Transfer-Encoding", "chunked");
    else
      plan.keep_alive = false;
  } else if (response.status == 205) {
    add_line(plan.head, "Content-Length", "0");
  }
  if (!plan.keep_alive)
    add_line(plan.head, "Connection", "close");
  else if (form.version < 11)
    add_line(plan.head, "Connection", "keep-alive");
  plan.head += "\r\n";
  return plan;
}

std::string http_date(int64_t seconds_since_epoch) {
  static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto time = static_cast<time_t>(seconds_since_epoch);
  std::tm parts{};
  gmtime_r(&time, &parts);
  std::array<char, 64> text{};
  const auto size = std::snprintf(text.data(), text.size(), "%s, %02d %s %04d %02d:%02d:%02d GMT",
                                  days[static_cast<size_t>(parts.tm_wday)], parts.tm_mday,
                                  months[static_cast<size_t>(parts.tm_mon)], parts.tm_year + 1900,
                                  parts.tm_hour, parts.tm_min, parts.tm_sec);
  return {text.data(), static_cast<size_t>(size)};
}

} // namespace offstage

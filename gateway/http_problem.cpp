// SPDX-License-Identifier: MIT
#include "gateway/http_problem.hpp"

#include <algorithm>

#include <caf/error.hpp>
#include <caf/sec.hpp>

#include "protocol/errors.hpp"

namespace offstage {

namespace {

constexpr size_t detail_bytes_max = 300;

// A page may be shown to anybody: control bytes go, markup is escaped, and it is cut at a whole
// UTF-8 sequence.
std::string printable(std::string_view text, page_format format) {
  auto size = std::min(text.size(), detail_bytes_max);
  while (size < text.size() && size > 0 && (static_cast<uint8_t>(text[size]) & 0xC0) == 0x80)
    --size;
  std::string result;
  for (const auto c : text.substr(0, size)) {
    if (static_cast<uint8_t>(c) < 0x20 || c == 0x7F)
      result += ' ';
    else if (format == page_format::html && c == '<')
      result += "&lt;";
    else if (format == page_format::html && c == '&')
      result += "&amp;";
    else
      result += c;
  }
  return result;
}

std::string html_page(uint16_t status, std::string_view text, const std::string& detail) {
  const auto title = std::to_string(status) + " " + std::string{reason_phrase(status)};
  std::string page = "<!doctype html><meta charset=utf-8><meta name=viewport "
                     "content=\"width=device-width\"><title>"
                     + title
                     + "</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:36em;"
                       "margin:20vh auto;padding:0 1em;color:#333}small{color:#888}</style><h1>";
  page += text;
  page += "</h1>";
  if (!detail.empty())
    page += "<p>" + detail + "</p>";
  return page + "<small>" + title + "</small>\n";
}

std::string text_page(uint16_t status, std::string_view text, const std::string& detail) {
  auto page = std::to_string(status) + " " + std::string{reason_phrase(status)} + "\n";
  page += text;
  page += '\n';
  return detail.empty() ? page : page + detail + "\n";
}

} // namespace

uint16_t status_of(http_problem problem) {
  switch (problem) {
#define OFFSTAGE_CASE(name, status, text)                                                          \
  case http_problem::name:                                                                         \
    return status;
    OFFSTAGE_HTTP_PROBLEMS(OFFSTAGE_CASE)
#undef OFFSTAGE_CASE
  }
  return 500;
}

std::string_view text_of(http_problem problem) {
  switch (problem) {
#define OFFSTAGE_CASE(name, status, text)                                                          \
  case http_problem::name:                                                                         \
    return text;
    OFFSTAGE_HTTP_PROBLEMS(OFFSTAGE_CASE)
#undef OFFSTAGE_CASE
  }
  return "Something went wrong.";
}

http_problem problem_of(const caf::error& error) {
  if (error == worker_error::queue_full || error == node_error::limit_exceeded)
    return http_problem::overload;
  if (error == worker_error::stopping)
    return http_problem::stopping;
  if (error == worker_error::event_timed_out || error == caf::sec::request_timeout)
    return http_problem::timed_out;
  if (error == caf::sec::request_receiver_down)
    return http_problem::stopping;
  return http_problem::worker_failed;
}

fetch_response problem_page(http_problem problem, std::string_view detail, page_format format) {
  const auto status = status_of(problem);
  const auto shown = printable(detail, format);
  fetch_response response;
  response.status = status;
  if (format == page_format::html) {
    response.headers.append("Content-Type", "text/html; charset=utf-8");
    response.content = body::of(shared_bytes{html_page(status, text_of(problem), shown)});
  } else {
    response.headers.append("Content-Type", "text/plain; charset=utf-8");
    response.content = body::of(shared_bytes{text_page(status, text_of(problem), shown)});
  }
  response.headers.append("Cache-Control", "no-store");
  if (status == 503)
    response.headers.append("Retry-After", "1");
  if (status == 405)
    response.headers.append("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
  return response;
}

} // namespace offstage

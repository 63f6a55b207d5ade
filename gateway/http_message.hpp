// SPDX-License-Identifier: MIT
#pragma once

// The head of one HTTP/1.x request as it came, checked for everything that could make two readers
// of the same bytes disagree. A value.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "gateway/http_problem.hpp"
#include "protocol/headers.hpp"

namespace offstage {

struct http_request_head {
  std::string method;
  std::string target;
  uint32_t version = 11; ///< 10 or 11.
  header_list headers;
  bool keep_alive = true;
  bool expects_continue = false;
  bool chunked = false;
  uint64_t content_length = 0; ///< 0 as well when the body is chunked.

  bool has_body() const { return chunked || content_length > 0; }
  bool is_head() const { return method == "HEAD"; }
};

/// Derives keep_alive and the body's framing from the header list, and refuses what is ambiguous.
std::optional<http_problem> check_request_head(http_request_head& head);

/// Whether a comma-separated list (Connection, Transfer-Encoding) has this member.
bool list_has(std::string_view list, std::string_view member);

/// Removes the headers that concern one connection only, among them those that Connection names.
void remove_connection_headers(header_list& headers);

} // namespace offstage

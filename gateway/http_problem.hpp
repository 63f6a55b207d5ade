// SPDX-License-Identifier: MIT
#pragma once

// The one table from what went wrong to what an HTTP client is told, and the page that tells it.
// Pages are small, need nothing else from the site, and name no address or path of the inside.

#include <cstdint>
#include <string>
#include <string_view>

#include <caf/fwd.hpp>

#include "protocol/response.hpp"

namespace offstage {

#define OFFSTAGE_HTTP_PROBLEMS(X)                                                                  \
  X(bad_request, 400, "The request is not valid HTTP.")                                            \
  X(bad_target, 400, "The request does not name a valid URL.")                                     \
  X(unknown_site, 404, "No site with this name is served here.")                                   \
  X(method_refused, 405, "This method is not allowed.")                                            \
  X(too_slow, 408, "The request took too long to arrive.")                                         \
  X(body_too_large, 413, "The request's body is too large.")                                       \
  X(expectation_failed, 417, "The request expects something that is not supported.")               \
  X(head_too_large, 431, "The request's header fields are too large.")                             \
  X(worker_failed, 502, "The site's service worker could not answer.")                             \
  X(upstream_failed, 502, "The site could not be reached.")                                        \
  X(coding_unknown, 501, "The request's transfer coding is not supported.")                        \
  X(overload, 503, "Too many requests are waiting. Try again in a moment.")                        \
  X(stopping, 503, "The server is stopping. Try again in a moment.")                               \
  X(timed_out, 504, "The answer took too long.")                                                   \
  X(version_unknown, 505, "This version of HTTP is not supported.")

#define OFFSTAGE_ENUMERATOR(name, status, text) name,
enum class http_problem : uint8_t { OFFSTAGE_HTTP_PROBLEMS(OFFSTAGE_ENUMERATOR) };
#undef OFFSTAGE_ENUMERATOR

uint16_t status_of(http_problem problem);
std::string_view text_of(http_problem problem);

/// What an actor's error means to an HTTP client.
http_problem problem_of(const caf::error& error);

enum class page_format : uint8_t { text, html };

/// The answer for a problem. `detail` is what the site's own worker said, if anything.
fetch_response problem_page(http_problem problem, std::string_view detail, page_format format);

/// The reason phrase of a status code, or an empty string.
std::string_view reason_phrase(uint16_t status);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// How a response goes onto an HTTP/1.x connection: its head as bytes, and how the end of its body
// is told. Whatever a worker answers is framed safely here: headers that concern the connection go,
// invalid ones go, and the length is the body's, not the worker's claim. A value.

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/response.hpp"

namespace offstage {

enum class body_framing : uint8_t { none, length, chunked, until_close };

/// What the request asks of its answer's form.
struct answer_form {
  uint32_t version = 11;
  bool is_head = false;
  bool keep_alive = true;
};

struct response_plan {
  std::string head;
  body_framing framing = body_framing::none;
  uint64_t length = 0; ///< Of body_framing::length.
  bool keep_alive = true;
};

response_plan plan_response(const fetch_response& response, const answer_form& form,
                            std::string_view date);

/// The value of a Date header.
std::string http_date(int64_t seconds_since_epoch);

} // namespace offstage

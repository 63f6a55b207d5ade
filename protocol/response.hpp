// SPDX-License-Identifier: MIT
#pragma once

// Fetch's response as a value. A network error is a response of type `error`, whose reason is for
// logs only. Responses of type basic, opaque and opaque_redirect carry their internal response
// (status, headers, body), because a worker may answer with them unread; who shows one to a script
// shows the filtered view. Spec: Fetch#concept-filtered-response

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "protocol/body.hpp"
#include "protocol/bounded.hpp"
#include "protocol/headers.hpp"

namespace offstage {

enum class response_type : uint8_t { default_, basic, cors, error, opaque, opaque_redirect };

struct fetch_response {
  response_type type = response_type::default_;
  std::vector<std::string>
      url_list; ///< Every URL that led here, without fragments; the last is Response.url.
  uint16_t status = 200;
  std::string status_text;
  header_list headers;
  body content;
  std::string reason; ///< Why it is a network error; never shown to scripts.

  static fetch_response network_error(std::string reason) {
    fetch_response result;
    result.type = response_type::error;
    result.status = 0;
    result.reason = std::move(reason);
    return result;
  }

  bool is_network_error() const { return type == response_type::error; }
  bool is_ok() const { return status >= 200 && status <= 299; }

  template <class Inspector>
  friend auto inspect(Inspector& f, fetch_response& x) {
    return f(caf::meta::type_name("fetch_response"), x.type, at_most(wire::urls_max, x.url_list),
             x.status, x.status_text, x.headers, x.content, x.reason);
  }
};

} // namespace offstage

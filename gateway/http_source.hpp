// SPDX-License-Identifier: MIT
#pragma once

// Something that answers one HTTP request: the network or a directory. Belongs to one loop's
// thread. The head handler is called once unless abort() came first; take_body() may be called once
// by then, and who does not call it calls abort().

#include <functional>
#include <optional>
#include <string>

#include "protocol/body.hpp"
#include "protocol/headers.hpp"

namespace offstage {

struct outgoing_request {
  std::string method;
  std::string url;
  header_list headers;
  bool with_cookies = false; ///< Of the fetcher's own jar, if it has one.
  body content;
};

struct incoming_head {
  uint16_t status = 0;
  std::string status_text;
  header_list headers;
};

/// The head, or why there is none.
using head_handler = std::function<void(std::optional<incoming_head>, const std::string& failure)>;

class http_source {
public:
  virtual ~http_source() = default;
  virtual void start() = 0;
  virtual void abort() = 0;
  virtual body take_body() = 0;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Reads one HTTP/1.x request after the other from a byte buffer. It keeps no bytes itself: the
// caller keeps what put() did not consume and presents it again with more behind it. After a
// failure the connection is of no more use.

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "gateway/http_message.hpp"
#include "gateway/http_problem.hpp"

namespace offstage {

class http_request_parser {
public:
  enum class state : uint8_t { head, body, complete, failed };

  http_request_parser(size_t head_bytes_max, uint64_t body_bytes_max);
  ~http_request_parser();

  /// Forgets the last request.
  void reset();

  /// Consumes what it can until the head is complete, or of the body, which it appends to
  /// `body_out`; returns how many bytes that were.
  size_t put(std::string_view bytes, std::string& body_out);

  state current() const { return state_; }
  http_problem problem() const { return problem_; }
  const http_request_head& head() const { return head_; }

private:
  class beast_parser;

  void finish_head();
  void fail(http_problem problem);

  size_t head_bytes_max_;
  uint64_t body_bytes_max_;
  std::unique_ptr<beast_parser> parser_;
  http_request_head head_;
  state state_ = state::head;
  http_problem problem_ = http_problem::bad_request;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "gateway/http_request_parser.hpp"

#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/status.hpp>

namespace offstage {

namespace http = boost::beast::http;
using boost::beast::error_code;

class http_request_parser::beast_parser : public http::basic_parser<true> {
public:
  explicit beast_parser(http_request_head& head) : head_(head) {}

  size_t put_into(std::string& body_out, std::string_view bytes, error_code& error) {
    body_out_ = &body_out;
    return put(boost::asio::const_buffer{bytes.data(), bytes.size()}, error);
  }

private:
  void on_request_impl(http::verb, boost::beast::string_view method,
                       boost::beast::string_view target, int version, error_code&) override {
    head_.method.assign(method.data(), method.size());
    head_.target.assign(target.data(), target.size());
    head_.version = static_cast<uint32_t>(version);
  }

  void on_response_impl(int, boost::beast::string_view, int, error_code&) override {}

  // Fields that come after the head are trailers, which nobody asked for.
  void on_field_impl(http::field, boost::beast::string_view name, boost::beast::string_view value,
                     error_code&) override {
    if (!is_header_done())
      head_.headers.append(std::string{name.data(), name.size()},
                           std::string{value.data(), value.size()});
  }

  void on_header_impl(error_code&) override {}
  void on_body_init_impl(const boost::optional<uint64_t>&, error_code&) override {}

  size_t on_body_impl(boost::beast::string_view bytes, error_code&) override {
    body_out_->append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_chunk_header_impl(uint64_t, boost::beast::string_view, error_code&) override {}

  size_t on_chunk_body_impl(uint64_t, boost::beast::string_view bytes, error_code&) override {
    body_out_->append(bytes.data(), bytes.size());
    return bytes.size();
  }

  void on_finish_impl(error_code&) override {}

  http_request_head& head_;
  std::string* body_out_ = nullptr;
};

namespace {

http_problem problem_of_parser(const error_code& error) {
  if (error == http::error::header_limit)
    return http_problem::head_too_large;
  if (error == http::error::body_limit)
    return http_problem::body_too_large;
  if (error == http::error::bad_version)
    return http_problem::version_unknown;
  return http_problem::bad_request;
}

} // namespace

http_request_parser::http_request_parser(size_t head_bytes_max, uint64_t body_bytes_max)
    : head_bytes_max_(head_bytes_max), body_bytes_max_(body_bytes_max) {
  reset();
}

http_request_parser::~http_request_parser() = default;

void http_request_parser::reset() {
  head_ = {};
  state_ = state::head;
  parser_ = std::make_unique<beast_parser>(head_);
  parser_->header_limit(static_cast<uint32_t>(head_bytes_max_));
  parser_->body_limit(body_bytes_max_);
}

size_t http_request_parser::put(std::string_view bytes, std::string& body_out) {
  size_t consumed = 0;
  while (consumed < bytes.size() && (state_ == state::head || state_ == state::body)) {
    const auto before = state_;
    error_code error;
    const auto count = parser_->put_into(body_out, bytes.substr(consumed), error);
    consumed += count;
    if (error && error != http::error::need_more) {
      fail(problem_of_parser(error));
    } else if (before == state::head && parser_->is_header_done()) {
      finish_head();
      break;
    } else if (parser_->is_done()) {
      state_ = state::complete;
    } else if (error == http::error::need_more || count == 0) {
      break;
    }
  }
  return consumed;
}

void http_request_parser::finish_head() {
  if (const auto problem = check_request_head(head_))
    fail(*problem);
  else
    state_ = parser_->is_done() ? state::complete : state::body;
}

void http_request_parser::fail(http_problem problem) {
  state_ = state::failed;
  problem_ = problem;
}

} // namespace offstage

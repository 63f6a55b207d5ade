// SPDX-License-Identifier: MIT
#include "gateway/session.hpp"

#include "gateway/request_mapping.hpp"
#include "protocol/errors.hpp"

namespace offstage {

using boost::system::error_code;

namespace {

constexpr std::chrono::milliseconds no_deadline{-1};
constexpr size_t agent_bytes_max = 256;

} // namespace

session::session(session_host& host, boost::asio::ip::tcp::socket socket)
    : host_(host),
      socket_(std::move(socket)),
      input_(host.options->limits.request_head_bytes_max),
      parser_(host.options->limits.request_head_bytes_max,
              host.options->limits.request_body_bytes_max) {
  error_code ignored;
  const auto endpoint = socket_.remote_endpoint(ignored);
  peer_ = endpoint.address().to_string();
  socket_.set_option(boost::asio::ip::tcp::no_delay{true}, ignored);
  socket_.non_blocking(true, ignored);
}

void session::start() {
  enter(stage::idle, host_.options->limits.head_time_max);
  read();
}

void session::enter(stage next, std::chrono::milliseconds time) {
  stage_ = next;
  deadline_ = time == no_deadline ? time_point::max() : io_loop::clock::now() + time;
}

void session::read() {
  if (reading_ || stage_ == stage::closed || input_.is_full())
    return;
  reading_ = true;
  socket_.async_read_some(
      input_.prepare(),
      [self = shared_from_this()](error_code error, size_t count) { self->on_read(error, count); });
}

void session::on_read(error_code error, size_t count) {
  reading_ = false;
  if (stage_ == stage::closed)
    return;
  if (error) {
    close();
    return;
  }
  input_.commit(count);
  process();
}

void session::process() {
  auto goes_on = true;
  while (goes_on) {
    switch (stage_) {
    case stage::idle:
    case stage::head:
      goes_on = process_head();
      break;
    case stage::gathering:
    case stage::answering:
    case stage::discarding:
      goes_on = process_body();
      break;
    case stage::lingering:
      input_.consume(input_.view().size());
      goes_on = false;
      break;
    case stage::closed:
      return;
    }
  }
  read();
}

bool session::process_head() {
  // Empty lines before a request line are allowed, and some clients send one after a body.
  while (stage_ == stage::idle && input_.view().starts_with("\r\n"))
    input_.consume(2);
  if (input_.empty())
    return false;
  if (stage_ == stage::idle)
    enter(stage::head, host_.options->limits.head_time_max);
  const auto count = parser_.put(input_.view(), body_);
  input_.consume(count);
  switch (parser_.current()) {
  case http_request_parser::state::head:
    return count > 0;
  case http_request_parser::state::failed:
    form_ = {.version = 11, .is_head = false, .keep_alive = false};
    refuse(parser_.problem());
    return false;
  case http_request_parser::state::body:
  case http_request_parser::state::complete:
    begin_request();
    return true;
  }
  return false;
}

void session::begin_request() {
  const auto& head = parser_.head();
  form_ = {.version = head.version, .is_head = head.is_head(), .keep_alive = head.keep_alive};
  last_body_byte_ = io_loop::clock::now();
  if (parser_.current() == http_request_parser::state::body) {
    const auto is_short = !head.chunked && head.content_length <= wire::inline_bytes_max;
    if (is_short && !head.expects_continue) {
      enter(stage::gathering, host_.options->limits.body_idle_max);
      return;
    }
    input_.consume(parser_.put(input_.view(), body_));
  }
  dispatch();
}

bool session::process_body() {
  const auto is_open = parser_.current() == http_request_parser::state::body;
  if (!is_open) {
    if (stage_ == stage::gathering)
      dispatch();
    else if (stage_ == stage::discarding)
      next_request();
    return stage_ == stage::idle;
  }
  if (stage_ == stage::answering && feed_ && feed_->buffered() >= limits::body_window_bytes)
    return false;
  const auto count = parser_.put(input_.view(), body_);
  input_.consume(count);
  if (parser_.current() == http_request_parser::state::failed || (count == 0 && input_.is_full())) {
    fail_body(parser_.problem());
    return false;
  }
  if (count == 0)
    return false;
  last_body_byte_ = io_loop::clock::now();
  if (stage_ == stage::gathering) {
    enter(stage::gathering, host_.options->limits.body_idle_max);
  } else if (stage_ == stage::discarding) {
    discarded_ += std::exchange(body_, {}).size();
    if (discarded_ > limits::discard_bytes_max)
      linger();
  } else {
    feed_->append(std::exchange(body_, {}));
    if (parser_.current() == http_request_parser::state::complete)
      feed_->finish();
  }
  return true;
}

void session::dispatch() {
  const auto& head = parser_.head();
  const auto* site = host_.sites->find(host_of(head));
  auto request = site ? map_request(head, *site) : std::nullopt;
  if (parser_.current() == http_request_parser::state::failed || !request) {
    refuse(!site     ? http_problem::unknown_site
           : request ? parser_.problem()
                     : http_problem::bad_target);
    return;
  }
  request->content = make_body();
  enter(stage::answering, no_deadline);
  interception::options options;
  options.bridge = host_.bridge;
  options.peers = host_.peers;
  options.site = site;
  options.peer_tag = peer_tag();
  options.format = accepts_html(head.headers) ? page_format::html : page_format::text;
  options.renew_body = [self = weak_from_this()]() -> std::optional<body> {
    const auto alive = self.lock();
    return alive ? alive->renew_body() : std::nullopt;
  };
  options.answer = [self = weak_from_this()](fetch_response response) {
    if (const auto alive = self.lock())
      alive->answer(std::move(response));
  };
  interception_ = std::make_shared<interception>(std::move(options), std::move(*request));
  interception_->start();
}

std::string session::peer_tag() const {
  const auto agent = parser_.head().headers.get("User-Agent").value_or("");
  return peer_ + " " + agent.substr(0, agent_bytes_max);
}

body session::make_body() {
  if (!parser_.head().has_body())
    return {};
  if (parser_.current() == http_request_parser::state::complete) {
    short_body_ = shared_bytes{std::exchange(body_, {})};
    return body::of(short_body_);
  }
  feed_ = std::make_shared<body_feed>(body_feed::hooks{[self = weak_from_this()] {
                                                         if (const auto alive = self.lock())
                                                           alive->on_body_pulled();
                                                       },
                                                       {}});
  feed_->append(std::exchange(body_, {}));
  return *renew_body();
}

std::optional<body> session::renew_body() {
  if (!feed_)
    return parser_.head().has_body() ? body::of(short_body_) : body{};
  if (feed_->handed_out() > 0)
    return std::nullopt;
  if (!feed_->has_source())
    source_ = feed_->source(*host_.system, host_.loop);
  const auto& head = parser_.head();
  return body::of(source_, head.chunked ? -1 : static_cast<int64_t>(head.content_length));
}

void session::on_body_pulled() {
  if (stage_ != stage::answering || parser_.current() != http_request_parser::state::body)
    return;
  if (!writer_)
    write_continue();
  if (stage_ != stage::closed)
    process();
}

bool session::waits_to_continue() const {
  return parser_.head().expects_continue && !continue_sent_
         && parser_.current() == http_request_parser::state::body;
}

// Nothing else is being written before the answer's head, so the socket takes a line at once.
void session::write_continue() {
  if (!waits_to_continue())
    return;
  continue_sent_ = true;
  static constexpr std::string_view line = "HTTP/1.1 100 Continue\r\n\r\n";
  error_code error;
  if (socket_.write_some(boost::asio::buffer(line), error) != line.size())
    close();
}

// What was dispatched ends as if its client had gone; the client is told why if it can be.
void session::fail_body(http_problem problem) {
  if (feed_)
    feed_->fail(offstage::fail(node_error::aborted, "the request's body ended early"));
  if (interception_)
    interception_->client_gone();
  interception_.reset();
  if (writer_ || stage_ == stage::discarding)
    close();
  else
    refuse(problem);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
// The answering half of a session: responses, what follows them, deadlines and the end.
#include "gateway/request_mapping.hpp"
#include "gateway/session.hpp"
#include "protocol/errors.hpp"

namespace offstage {

void session::refuse(http_problem problem) {
  if (parser_.current() != http_request_parser::state::complete)
    form_.keep_alive = false;
  enter(stage::answering, std::chrono::milliseconds{-1});
  const auto is_html = accepts_html(parser_.head().headers);
  answer(problem_page(problem, {}, is_html ? page_format::html : page_format::text));
}

void session::answer(fetch_response response) {
  // A stream may be made of the request's body. After another answer, a client that still waits for
  // "100 Continue" may or may not send its body.
  if (response.content.is_stream())
    write_continue();
  if (stage_ == stage::closed)
    return;
  if (waits_to_continue() || host_.draining)
    form_.keep_alive = false;
  auto plan = plan_response(response, form_, host_.date);
  form_.keep_alive = plan.keep_alive;
  writer_ = std::make_shared<response_writer>(socket_, host_.bridge);
  writer_->start(std::move(plan), std::move(response.content),
                 [self = shared_from_this()](bool complete) { self->on_answered(complete); });
}

void session::on_answered(bool complete) {
  writer_.reset();
  if (interception_)
    interception_->answered(complete);
  interception_.reset();
  if (!complete) {
    close();
    return;
  }
  if (feed_)
    feed_->fail(offstage::fail(node_error::aborted, "the request was answered"));
  feed_.reset();
  source_ = body_source_actor{};
  if (!form_.keep_alive) {
    linger();
  } else if (parser_.current() == http_request_parser::state::body) {
    discarded_ = 0;
    enter(stage::discarding, host_.options->limits.body_idle_max);
    process();
  } else {
    next_request();
    process();
  }
}

void session::next_request() {
  parser_.reset();
  body_.clear();
  short_body_ = {};
  continue_sent_ = false;
  const auto& limits = host_.options->limits;
  enter(stage::idle, host_.draining ? limits.drain_grace : limits.keep_alive_max);
}

// A connection that is closed with unread input is reset, and the reset overtakes the answer.
void session::linger() {
  boost::system::error_code ignored;
  socket_.shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
  enter(stage::lingering, host_.options->limits.linger_time_max);
  process();
}

void session::check_deadline(time_point now) {
  const auto idle_max = host_.options->limits.body_idle_max;
  if (writer_) {
    if (const auto since = writer_->stalled_since(); since && now - *since > idle_max)
      close();
    return;
  }
  if (stage_ == stage::answering && feed_ && feed_->is_wanted()
      && now - std::max(last_body_byte_, feed_->last_pull()) > idle_max) {
    fail_body(http_problem::too_slow);
    return;
  }
  if (now < deadline_)
    return;
  if (stage_ == stage::head || stage_ == stage::gathering) {
    form_.keep_alive = false;
    refuse(http_problem::too_slow);
  } else if (stage_ == stage::discarding || (stage_ == stage::idle && host_.draining)) {
    linger();
  } else {
    close();
  }
}

// A request may be on its way: a connection that idles is open for it a little longer, and its
// answer says that it is the last.
void session::drain() {
  if (stage_ == stage::idle)
    enter(stage::idle, host_.options->limits.drain_grace);
}

void session::close() {
  if (stage_ == stage::closed)
    return;
  const auto self = shared_from_this();
  stage_ = stage::closed;
  if (interception_)
    interception_->client_gone();
  interception_.reset();
  if (writer_)
    writer_->abandon();
  writer_.reset();
  if (feed_) {
    feed_->detach();
    feed_->fail(offstage::fail(node_error::aborted, "the client went away"));
  }
  feed_.reset();
  source_ = body_source_actor{};
  boost::system::error_code ignored;
  socket_.close(ignored);
  host_.closed(self);
}

} // namespace offstage

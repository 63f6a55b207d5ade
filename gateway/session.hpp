// SPDX-License-Identifier: MIT
#pragma once

// One HTTP connection. Reads requests one after the other, answers each before it looks at the
// next, so pipelined answers are in order. There is always one read outstanding while there is room
// for what it brings, which is how a client that goes away is noticed at once. Lives on one loop's
// thread; the session set of that loop owns it until it closes.
//
// A client that closes its sending side counts as gone, as in other HTTP servers.

#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/ip/tcp.hpp>

#include "gateway/body_feed.hpp"
#include "gateway/http_request_parser.hpp"
#include "gateway/intercept.hpp"
#include "gateway/read_buffer.hpp"
#include "gateway/response_writer.hpp"
#include "gateway/server.hpp"

namespace offstage {

class session;

/// What the sessions of one loop share. Outlives them.
struct session_host {
  virtual ~session_host() = default;
  virtual void closed(const std::shared_ptr<session>& gone) = 0;

  caf::actor_system* system = nullptr;
  std::shared_ptr<io_loop> loop;
  actor_bridge_ptr bridge;
  const gateway_options* options = nullptr;
  const site_table* sites = nullptr;
  const gateway_peers* peers = nullptr;
  std::string date; ///< Of now, renewed every second.
  bool draining = false;
};

class session : public std::enable_shared_from_this<session> {
public:
  using time_point = io_loop::clock::time_point;

  session(session_host& host, boost::asio::ip::tcp::socket socket);

  void start();
  void check_deadline(time_point now);

  /// Finishes the running request, then closes; closes at once if there is none.
  void drain();

  /// Ends the connection without further ado.
  void close();

private:
  enum class stage : uint8_t {
    idle,       ///< Between requests.
    head,       ///< A head has begun.
    gathering,  ///< A short body is read whole before the request is dispatched.
    answering,  ///< Dispatched; body and answer may both be on their way.
    discarding, ///< Answered; the rest of the request's body is read and forgotten.
    lingering,  ///< Closing: the client may finish reading.
    closed,
  };

  void read();
  bool has_room() const;
  void on_read(boost::system::error_code error, size_t count);
  void process();
  bool process_head();
  bool process_body();
  void begin_request();
  void dispatch();
  std::string peer_tag() const;

  body make_body();
  void on_body_pulled();
  std::optional<body> renew_body();
  void fail_body(http_problem problem);
  bool waits_to_continue() const;
  void write_continue();

  void refuse(http_problem problem);
  void answer(fetch_response response);
  void on_answered(bool complete);
  void next_request();
  void linger();
  void enter(stage next, std::chrono::milliseconds time);

  session_host& host_;
  boost::asio::ip::tcp::socket socket_;
  std::string peer_;
  read_buffer input_;
  http_request_parser parser_;
  stage stage_ = stage::idle;
  time_point deadline_;
  bool reading_ = false;

  std::string body_;        ///< Parsed and not yet handed to the feed.
  shared_bytes short_body_; ///< A body that was gathered whole.
  std::shared_ptr<body_feed> feed_;
  body_source_actor source_; ///< The last one made from the feed.
  time_point last_body_byte_;
  uint64_t discarded_ = 0;
  bool continue_sent_ = false;

  std::shared_ptr<interception> interception_;
  std::shared_ptr<response_writer> writer_;
  answer_form form_;
};

} // namespace offstage

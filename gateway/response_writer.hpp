// SPDX-License-Identifier: MIT
#pragma once

// Writes one response to a socket: head, then the body as the socket takes it. A body stream is
// pulled one chunk ahead of the socket, so at most two chunks are in memory. Owned by a session and
// used on its loop's thread. When the stream fails or gives another length than it announced, the
// connection cannot go on: done(false).

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include "gateway/actor_bridge.hpp"
#include "gateway/response_head.hpp"

namespace offstage {

class response_writer : public std::enable_shared_from_this<response_writer> {
public:
  using done_handler = std::function<void(bool complete)>;

  response_writer(boost::asio::ip::tcp::socket& socket, actor_bridge_ptr bridge)
      : socket_(socket), bridge_(std::move(bridge)) {}

  void start(response_plan plan, body content, done_handler done);

  /// The connection is gone: the stream is cancelled, done is not called any more.
  void abandon();

  /// Since when the socket has taken no byte of what waits for it; nothing if nothing waits.
  std::optional<io_loop::clock::time_point> stalled_since() const;

private:
  void pull();
  void on_chunk(caf::expected<body_chunk> chunk);
  void frame(body_chunk chunk);
  void write_some();
  void on_written();
  void end(bool complete);
  bool wants_chunk() const;

  boost::asio::ip::tcp::socket& socket_;
  actor_bridge_ptr bridge_;
  response_plan plan_;
  body content_;
  done_handler done_;

  std::array<boost::asio::const_buffer, 3> buffers_;
  std::string prefix_; ///< Head, or the size line of a chunk.
  std::string suffix_;
  shared_bytes bytes_;
  std::optional<body_chunk> next_;
  uint64_t remaining_ = 0; ///< Of body_framing::length.
  bool writing_ = false;
  bool pulling_ = false;
  bool last_seen_ = false;
  bool failed_ = false;
  bool ended_ = false;
  io_loop::clock::time_point progress_;
};

} // namespace offstage

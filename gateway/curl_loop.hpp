// SPDX-License-Identifier: MIT
#pragma once

// libcurl's multi interface on an io_loop: curl says which sockets and which time it waits for, the
// loop waits. All members belong to the loop's thread. Callbacks given to add() and defer() run
// outside of curl, so they may add and remove transfers. Owned by the network fetcher.

#include <deque>
#include <functional>
#include <memory>
#include <unordered_map>
#include <vector>

#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>

#include "gateway/io_loop.hpp"

namespace offstage {

/// curl's easy handle, whose header stays out of this one.
using curl_handle = void*;

class curl_loop {
public:
  explicit curl_loop(std::shared_ptr<io_loop> loop);
  ~curl_loop();

  /// `done` gets curl's result code.
  void add(curl_handle easy, std::function<void(int)> done);
  void remove(curl_handle easy);

  /// Continues a paused transfer.
  void resume(curl_handle easy);

  /// Runs after curl returns to the loop.
  void defer(std::function<void()> work);

  /// Before the loop stops; transfers have to be removed already.
  void close();

private:
  struct watch;

  static int on_socket(curl_handle easy, int socket, int what, void* self, void* unused);
  static int on_timer(void* multi, long timeout_ms, void* self);

  void watch_socket(int socket, int what);
  void arm(const std::shared_ptr<watch>& watched);
  void act(int socket, int events);
  void finish_round();

  std::shared_ptr<io_loop> loop_;
  void* multi_;
  boost::asio::steady_timer timer_;
  std::unordered_map<int, std::shared_ptr<watch>> watches_;
  std::unordered_map<curl_handle, std::function<void(int)>> transfers_;
  std::deque<std::function<void()>> deferred_;
  bool in_round_ = false;
};

} // namespace offstage

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

#include <curl/curl.h>

namespace offstage {

class curl_loop {
public:
  explicit curl_loop(std::shared_ptr<io_loop> loop);
  ~curl_loop();

  void add(CURL* easy, std::function<void(CURLcode)> done);
  void remove(CURL* easy);

  /// Continues a paused transfer.
  void resume(CURL* easy);

  /// Runs after curl returns to the loop.
  void defer(std::function<void()> work);

  /// Before the loop stops; transfers have to be removed already.
  void close();

private:
  struct watch;

  static int on_socket(CURL* easy, curl_socket_t socket, int what, void* self, void* unused);
  static int on_timer(CURLM* multi, long timeout_ms, void* self);

  void watch_socket(curl_socket_t socket, int what);
  void arm(const std::shared_ptr<watch>& watched);
  void act(curl_socket_t socket, int events);
  void finish_round();

  std::shared_ptr<io_loop> loop_;
  CURLM* multi_;
  boost::asio::steady_timer timer_;
  std::unordered_map<curl_socket_t, std::shared_ptr<watch>> watches_;
  std::unordered_map<CURL*, std::function<void(CURLcode)>> transfers_;
  std::deque<std::function<void()>> deferred_;
  bool in_round_ = false;
};

} // namespace offstage

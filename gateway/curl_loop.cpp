// SPDX-License-Identifier: MIT
#include "gateway/curl_loop.hpp"

#include <boost/asio/post.hpp>

#include "config/limits.hpp"

#include <curl/curl.h>

namespace offstage {

/// A socket of curl's; the descriptor is only waited on here and never closed.
struct curl_loop::watch {
  watch(boost::asio::io_context& context, int fd) : socket(fd), descriptor(context, fd) {}

  int socket;
  boost::asio::posix::stream_descriptor descriptor;
  int wanted = 0;
  bool reading = false;
  bool writing = false;
  bool gone = false;
};

curl_loop::curl_loop(std::shared_ptr<io_loop> loop)
    : loop_(std::move(loop)), multi_(curl_multi_init()), timer_(loop_->context()) {
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &curl_loop::on_socket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &curl_loop::on_timer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, limits::network_idle_connections_max);
}

curl_loop::~curl_loop() {
  close();
}

void curl_loop::close() {
  if (multi_ == nullptr)
    return;
  for (const auto& [easy, done] : transfers_)
    curl_multi_remove_handle(multi_, easy);
  transfers_.clear();
  deferred_.clear();
  curl_multi_cleanup(std::exchange(multi_, nullptr));
  for (const auto& [socket, watched] : watches_) {
    watched->gone = true;
    watched->descriptor.release();
  }
  watches_.clear();
  timer_.cancel();
}

void curl_loop::add(curl_handle easy, std::function<void(int)> done) {
  transfers_.emplace(easy, std::move(done));
  curl_multi_add_handle(multi_, easy);
}

void curl_loop::remove(curl_handle easy) {
  if (transfers_.erase(easy) > 0)
    curl_multi_remove_handle(multi_, easy);
}

void curl_loop::resume(curl_handle easy) {
  if (!transfers_.contains(easy))
    return;
  in_round_ = true;
  curl_easy_pause(easy, CURLPAUSE_CONT);
  in_round_ = false;
  finish_round();
}

// Outside of a round the work would wait for the next one, so it makes its own.
void curl_loop::defer(std::function<void()> work) {
  deferred_.push_back(std::move(work));
  if (!in_round_ && deferred_.size() == 1)
    boost::asio::post(loop_->context(), [this] {
      if (multi_ != nullptr)
        finish_round();
    });
}

int curl_loop::on_socket(curl_handle, int socket, int what, void* self, void*) {
  static_cast<curl_loop*>(self)->watch_socket(socket, what);
  return 0;
}

int curl_loop::on_timer(void*, long timeout_ms, void* self) {
  auto& loop = *static_cast<curl_loop*>(self);
  if (timeout_ms < 0) {
    loop.timer_.cancel();
    return 0;
  }
  loop.timer_.expires_after(std::chrono::milliseconds{timeout_ms});
  loop.timer_.async_wait([&loop](boost::system::error_code error) {
    if (!error && loop.multi_ != nullptr)
      loop.act(CURL_SOCKET_TIMEOUT, 0);
  });
  return 0;
}

void curl_loop::watch_socket(int socket, int what) {
  const auto found = watches_.find(socket);
  if (what == CURL_POLL_REMOVE) {
    if (found == watches_.end())
      return;
    found->second->gone = true;
    found->second->descriptor.release();
    watches_.erase(found);
    return;
  }
  const auto watched =
      found != watches_.end()
          ? found->second
          : watches_.emplace(socket, std::make_shared<watch>(loop_->context(), socket))
                .first->second;
  watched->wanted = what;
  arm(watched);
}

void curl_loop::arm(const std::shared_ptr<watch>& watched) {
  using descriptor = boost::asio::posix::stream_descriptor;
  const auto wait = [&](bool& waiting, descriptor::wait_type type, int event) {
    if (waiting)
      return;
    waiting = true;
    watched->descriptor.async_wait(
        type, [this, watched, &waiting, event](boost::system::error_code error) {
          waiting = false;
          if (error || watched->gone)
            return;
          act(watched->socket, event);
          if (!watched->gone)
            arm(watched);
        });
  };
  if ((watched->wanted & CURL_POLL_IN) != 0)
    wait(watched->reading, descriptor::wait_read, CURL_CSELECT_IN);
  if ((watched->wanted & CURL_POLL_OUT) != 0)
    wait(watched->writing, descriptor::wait_write, CURL_CSELECT_OUT);
}

void curl_loop::act(int socket, int events) {
  int running = 0;
  in_round_ = true;
  curl_multi_socket_action(multi_, socket, events, &running);
  in_round_ = false;
  finish_round();
}

void curl_loop::finish_round() {
  in_round_ = true;
  int left = 0;
  while (const auto* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE)
      continue;
    const auto code = message->data.result;
    auto* easy = message->easy_handle;
    const auto found = transfers_.find(easy);
    if (found == transfers_.end())
      continue;
    auto done = std::move(found->second);
    transfers_.erase(found);
    curl_multi_remove_handle(multi_, easy);
    done(code);
  }
  while (!deferred_.empty()) {
    auto work = std::move(deferred_.front());
    deferred_.pop_front();
    work();
  }
  in_round_ = false;
}

} // namespace offstage

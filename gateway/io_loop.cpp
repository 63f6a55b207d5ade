// SPDX-License-Identifier: MIT
#include "gateway/io_loop.hpp"

#include <boost/asio/post.hpp>

namespace offstage {

io_loop::io_loop(std::chrono::milliseconds tick_interval) : tick_interval_(tick_interval) {}

io_loop::~io_loop() {
  stop();
}

void io_loop::on_tick(tick_handler handler) {
  tick_handlers_.push_back(std::move(handler));
}

void io_loop::start() {
  arm_tick();
  thread_ = std::thread{[this] { context_.run(); }};
}

void io_loop::stop() {
  if (!thread_.joinable())
    return;
  boost::asio::post(context_, [this] {
    stopped_.store(true, std::memory_order_release);
    tick_handlers_.clear();
    timer_.cancel();
  });
  thread_.join();
}

// The armed timer is what keeps the loop running; stop() ends it.
void io_loop::arm_tick() {
  timer_.expires_after(tick_interval_);
  timer_.async_wait([this](boost::system::error_code) {
    if (is_stopped())
      return;
    // A handler may add another one.
    for (size_t i = 0; i < tick_handlers_.size(); ++i)
      tick_handlers_[i](clock::now());
    arm_tick();
  });
}

} // namespace offstage

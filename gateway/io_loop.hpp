// SPDX-License-Identifier: MIT
#pragma once

// One thread that runs an io_context, with the clock tick that its users need. Everything that is
// created on a loop is used on its thread only, so nothing there takes a lock. Owned by the gateway
// or the network fetcher; stop() and the destructor join the thread. Actors of the loop outlive it
// harmlessly: a stopped loop refuses their messages.

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

namespace offstage {

class io_loop : public std::enable_shared_from_this<io_loop> {
public:
  using clock = std::chrono::steady_clock;
  using tick_handler = std::function<void(clock::time_point)>;

  explicit io_loop(std::chrono::milliseconds tick_interval);
  ~io_loop();

  boost::asio::io_context& context() { return context_; }
  bool is_current() { return context_.get_executor().running_in_this_thread(); }
  bool is_stopped() const { return stopped_.load(std::memory_order_acquire); }

  /// Called on the loop's thread at every tick; add it before start() or on the loop's thread.
  void on_tick(tick_handler handler);

  void start();

  /// From any other thread. Handlers that are queued already still run.
  void stop();

private:
  void arm_tick();

  boost::asio::io_context context_{1};
  boost::asio::steady_timer timer_{context_};
  std::chrono::milliseconds tick_interval_;
  std::vector<tick_handler> tick_handlers_;
  std::atomic<bool> stopped_ = false;
  std::thread thread_;
};

} // namespace offstage

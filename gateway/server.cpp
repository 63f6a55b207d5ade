// SPDX-License-Identifier: MIT
#include "gateway/server.hpp"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <ctime>
#include <mutex>
#include <unordered_set>

#include <boost/asio/post.hpp>

#include "gateway/session.hpp"
#include "protocol/errors.hpp"

namespace offstage {

using boost::asio::ip::tcp;
using boost::system::error_code;

namespace {

/// Fine enough for the shortest of the limits, coarse enough to cost nothing.
std::chrono::milliseconds tick_interval(const gateway_limits& limits) {
  using namespace std::chrono_literals;
  const auto shortest = std::min(
      {limits.head_time_max, limits.body_idle_max, limits.keep_alive_max, limits.linger_time_max});
  return std::clamp(shortest / 4, std::chrono::milliseconds{5ms}, std::chrono::milliseconds{500ms});
}

} // namespace

/// Counts connections over all loops and wakes who waits for the last one.
class connection_counter {
public:
  size_t add() { return ++count_; }

  size_t remove() {
    const auto left = --count_;
    const std::lock_guard guard{mutex_};
    changed_.notify_all();
    return left;
  }

  size_t count() const { return count_; }

  bool wait_for_none(std::chrono::milliseconds time) {
    std::unique_lock lock{mutex_};
    return changed_.wait_for(lock, time, [this] { return count_ == 0; });
  }

private:
  std::atomic<size_t> count_ = 0;
  std::mutex mutex_;
  std::condition_variable changed_;
};

/// The sessions of one loop.
class session_set final : public session_host {
public:
  session_set(connection_counter& counter, std::function<void()> on_closed)
      : counter_(counter), on_closed_(std::move(on_closed)) {}

  void add(tcp::socket socket) {
    const auto added = std::make_shared<session>(*this, std::move(socket));
    sessions_.insert(added);
    added->start();
  }

  void closed(const std::shared_ptr<session>& gone) override {
    if (sessions_.erase(gone) == 0)
      return;
    counter_.remove();
    on_closed_();
  }

  void tick(io_loop::clock::time_point now) {
    date = http_date(std::time(nullptr));
    for_each([&](session& x) { x.check_deadline(now); });
  }

  void drain() {
    draining = true;
    for_each([](session& x) { x.drain(); });
  }

  void close_all() {
    for_each([](session& x) { x.close(); });
  }

private:
  template <class Visitor>
  void for_each(Visitor visit) {
    const std::vector<std::shared_ptr<session>> all{sessions_.begin(), sessions_.end()};
    for (const auto& x : all)
      visit(*x);
  }

  connection_counter& counter_;
  std::function<void()> on_closed_;
  std::unordered_set<std::shared_ptr<session>> sessions_;
};

class gateway::acceptor {
public:
  acceptor(caf::actor_system& system, gateway_options options, gateway_peers peers)
      : options_(std::move(options)), sites_(options_.sites), peers_(std::move(peers)) {
    for (size_t i = 0; i < std::max<size_t>(options_.io_threads, 1); ++i)
      add_loop(system);
    acceptor_ = std::make_unique<tcp::acceptor>(sets_.front()->loop->context());
    pause_ = std::make_unique<boost::asio::steady_timer>(sets_.front()->loop->context());
  }

  ~acceptor() { stop(); }

  caf::error listen() {
    error_code error;
    const auto address = boost::asio::ip::make_address(options_.address, error);
    if (error)
      return fail(node_error::bad_configuration, "not an IP address: " + options_.address);
    const tcp::endpoint endpoint{address, options_.port};
    acceptor_->open(endpoint.protocol(), error);
    if (!error)
      acceptor_->set_option(tcp::acceptor::reuse_address{true}, error);
    if (!error)
      acceptor_->bind(endpoint, error);
    if (!error)
      acceptor_->listen(boost::asio::socket_base::max_listen_connections, error);
    if (error)
      return fail(node_error::bad_configuration, "cannot listen on " + options_.address + ":"
                                                     + std::to_string(options_.port) + ": "
                                                     + error.message());
    port_ = acceptor_->local_endpoint(error).port();
    return {};
  }

  void run() {
    accept();
    for (const auto& set : sets_)
      set->loop->start();
    started_ = true;
  }

  void drain() {
    post_to_all([](session_set& x) { x.drain(); });
    close_acceptor();
    if (!counter_.wait_for_none(options_.limits.drain_time_max))
      close_all();
  }

  void stop() {
    if (!std::exchange(started_, false))
      return;
    close_acceptor();
    close_all();
    for (const auto& set : sets_) {
      boost::asio::post(set->loop->context(), [bridge = set->bridge] { bridge->stop({}); });
      set->loop->stop();
    }
  }

  uint16_t port() const { return port_; }
  size_t connection_count() const { return counter_.count(); }

private:
  void add_loop(caf::actor_system& system) {
    auto set = std::make_unique<session_set>(counter_, [this] { on_closed(); });
    set->system = &system;
    set->loop = std::make_shared<io_loop>(tick_interval(options_.limits));
    set->bridge = make_actor_bridge(system, set->loop);
    set->bridge->watch(peers_.manager);
    set->bridge->watch(peers_.clients);
    set->bridge->watch(peers_.fetcher);
    set->options = &options_;
    set->sites = &sites_;
    set->peers = &peers_;
    set->tick(io_loop::clock::now());
    set->loop->on_tick([raw = set.get()](io_loop::clock::time_point now) { raw->tick(now); });
    sets_.push_back(std::move(set));
  }

  void accept() {
    if (!acceptor_->is_open() || accepting_)
      return;
    if (counter_.count() >= options_.limits.connections_max)
      return;
    accepting_ = true;
    auto& set = *sets_[next_set_++ % sets_.size()];
    acceptor_->async_accept(set.loop->context(),
                            [this, &set](error_code error, tcp::socket socket) {
                              accepting_ = false;
                              on_accepted(error, set, std::move(socket));
                            });
  }

  void on_accepted(error_code error, session_set& set, tcp::socket socket) {
    if (!error) {
      counter_.add();
      boost::asio::post(set.loop->context(), [&set, socket = std::move(socket)]() mutable {
        set.add(std::move(socket));
      });
      accept();
    } else if (acceptor_->is_open()) {
      pause_->expires_after(limits::accept_pause);
      pause_->async_wait([this](error_code) { accept(); });
    }
  }

  /// Called on any of the loops.
  void on_closed() {
    if (counter_.count() + 1 >= options_.limits.connections_max)
      boost::asio::post(sets_.front()->loop->context(), [this] { accept(); });
  }

  void close_acceptor() {
    boost::asio::post(sets_.front()->loop->context(), [this] {
      error_code ignored;
      acceptor_->close(ignored);
      pause_->cancel();
    });
  }

  void close_all() {
    post_to_all([](session_set& x) { x.close_all(); });
    counter_.wait_for_none(limits::stop_time_max);
  }

  template <class Visitor>
  void post_to_all(Visitor visit) {
    for (const auto& set : sets_)
      boost::asio::post(set->loop->context(), [raw = set.get(), visit] { visit(*raw); });
  }

  gateway_options options_;
  site_table sites_;
  gateway_peers peers_;
  connection_counter counter_;
  std::vector<std::unique_ptr<session_set>> sets_;
  std::unique_ptr<tcp::acceptor> acceptor_;
  std::unique_ptr<boost::asio::steady_timer> pause_;
  size_t next_set_ = 0;
  uint16_t port_ = 0;
  bool accepting_ = false;
  bool started_ = false;
};

gateway::gateway(std::unique_ptr<acceptor> implementation) : acceptor_(std::move(implementation)) {}

gateway::~gateway() = default;

uint16_t gateway::port() const {
  return acceptor_->port();
}

void gateway::drain() {
  acceptor_->drain();
}

size_t gateway::connection_count() const {
  return acceptor_->connection_count();
}

caf::expected<std::unique_ptr<gateway>> gateway::start(caf::actor_system& system,
                                                       gateway_options options,
                                                       service_worker_manager_actor manager,
                                                       clients_actor clients,
                                                       network_fetcher_actor fetcher) {
  if (options.sites.empty())
    return fail(node_error::bad_configuration, "no site is configured");
  auto implementation = std::make_unique<acceptor>(
      system, std::move(options),
      gateway_peers{std::move(manager), std::move(clients), std::move(fetcher)});
  if (auto error = implementation->listen())
    return error;
  implementation->run();
  return std::make_unique<gateway>(std::move(implementation));
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "gateway/network_fetcher.hpp"

#include <map>

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>

#include "gateway/fetch_task.hpp"
#include "gateway/transfer.hpp"
#include "protocol/errors.hpp"

#include <curl/curl.h>

namespace offstage {

namespace {

constexpr auto tick = std::chrono::milliseconds{500};

std::shared_ptr<void> make_cookie_jar() {
  std::shared_ptr<void> jar{curl_share_init(), [](void* share) { curl_share_cleanup(share); }};
  curl_share_setopt(jar.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_COOKIE);
  return jar;
}

class fetcher_actor : public io_actor {
public:
  fetcher_actor(caf::actor_config& config, std::shared_ptr<io_loop> loop, fetch_host& host)
      : io_actor(config, std::move(loop)), host_(host) {}

  void abort_all() {
    const auto running = std::exchange(running_, {});
    for (const auto& [key, task] : running)
      task->abort("the node is stopping");
  }

protected:
  // Dropped handles and exit messages do not end it: its owner does.
  caf::behavior make_behavior() override {
    set_exit_handler([](caf::exit_msg&) {});
    return {[this](fetch_atom, call_id id, fetch_request& x) { return fetch(id, std::move(x)); },
            [this](abort_atom, call_id id) { abort(id); }};
  }

private:
  using fetch_key = std::pair<caf::actor_addr, call_id>;

  caf::typed_response_promise<fetch_response> fetch(call_id id, fetch_request request) {
    // The promise takes the sender over.
    const fetch_key name{caf::actor_cast<caf::actor_addr>(current_sender()), id};
    auto promise = make_response_promise<fetch_response>();
    const auto task = std::make_shared<fetch_task>(
        host_, std::move(request), [this, name, promise](fetch_response response) mutable {
          running_.erase(name);
          promise.deliver(std::move(response));
        });
    running_.insert_or_assign(name, task);
    task->start();
    return promise;
  }

  void abort(call_id id) {
    const auto found = running_.find({caf::actor_cast<caf::actor_addr>(current_sender()), id});
    if (found == running_.end())
      return;
    const auto task = found->second;
    task->abort("the fetch was aborted");
  }

  fetch_host& host_;
  std::map<fetch_key, std::shared_ptr<fetch_task>> running_;
};

} // namespace

class network_fetcher::service {
public:
  service(caf::actor_system& system, fetcher_options options, upstream_table upstreams) {
    host_.system = &system;
    host_.loop = std::make_shared<io_loop>(tick);
    host_.bridge = make_actor_bridge(system, host_.loop);
    host_.slots.set_max(options.fetches_max);
    host_.options = std::move(options);
    host_.upstreams = std::move(upstreams);
    host_.curl = std::make_unique<curl_loop>(host_.loop);
    if (host_.options.keep_cookies)
      host_.cookies = make_cookie_jar();
    host_.loop->on_tick([this](io_loop::clock::time_point now) { check_idle(now); });
    actor_ = system.spawn<fetcher_actor, caf::hidden>(host_.loop, host_);
    host_.loop->start();
  }

  ~service() {
    boost::asio::post(host_.loop->context(), [this] { shut_down(); });
    host_.loop->stop();
    host_.curl.reset();
    host_.cookies.reset();
    curl_global_cleanup();
  }

  network_fetcher_actor actor() const { return caf::actor_cast<network_fetcher_actor>(actor_); }

private:
  void check_idle(io_loop::clock::time_point now) {
    const auto running = host_.running;
    for (auto* x : running)
      if (host_.running.contains(x))
        x->check_idle(now);
  }

  void shut_down() {
    auto* actor = static_cast<fetcher_actor*>(caf::actor_cast<caf::abstract_actor*>(actor_));
    actor->abort_all();
    const auto running = host_.running;
    for (auto* x : running)
      if (host_.running.contains(x))
        x->abort();
    actor->stop(caf::exit_reason::user_shutdown);
    host_.bridge->stop({});
    host_.curl->close();
  }

  fetch_host host_;
  caf::actor actor_;
};

network_fetcher::network_fetcher(std::unique_ptr<service> implementation)
    : service_(std::move(implementation)) {}

network_fetcher::~network_fetcher() = default;

network_fetcher_actor network_fetcher::actor() const {
  return service_->actor();
}

caf::expected<std::unique_ptr<network_fetcher>> network_fetcher::start(caf::actor_system& system,
                                                                       fetcher_options options) {
  std::string bad;
  auto upstreams = upstream_table::make(options.sites, bad);
  if (!upstreams)
    return fail(node_error::bad_configuration,
                "the upstream is neither an http(s) URL nor a directory: " + bad);
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return fail(node_error::bad_configuration, "libcurl cannot be used");
  auto implementation =
      std::make_unique<service>(system, std::move(options), std::move(*upstreams));
  return std::make_unique<network_fetcher>(std::move(implementation));
}

} // namespace offstage

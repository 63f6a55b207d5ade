// SPDX-License-Identifier: MIT
#include "actors/script_fetch.hpp"

#include <optional>
#include <string>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

class script_fetch final : public script_fetch_actor::base {
public:
  script_fetch(caf::actor_config& config, network_fetcher_actor fetcher)
      : script_fetch_actor::base(config), fetcher_(std::move(fetcher)) {}

  const char* name() const override { return "script_fetch"; }

  script_fetch_actor::behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg&) { end(fail(worker_error::type_error, "aborted")); });
    return {
        [this](fetch_atom, fetch_request& request) { return begin(std::move(request)); },
        [this](tick_atom) { end(fail(worker_error::type_error, url_ + ": too slow")); },
    };
  }

private:
  caf::typed_response_promise<fetched_script> begin(fetch_request fetch) {
    promise_ = make_response_promise<fetched_script>();
    url_ = fetch.url;
    delayed_send(this, limits::import_time_max, tick_atom_v);
    monitor(fetcher_);
    request(fetcher_, limits::import_time_max, fetch_atom_v, call_id{1}, std::move(fetch))
        .then([this](fetch_response& response) { head(std::move(response)); },
              [this](caf::error& error) { refuse(describe(error)); });
    return *promise_;
  }

  void head(fetch_response response) {
    if (response.is_network_error()) {
      refuse(response.reason);
      return;
    }
    auto content = std::exchange(response.content, {});
    script_.head = std::move(response);
    if (content.kind != body_kind::source) {
      add(content.bytes, true);
      return;
    }
    source_ = std::move(content.source);
    monitor(source_);
    pull();
  }

  void pull() {
    request(source_, limits::import_time_max, pull_atom_v,
            static_cast<uint32_t>(limits::body_window_bytes))
        .then([this](const body_chunk& chunk) { add(chunk.bytes, chunk.last); },
              [this](caf::error& error) { refuse(describe(error)); });
  }

  void add(const shared_bytes& bytes, bool last) {
    text_ += bytes.view();
    if (text_.size() > limits::script_bytes_max) {
      refuse("longer than a script may be");
      return;
    }
    if (!last) {
      pull();
      return;
    }
    script_.bytes = shared_bytes{std::move(text_)};
    promise_->deliver(std::move(script_));
    promise_.reset();
    quit();
  }

  void refuse(const std::string& why) { end(fail(worker_error::type_error, url_ + ": " + why)); }

  void end(caf::error error) {
    if (promise_)
      promise_->deliver(std::move(error));
    promise_.reset();
    if (source_)
      send(source_, cancel_atom_v);
    quit();
  }

  network_fetcher_actor fetcher_;
  std::string url_;
  std::optional<caf::typed_response_promise<fetched_script>> promise_;
  fetched_script script_;
  body_source_actor source_;
  std::string text_;
};

} // namespace

script_fetch_actor spawn_script_fetch(caf::actor_system& system, network_fetcher_actor fetcher) {
  return system.spawn<script_fetch>(std::move(fetcher));
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "actors/body_relay.hpp"

#include <optional>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/actor_support.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

class body_relay final : public body_source_actor::base {
public:
  body_relay(caf::actor_config& config, instance_parent_actor instance, stream_id stream)
      : body_source_actor::base(config), instance_(std::move(instance)), stream_(stream) {}

  const char* name() const override { return "body_relay"; }

  body_source_actor::behavior_type make_behavior() override {
    monitor(instance_);
    set_down_handler([this](caf::down_msg& down) { peer_down(down); });
    return {
        [this](pull_atom, uint32_t bytes_max) { return pull(bytes_max); },
        [this](cancel_atom) { cancel(); },
    };
  }

private:
  caf::typed_response_promise<body_chunk> pull(uint32_t bytes_max) {
    auto promise = make_response_promise<body_chunk>();
    if (pending_) {
      promise.deliver(fail(storage_error::body_failed, "a pull is outstanding"));
      return promise;
    }
    watch_consumer();
    pending_ = promise;
    request(instance_, watched_by_sender(), provide_atom_v, stream_, bytes_max)
        .then([this](body_chunk& chunk) { deliver(std::move(chunk)); },
              [this](caf::error& error) { end(std::move(error)); });
    return promise;
  }

  void watch_consumer() {
    const auto consumer = caf::actor_cast<caf::actor_addr>(current_sender());
    if (consumer == consumer_)
      return;
    consumer_ = consumer;
    monitor(consumer_);
  }

  void deliver(body_chunk chunk) {
    const auto last = chunk.last;
    std::exchange(pending_, std::nullopt)->deliver(std::move(chunk));
    if (last)
      quit();
  }

  void end(caf::error error) {
    if (pending_)
      std::exchange(pending_, std::nullopt)->deliver(std::move(error));
    quit();
  }

  void cancel() {
    send(instance_, provide_atom_v, stream_);
    end(fail(node_error::aborted));
  }

  void peer_down(const caf::down_msg& down) {
    if (down.source == instance_.address())
      end(fail(worker_error::worker_terminated));
    else
      cancel();
  }

  instance_parent_actor instance_;
  stream_id stream_;
  caf::actor_addr consumer_;
  std::optional<caf::typed_response_promise<body_chunk>> pending_;
};

} // namespace

body_source_actor spawn_body_relay(caf::actor_system& system, instance_parent_actor instance,
                                   stream_id stream) {
  return system.spawn<body_relay>(std::move(instance), stream);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "app/eval_bridge.hpp"

#include <unordered_map>
#include <utility>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/actor_support.hpp"
#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

class eval_bridge final : public eval_bridge_actor::base {
public:
  eval_bridge(caf::actor_config& config, eval_inbox_ptr inbox,
              std::shared_ptr<std::promise<void>> connected)
      : eval_bridge_actor::base(config),
        inbox_(std::move(inbox)),
        connected_(std::move(connected)) {}

  const char* name() const override { return "eval_bridge"; }

  eval_bridge_actor::behavior_type make_behavior() override {
    set_down_handler([this](caf::down_msg&) { lose_parent(); });
    return {
        [](dispatch_atom, event_id, const worker_event&) {},
        [](abort_atom, event_id) {},
        [this](pull_atom, stream_id stream, uint32_t bytes_max) {
          return pull_child(stream, bytes_max);
        },
        [this](cancel_atom, stream_id stream) { cancel_child(stream); },
        [](update_atom, const registration_descriptor&) {},
        [this](notify_atom, service_notice& notice) { notify(std::move(notice)); },
        [](ping_atom) { return true; },
        [this](terminate_atom) { quit(); },
        [this](spawn_atom, const instance_constructor&, instance_parent_actor& parent) {
          return connect(std::move(parent));
        },
        [this](call_atom, call_id id, service_request& call) { start(id, std::move(call)); },
        [this](call_atom, const import_ticket_ptr& ticket) { import(ticket); },
        [this](abort_atom, call_id id) { send(parent_, abort_atom_v, id); },
        [this](get_atom, stream_id stream, uint32_t bytes_max) { pull_parent(stream, bytes_max); },
        [this](remove_atom, stream_id stream) { send(parent_, cancel_atom_v, stream); },
        [this](provide_atom, stream_id stream, body_chunk& chunk) {
          provide(stream, std::move(chunk));
        },
        [this](provide_atom, stream_id stream, caf::error& error) {
          provide(stream, std::move(error));
        },
    };
  }

  void on_exit() override {
    if (import_)
      import_->answer(fail(worker_error::worker_terminated));
    parent_ = instance_parent_actor{};
    pulls_.clear();
  }

private:
  using chunk_promise = caf::typed_response_promise<body_chunk>;

  instance_child_actor connect(instance_parent_actor parent) {
    parent_ = std::move(parent);
    monitor(parent_);
    connected_->set_value();
    return eval_bridge_actor{this};
  }

  void notify(service_notice notice) {
    inbox_->post(
        [notice = std::move(notice)](eval_listener& listener) { listener.notified(notice); });
  }

  void lose_parent() {
    inbox_->post([](eval_listener& listener) { listener.services_lost(); });
    quit();
  }

  void start(call_id id, service_request call) {
    const auto tell = [=, inbox = inbox_](service_result result) {
      inbox->post([id, result = std::move(result)](eval_listener& listener) {
        listener.completed(id, result);
      });
    };
    request(parent_, watched_by_sender(), call_atom_v, id, std::move(call))
        .then([=](service_result& result) { tell(std::move(result)); },
              [=](const caf::error& error) {
                tell(call_failure{"UnknownError", describe(error)});
              });
  }

  void import(const import_ticket_ptr& ticket) {
    import_ = ticket;
    request(parent_, limits::import_time_max, call_atom_v, import_call,
            service_request{ticket->request()})
        .then([=](service_result& result) { ticket->answer(std::move(result)); },
              [=](caf::error& error) { ticket->answer(std::move(error)); });
  }

  void pull_parent(stream_id stream, uint32_t bytes_max) {
    const auto tell = [=, inbox = inbox_](caf::expected<body_chunk> chunk) {
      inbox->post([stream, chunk = std::move(chunk)](eval_listener& listener) {
        listener.pulled(stream, chunk);
      });
    };
    request(parent_, watched_by_sender(), pull_atom_v, stream, bytes_max)
        .then([=](body_chunk& chunk) { tell(std::move(chunk)); },
              [=](caf::error& error) { tell(std::move(error)); });
  }

  caf::result<body_chunk> pull_child(stream_id stream, uint32_t bytes_max) {
    if (pulls_.contains(stream))
      return fail(storage_error::body_failed, "a pull is outstanding");
    auto promise = make_response_promise<body_chunk>();
    pulls_.emplace(stream, promise);
    inbox_->post([=](eval_listener& listener) { listener.pull_wanted(stream, bytes_max); });
    return promise;
  }

  void cancel_child(stream_id stream) {
    pulls_.erase(stream);
    inbox_->post([=](eval_listener& listener) { listener.cancel_wanted(stream); });
  }

  void provide(stream_id stream, caf::expected<body_chunk> chunk) {
    const auto found = pulls_.find(stream);
    if (found == pulls_.end())
      return;
    auto promise = std::move(found->second);
    pulls_.erase(found);
    if (chunk)
      promise.deliver(std::move(*chunk));
    else
      promise.deliver(std::move(chunk.error()));
  }

  static constexpr call_id import_call{uint64_t{1} << 63};

  eval_inbox_ptr inbox_;
  std::shared_ptr<std::promise<void>> connected_;
  instance_parent_actor parent_;
  import_ticket_ptr import_;
  std::unordered_map<stream_id, chunk_promise> pulls_;
};

} // namespace

eval_bridge_actor spawn_eval_bridge(caf::actor_system& system, eval_inbox_ptr inbox,
                                    std::shared_ptr<std::promise<void>> connected) {
  return system.spawn<eval_bridge>(std::move(inbox), std::move(connected));
}

} // namespace offstage

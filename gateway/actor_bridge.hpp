// SPDX-License-Identifier: MIT
#pragma once

// How code on an io_loop talks to actors: ask() sends a request and calls back on the loop's thread
// with the answer, exactly once: the value, the receiver's error, request_receiver_down when a
// watched receiver died, or request_timeout. One bridge per loop serves all of its sessions and
// fetches. Timeouts are checked at the loop's ticks, because CAF's own cost one clock entry per
// request that stays for the whole timeout.

#include <chrono>
#include <functional>
#include <memory>
#include <unordered_map>
#include <utility>

#include <caf/actor_cast.hpp>
#include <caf/expected.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>
#include <caf/send.hpp>

#include "gateway/io_actor.hpp"
#include "protocol/ids.hpp"

namespace offstage {

class actor_bridge : public io_actor {
public:
  using io_actor::io_actor;

  template <class Result, class Handle, class... Ts>
  void ask(const Handle& receiver, io_loop::clock::duration timeout,
           std::function<void(caf::expected<Result>)> then, Ts... xs) {
    const auto id = new_request_id(caf::message_priority::normal);
    auto destination = caf::actor_cast<caf::strong_actor_ptr>(receiver);
    if (!destination || closed_) {
      then(caf::make_error(caf::sec::request_receiver_down));
      return;
    }
    pending_.emplace(
        id.response_id().integer_value(),
        pending{io_loop::clock::now() + timeout, destination->id(),
                [then = std::move(then)](caf::type_erased_tuple* answer, caf::error reason) {
                  then(answer ? unpack<Result>(*answer) : std::move(reason));
                }});
    destination->enqueue(caf::make_mailbox_element(ctrl(), id,
                                                   caf::mailbox_element::forwarding_stack{},
                                                   std::move(xs)...),
                         context());
  }

  template <class Handle, class... Ts>
  void tell(const Handle& receiver, Ts... xs) {
    auto destination = caf::actor_cast<caf::strong_actor_ptr>(receiver);
    if (destination)
      destination->enqueue(caf::make_mailbox_element(ctrl(), caf::make_message_id(),
                                                     caf::mailbox_element::forwarding_stack{},
                                                     std::move(xs)...),
                           context());
  }

  /// Questions to this actor fail at once when it dies, on whatever node it is.
  template <class Handle>
  void watch(const Handle& receiver) {
    if (receiver)
      monitor(receiver);
  }

  /// Answers questions whose time has passed; called at every tick.
  void expire(io_loop::clock::time_point now);

  /// Names a call of this bridge, so that it can be aborted.
  call_id next_call() { return static_cast<call_id>(++last_call_); }

  void on_exit() override;

protected:
  void handle(caf::mailbox_element& message) override;

private:
  struct pending {
    io_loop::clock::time_point deadline;
    caf::actor_id receiver;
    std::function<void(caf::type_erased_tuple*, caf::error)> settle;
  };

  template <class Result>
  static caf::expected<Result> unpack(caf::type_erased_tuple& answer) {
    if (answer.match_elements<Result>()) {
      if (answer.shared())
        return answer.get_as<Result>(0);
      return std::move(answer.get_mutable_as<Result>(0));
    }
    if (answer.match_elements<caf::error>())
      return answer.get_as<caf::error>(0);
    return caf::make_error(caf::sec::unexpected_response);
  }

  template <class Predicate>
  void fail_if(Predicate predicate, const caf::error& reason);

  std::unordered_map<uint64_t, pending> pending_;
  uint64_t last_call_ = 0;
  bool closed_ = false;
};

using actor_bridge_ptr = std::shared_ptr<actor_bridge>;

/// A bridge on this loop; it ends with stop(), which fails what is pending.
actor_bridge_ptr make_actor_bridge(caf::actor_system& system, std::shared_ptr<io_loop> loop);

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "gateway/actor_bridge.hpp"

#include <vector>

#include <caf/actor_system.hpp>
#include <caf/exit_reason.hpp>
#include <caf/system_messages.hpp>

namespace offstage {

// Collects first: a callback may ask again.
template <class Predicate>
void actor_bridge::fail_if(Predicate predicate, const caf::error& reason) {
  std::vector<pending> failed;
  for (auto it = pending_.begin(); it != pending_.end();) {
    if (predicate(it->second)) {
      failed.push_back(std::move(it->second));
      it = pending_.erase(it);
    } else {
      ++it;
    }
  }
  for (auto& x : failed)
    x.settle(nullptr, reason);
}

void actor_bridge::handle(caf::mailbox_element& message) {
  if (message.mid.is_response()) {
    const auto found = pending_.find(message.mid.integer_value());
    if (found == pending_.end())
      return;
    auto settle = std::move(found->second.settle);
    pending_.erase(found);
    settle(&message.content(), {});
    return;
  }
  if (message.content().match_elements<caf::down_msg>()) {
    const auto& down = message.content().get_as<caf::down_msg>(0);
    fail_if([&](const pending& x) { return x.receiver == down.source.id(); },
            caf::make_error(caf::sec::request_receiver_down));
    return;
  }
  if (message.content().match_elements<caf::exit_msg>())
    return;
  io_actor::handle(message);
}

// Questions hold who asked, and who asked holds the bridge.
void actor_bridge::on_exit() {
  closed_ = true;
  fail_if([](const pending&) { return true; }, caf::make_error(caf::sec::request_receiver_down));
}

void actor_bridge::expire(io_loop::clock::time_point now) {
  fail_if([&](const pending& x) { return x.deadline <= now; },
          caf::make_error(caf::sec::request_timeout));
}

actor_bridge_ptr make_actor_bridge(caf::actor_system& system, std::shared_ptr<io_loop> loop) {
  const auto handle = system.spawn<actor_bridge, caf::hidden>(loop);
  auto* raw = static_cast<actor_bridge*>(caf::actor_cast<caf::abstract_actor*>(handle));
  loop->on_tick([raw](io_loop::clock::time_point now) { raw->expire(now); });
  return {std::make_shared<caf::actor>(handle), raw};
}

} // namespace offstage

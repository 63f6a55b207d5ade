// SPDX-License-Identifier: MIT
#include "gateway/io_actor.hpp"

#include <boost/asio/post.hpp>
#include <caf/actor_system.hpp>
#include <caf/make_message.hpp>
#include <caf/sec.hpp>

namespace offstage {

io_actor::io_actor(caf::actor_config& config, std::shared_ptr<io_loop> loop)
    : caf::event_based_actor(config), loop_(std::move(loop)), unit_(&home_system()) {}

void io_actor::launch(caf::execution_unit*, bool, bool hide) {
  if (!hide)
    register_at_system();
  context(&unit_);
}

void io_actor::enqueue(caf::mailbox_element_ptr message, caf::execution_unit*) {
  auto refused = false;
  auto first = false;
  {
    const std::lock_guard guard{mutex_};
    refused = ended_ || loop_->is_stopped();
    if (!refused) {
      first = queue_.empty();
      queue_.push_back(std::move(message));
    }
  }
  if (refused)
    refuse(*message);
  else if (first)
    boost::asio::post(loop_->context(),
                      [this, self = caf::strong_actor_ptr{ctrl()}] { run_queue(); });
}

void io_actor::run_queue() {
  std::vector<caf::mailbox_element_ptr> messages;
  {
    const std::lock_guard guard{mutex_};
    messages.swap(queue_);
  }
  for (auto& message : messages)
    handle(*message);
}

void io_actor::handle(caf::mailbox_element& message) {
  if (done_)
    refuse(message);
  else if (activate(&unit_, message) == activation_result::terminated)
    end();
}

void io_actor::stop(caf::error reason) {
  if (done_)
    return;
  quit(std::move(reason));
  finalize();
  end();
}

void io_actor::end() {
  done_ = true;
  const std::lock_guard guard{mutex_};
  ended_ = true;
}

void io_actor::refuse(caf::mailbox_element& message) {
  if (!message.sender || !message.mid.is_request())
    return;
  message.sender->enqueue(nullptr, message.mid.response_id(),
                          caf::make_message(caf::make_error(caf::sec::request_receiver_down)),
                          nullptr);
}

} // namespace offstage

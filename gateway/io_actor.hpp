// SPDX-License-Identifier: MIT
#pragma once

// An actor that lives on an io_loop's thread: its handlers run there, between socket handlers, so
// that both share state without locks. Messages from elsewhere cost one post per burst and no
// scheduler hop. It ends with quit(), stop() or when nobody refers to it; requests to an ended one,
// or to one whose loop has stopped, are answered with request_receiver_down.

#include <memory>
#include <mutex>
#include <vector>

#include <caf/event_based_actor.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/scoped_execution_unit.hpp>

#include "gateway/io_loop.hpp"

namespace offstage {

class io_actor : public caf::event_based_actor {
public:
  io_actor(caf::actor_config& config, std::shared_ptr<io_loop> loop);

  using caf::event_based_actor::enqueue;
  void enqueue(caf::mailbox_element_ptr message, caf::execution_unit* unit) override;
  void launch(caf::execution_unit* unit, bool lazy, bool hide) override;

  /// Ends the actor; on the loop's thread, outside of its handlers.
  void stop(caf::error reason);

protected:
  io_loop& loop() { return *loop_; }

  /// Handles one message on the loop's thread.
  virtual void handle(caf::mailbox_element& message);

private:
  void run_queue();
  void refuse(caf::mailbox_element& message);
  void end();

  std::shared_ptr<io_loop> loop_;
  caf::scoped_execution_unit unit_;
  std::mutex mutex_;
  std::vector<caf::mailbox_element_ptr> queue_; ///< Guarded by mutex_.
  bool ended_ = false;                          ///< Guarded by mutex_.
  bool done_ = false;                           ///< The same for the loop's thread.
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// One worker process as the parent sees it. Created by the process launcher, shared by the instance
// spawner and the instance parents that live on the process; thread-safe. When the process dies the
// handle stays valid and every call on it does nothing. Never crosses the wire.

#include <cstdint>
#include <memory>

#include <caf/actor_control_block.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/fwd.hpp>

#include "protocol/byte_link.hpp"

namespace offstage {

class process_link : public byte_link {
public:
  /// The operating system's id; the own process's id for instances that run in process.
  virtual int32_t pid() const = 0;

  /// From here on the process may send messages to this actor of the parent. Everything else it
  /// addresses is dropped.
  virtual void allow(caf::actor_id receiver) = 0;
  virtual void revoke(caf::actor_id receiver) = 0;

  /// Ends the process at once and without its consent.
  virtual void kill() = 0;
};

using process_link_ptr = std::shared_ptr<process_link>;

} // namespace offstage

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(offstage::process_link_ptr)

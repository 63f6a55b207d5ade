// SPDX-License-Identifier: MIT
#pragma once

// BASP by hand, for a process that does not keep to it.

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/binary_serializer.hpp>
#include <caf/io/basp/message_type.hpp>
#include <caf/message.hpp>
#include <caf/node_id.hpp>

#include "app/link/descriptor.hpp"

namespace offstage::test {

using bytes = std::vector<char>;
using writer = std::function<void(caf::binary_serializer&)>;
using caf::io::basp::message_type;

/// What a frame says about itself.
struct frame_head {
  message_type operation = message_type::direct_message;
  uint8_t flags = 0;
  caf::actor_id source = 0;
  caf::actor_id receiver = 0;
  uint64_t data = 0;
  uint32_t announced_bytes = 0; ///< 0: the truth.
};

class frame_maker {
public:
  explicit frame_maker(caf::actor_system& system) : system_(system) {}

  bytes serialize(const writer& write) const;
  bytes frame(const frame_head& head, const bytes& payload) const;

  /// A direct message without a forwarding stack.
  bytes message(caf::actor_id receiver, caf::message content) const;

  /// A message that claims these types; its elements are whatever `elements` holds.
  bytes forged(caf::actor_id receiver, const std::string& types, const bytes& elements) const;

private:
  caf::actor_system& system_;
};

/// Writes all of it, with descriptors beside the first byte.
void put(int socket, const bytes& data, const std::vector<descriptor>& fds = {});

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#pragma once

// What a worker process may say to its parent. BASP trusts its peers; a worker process that runs
// hostile code must not be able to address an actor that it was not given, to claim another
// process's identity, to relay, to make the parent allocate by an announced length, or to use
// message types of CAF that do any of it. Every frame of the child passes through here before CAF
// sees it. allow() and revoke() may be called from any thread, the rest in the multiplexer's.
//
// Messages to a receiver that is not allowed are dropped, and the link with them once there were
// refused_messages_max; anything that no honest child sends ends the link at once.

#include <atomic>
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_set>

#include <caf/actor_control_block.hpp>
#include <caf/fwd.hpp>
#include <caf/node_id.hpp>

namespace offstage {

class link_guard {
public:
  enum class verdict : uint8_t { pass, drop, close };

  /// The child has to present itself as the process with this id, and may name no node but its own
  /// and that of the parent.
  link_guard(caf::node_id parent, int32_t pid);

  void allow(caf::actor_id receiver);
  void revoke(caf::actor_id receiver);

  /// The fixed part of a frame.
  struct header {
    uint8_t operation = 0;
    uint8_t flags = 0;
    uint32_t payload_bytes = 0;
    caf::actor_id source = 0;
    caf::actor_id receiver = 0;
  };

  static header parse(const char* bytes);

  /// Judges a header; its payload is judged when it is there, if there is one.
  verdict judge(const header& frame);
  verdict judge(const header& frame, caf::execution_unit* context, const char* payload,
                size_t size);

  /// Why the link was closed, empty if it was not closed from this side.
  std::string reason() const;
  uint64_t refused_count() const { return refused_; }

  /// From outside: the link is closed for this reason.
  void note(std::string reason);

  /// The node that the handshake named.
  const caf::node_id& peer() const { return peer_; }

private:
  enum class receiver_state : uint8_t { allowed, revoked, unknown };

  receiver_state state_of(caf::actor_id receiver) const;
  verdict judge_handshake(caf::execution_unit* context, const char* payload, size_t size);
  verdict judge_message(const header& frame);
  verdict judge_message_payload(caf::execution_unit* context, const char* payload, size_t size);
  verdict judge_monitor(caf::execution_unit* context, const char* payload, size_t size);
  verdict judge_down(caf::execution_unit* context, const char* payload, size_t size);
  bool read_nodes(caf::binary_deserializer& source) const;
  verdict judge_error(caf::binary_deserializer& source);
  verdict judge_handle(caf::binary_deserializer& source);
  verdict close(std::string_view reason);
  verdict drop(std::string_view reason);

  const caf::node_id parent_;
  const int32_t pid_;
  caf::node_id peer_;
  bool shaken_ = false;
  std::unordered_set<caf::actor_id> senders_;
  std::atomic<uint64_t> refused_{0};

  mutable std::mutex mutex_;
  std::unordered_set<caf::actor_id> allowed_;
  std::unordered_set<caf::actor_id> revoked_;
  std::deque<caf::actor_id> revoked_order_;
  std::string reason_;
};

} // namespace offstage

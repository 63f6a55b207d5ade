// SPDX-License-Identifier: MIT
#include "app/link/link_guard.hpp"

#include <algorithm>
#include <array>

#include <caf/binary_deserializer.hpp>
#include <caf/io/basp/header.hpp>

#include "config/limits.hpp"
#include "protocol/type_ids.hpp"

namespace offstage {

namespace {

using caf::io::basp::message_type;

template <class T>
constexpr std::string_view name_of = caf::type_name<T>::value;

/// What messages of a child are made of. Types that CAF brings along are absent on purpose: several
/// of them act on their receiver (exit, link), or allocate what they announce (byte vectors).
constexpr std::array element_types{
    std::string_view{"@atom"}, std::string_view{"@u32"}, std::string_view{"bool"},
    name_of<event_id>,         name_of<call_id>,         name_of<stream_id>,
    name_of<body_chunk>,       name_of<fetch_outcome>,   name_of<event_result>,
    name_of<service_request>,  name_of<console_message>, name_of<script_error>,
    name_of<script_artifact>,
};

/// An error travels with a message as its context; ours is text or nothing.
constexpr std::array context_types{std::string_view{"@<>"}, std::string_view{"@<>+@str"}};

constexpr std::string_view type_list_prefix = "@<>";

bool is_element_type(std::string_view name) {
  return std::find(element_types.begin(), element_types.end(), name) != element_types.end();
}

bool are_element_types(std::string_view names) {
  while (!names.empty()) {
    names.remove_prefix(1);
    auto end = std::min(names.find('+'), names.size());
    if (!is_element_type(names.substr(0, end)))
      return false;
    names.remove_prefix(end);
  }
  return true;
}

template <class Integer>
Integer read_big_endian(const char* bytes) {
  Integer result = 0;
  for (size_t i = 0; i < sizeof(Integer); ++i)
    result = static_cast<Integer>(result << 8 | static_cast<uint8_t>(bytes[i]));
  return result;
}

// Format: type number:u16 (0) type names:string, as CAF begins a message.
bool read_type_names(caf::binary_deserializer& source, std::string& names) {
  uint16_t number = 0;
  return !source.begin_object(number, names) && number == 0
         && std::string_view{names}.starts_with(type_list_prefix);
}

} // namespace

link_guard::link_guard(caf::node_id parent, int32_t pid) : parent_(std::move(parent)), pid_(pid) {}

void link_guard::allow(caf::actor_id receiver) {
  std::lock_guard<std::mutex> guard{mutex_};
  allowed_.insert(receiver);
}

void link_guard::revoke(caf::actor_id receiver) {
  std::lock_guard<std::mutex> guard{mutex_};
  if (allowed_.erase(receiver) == 0)
    return;
  revoked_.insert(receiver);
  revoked_order_.push_back(receiver);
  if (revoked_order_.size() > limits::revoked_receivers_max) {
    revoked_.erase(revoked_order_.front());
    revoked_order_.pop_front();
  }
}

link_guard::receiver_state link_guard::state_of(caf::actor_id receiver) const {
  std::lock_guard<std::mutex> guard{mutex_};
  if (allowed_.count(receiver) != 0)
    return receiver_state::allowed;
  return revoked_.count(receiver) != 0 ? receiver_state::revoked : receiver_state::unknown;
}

// Format: operation:u8 padding:u16 flags:u8 payload:u32 operation data:u64 source:u64 receiver:u64,
// big endian.
link_guard::header link_guard::parse(const char* bytes) {
  header result;
  result.operation = static_cast<uint8_t>(bytes[0]);
  result.flags = static_cast<uint8_t>(bytes[3]);
  result.payload_bytes = read_big_endian<uint32_t>(bytes + 4);
  result.source = read_big_endian<uint64_t>(bytes + 16);
  result.receiver = read_big_endian<uint64_t>(bytes + 24);
  return result;
}

link_guard::verdict link_guard::judge(const header& frame) {
  auto operation = static_cast<message_type>(frame.operation);
  if (frame.payload_bytes > wire::message_bytes_max)
    return close("it announced a message that is too long");
  if ((operation == message_type::server_handshake) == shaken_)
    return close(shaken_ ? "it sent a second handshake" : "it spoke before its handshake");
  switch (operation) {
  case message_type::server_handshake:
    shaken_ = true;
    if (frame.payload_bytes == 0 || frame.payload_bytes > limits::handshake_bytes_max)
      return close("its handshake has a wrong length");
    return verdict::pass;
  case message_type::direct_message:
    return judge_message(frame);
  case message_type::monitor_message:
    if (frame.payload_bytes == 0)
      return close("it sent a malformed monitor message");
    if (state_of(frame.receiver) != receiver_state::allowed)
      return drop("it monitors an actor that it was not given");
    return verdict::pass;
  case message_type::down_message:
    senders_.erase(frame.source);
    return frame.payload_bytes == 0 ? close("it sent a malformed down message") : verdict::pass;
  case message_type::heartbeat:
    return frame.payload_bytes != 0 ? close("it sent a malformed heartbeat") : verdict::pass;
  default:
    return close("it sent a frame that only nodes may send");
  }
}

link_guard::verdict link_guard::judge_message(const header& frame) {
  if (frame.payload_bytes == 0)
    return close("it sent an empty message");
  if (frame.flags & caf::io::basp::header::named_receiver_flag)
    return drop("it addressed an actor by name");
  switch (state_of(frame.receiver)) {
  case receiver_state::allowed:
    break;
  case receiver_state::revoked:
    return verdict::drop;
  case receiver_state::unknown:
    return drop("it addressed an actor that it was not given");
  }
  if (senders_.insert(frame.source).second && senders_.size() > limits::senders_per_process_max)
    return close("too many of its actors send messages");
  return verdict::pass;
}

link_guard::verdict link_guard::judge(const header& frame, caf::execution_unit* context,
                                      const char* payload, size_t size) {
  switch (static_cast<message_type>(frame.operation)) {
  case message_type::server_handshake:
    return judge_handshake(context, payload, size);
  case message_type::direct_message:
    return judge_message_payload(context, payload, size);
  case message_type::monitor_message:
    return judge_monitor(context, payload, size);
  default:
    return judge_down(context, payload, size);
  }
}

// Another process's node id would give this child the messages that are meant for that process.
link_guard::verdict link_guard::judge_handshake(caf::execution_unit* context, const char* payload,
                                                size_t size) {
  caf::binary_deserializer source{context, payload, size};
  if (source(peer_) || !peer_)
    return close("its handshake is malformed");
  auto* node = dynamic_cast<const caf::node_id::default_data*>(peer_.operator->());
  if (node == nullptr || node->process_id() != static_cast<uint32_t>(pid_))
    return close("its handshake names another process");
  return verdict::pass;
}

// A forwarding stack would make the parent's actors send their answers to any other of its actors.
link_guard::verdict link_guard::judge_message_payload(caf::execution_unit* context,
                                                      const char* payload, size_t size) {
  caf::binary_deserializer source{context, payload, size};
  size_t stages = 0;
  if (source.begin_sequence(stages) || stages != 0)
    return close("it sent a message with a forwarding stack");
  std::string names;
  if (!read_type_names(source, names))
    return close("it sent a malformed message");
  auto types = std::string_view{names}.substr(type_list_prefix.size());
  if (types == "+@error")
    return judge_error(source);
  if (types.substr(std::min<size_t>(1, types.size())) == name_of<instance_child_actor>)
    return judge_handle(source);
  return are_element_types(types) ? verdict::pass
                                  : close("it sent a message of types that are not its own");
}

// Format: source node, receiver node, and for deaths the error. BASP believes the first and passes
// the frame on to the second.
link_guard::verdict link_guard::judge_monitor(caf::execution_unit* context, const char* payload,
                                              size_t size) {
  caf::binary_deserializer source{context, payload, size};
  if (!read_nodes(source))
    return close("it monitors an actor of another process");
  return verdict::pass;
}

link_guard::verdict link_guard::judge_down(caf::execution_unit* context, const char* payload,
                                           size_t size) {
  caf::binary_deserializer source{context, payload, size};
  if (!read_nodes(source))
    return close("it reports a death to another process");
  return judge_error(source);
}

bool link_guard::read_nodes(caf::binary_deserializer& source) const {
  caf::node_id sender;
  caf::node_id receiver;
  return !source(sender, receiver) && sender == peer_ && receiver == parent_;
}

link_guard::verdict link_guard::judge_error(caf::binary_deserializer& source) {
  uint8_t code = 0;
  auto category = caf::atom("");
  std::string names;
  if (source(code, category) || !read_type_names(source, names))
    return close("it sent a malformed error");
  if (std::find(context_types.begin(), context_types.end(), names) == context_types.end())
    return drop("it sent an error with a context that is no text");
  return verdict::pass;
}

// A handle of another node, above all of the parent itself, would have the parent speak to an actor
// of the child's choice.
link_guard::verdict link_guard::judge_handle(caf::binary_deserializer& source) {
  caf::actor_id id = 0;
  caf::node_id node;
  if (source(id, node) || node != peer_)
    return close("it presented an actor of another process as its own");
  return verdict::pass;
}

link_guard::verdict link_guard::close(std::string_view reason) {
  ++refused_;
  note(std::string{reason});
  return verdict::close;
}

link_guard::verdict link_guard::drop(std::string_view reason) {
  if (++refused_ > limits::refused_messages_max)
    return close(reason);
  return verdict::drop;
}

std::string link_guard::reason() const {
  std::lock_guard<std::mutex> guard{mutex_};
  return reason_;
}

void link_guard::note(std::string reason) {
  std::lock_guard<std::mutex> guard{mutex_};
  reason_ = std::move(reason);
}

} // namespace offstage

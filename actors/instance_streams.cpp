// SPDX-License-Identifier: MIT
#include "actors/instance_streams.hpp"

#include <algorithm>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/actor_support.hpp"
#include "actors/body_relay.hpp"
#include "protocol/errors.hpp"

namespace offstage {

instance_streams::~instance_streams() {
  for (auto& [id, entry] : sources_)
    caf::anon_send(entry.source, cancel_atom_v);
}

// -- Conversion
// ----------------------------------------------------------------------------------

caf::error instance_streams::convert_out(shared_bytes& x) {
  auto converted = link_->outgoing(std::move(x));
  if (!converted)
    return std::move(converted.error());
  x = std::move(*converted);
  return {};
}

caf::error instance_streams::convert_in(shared_bytes& x) {
  auto converted = link_->incoming(std::move(x));
  if (!converted)
    return std::move(converted.error());
  x = std::move(*converted);
  return {};
}

caf::error instance_streams::convert_out(body& x) {
  if (x.kind == body_kind::none)
    return {};
  if (x.kind == body_kind::inline_bytes)
    return convert_out(x.bytes);
  if (x.kind != body_kind::source || !x.source)
    return fail(storage_error::body_failed, "a body without its source");
  if (size() >= stream_count_max_)
    return fail(node_error::limit_exceeded, "streams of one instance");
  const auto id = stream_id{next_stream_++};
  self_->monitor(x.source);
  sources_.emplace(id, source_entry{std::move(x.source), {}});
  x.source = body_source_actor{};
  x.kind = body_kind::parent_stream;
  x.stream = id;
  return {};
}

caf::error instance_streams::convert_in(body& x) {
  if (x.kind == body_kind::none)
    return {};
  if (x.kind == body_kind::inline_bytes)
    return convert_in(x.bytes);
  if (x.kind == body_kind::parent_stream) {
    const auto entry = sources_.find(x.stream);
    if (entry == sources_.end() || entry->second.pending)
      return fail(node_error::limit_exceeded, "unknown parent stream");
    x = body::of(std::move(entry->second.source), x.length);
    sources_.erase(entry);
    return {};
  }
  if (x.kind != body_kind::child_stream || size() >= stream_count_max_)
    return fail(node_error::limit_exceeded, "a body of a kind that a child cannot send");
  if (!child_streams_.insert(x.stream).second)
    return fail(node_error::limit_exceeded, "a child stream that is in use");
  x = body::of(spawn_body_relay(self_->system(), instance_parent_actor{self_}, x.stream), x.length);
  return {};
}

// -- Streams of the parent
// -------------------------------------------------------------------------

std::optional<instance_streams::chunk_promise> instance_streams::pull(stream_id stream,
                                                                      uint32_t bytes_max) {
  const auto entry = sources_.find(stream);
  auto promise = self_->make_response_promise<body_chunk>();
  if (entry == sources_.end()) {
    promise.deliver(fail(storage_error::body_failed, "the stream has ended"));
    return promise;
  }
  if (entry->second.pending)
    return std::nullopt;
  entry->second.pending = promise;
  const auto bytes = std::clamp(bytes_max, 1U, static_cast<uint32_t>(wire::chunk_bytes_max));
  self_->request(entry->second.source, watched_by_sender(), pull_atom_v, bytes)
      .then([=, this](body_chunk& chunk) { pulled(stream, std::move(chunk)); },
            [=, this](caf::error& error) { pulled(stream, std::move(error)); });
  return promise;
}

void instance_streams::pulled(stream_id stream, caf::expected<body_chunk> chunk) {
  const auto entry = sources_.find(stream);
  if (entry == sources_.end() || !entry->second.pending)
    return;
  auto promise = std::move(*entry->second.pending);
  entry->second.pending.reset();
  if (chunk)
    if (auto error = to_child(*chunk))
      chunk = std::move(error);
  if (!chunk || chunk->last)
    sources_.erase(entry);
  if (chunk)
    promise.deliver(std::move(*chunk));
  else
    promise.deliver(std::move(chunk.error()));
}

void instance_streams::cancel(stream_id stream) {
  const auto entry = sources_.find(stream);
  if (entry == sources_.end())
    return;
  self_->send(entry->second.source, cancel_atom_v);
  sources_.erase(entry);
}

// A source quits after its last chunk, and its down message may overtake nothing: chunks that it
// sent before are in the mailbox already.
bool instance_streams::source_down(const caf::actor_addr& source) {
  const auto is_source = [&](const auto& item) { return item.second.source.address() == source; };
  const auto found = std::ranges::find_if(sources_, is_source);
  if (found == sources_.end())
    return false;
  if (found->second.pending)
    pulled(found->first, fail(storage_error::body_failed, "its producer died"));
  return true;
}

// -- Streams of the child
// --------------------------------------------------------------------------

caf::result<body_chunk> instance_streams::provide(const instance_child_actor& child,
                                                  stream_id stream, uint32_t bytes_max) {
  if (!child || !child_streams_.contains(stream))
    return fail(storage_error::body_failed, "the stream has ended");
  const auto bytes = std::clamp(bytes_max, 1U, static_cast<uint32_t>(wire::chunk_bytes_max));
  auto promise = self_->make_response_promise<body_chunk>();
  self_->request(child, watched_by_sender(), pull_atom_v, stream, bytes)
      .then([=, this](body_chunk& chunk) { provided(promise, stream, bytes, std::move(chunk)); },
            [=, this](caf::error&) {
              child_streams_.erase(stream);
              auto answer = promise;
              answer.deliver(fail(storage_error::body_failed));
            });
  return promise;
}

void instance_streams::provided(chunk_promise promise, stream_id stream, uint32_t bytes_max,
                                body_chunk chunk) {
  auto error = from_child(chunk);
  if (!error && chunk.bytes.size() > bytes_max)
    error = fail(storage_error::body_failed, "more bytes than asked for");
  if (error || chunk.last)
    child_streams_.erase(stream);
  if (error)
    promise.deliver(std::move(error));
  else
    promise.deliver(std::move(chunk));
}

void instance_streams::cancel_child_stream(const instance_child_actor& child, stream_id stream) {
  if (child_streams_.erase(stream) > 0 && child)
    self_->send(child, cancel_atom_v, stream);
}

} // namespace offstage

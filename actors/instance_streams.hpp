// SPDX-License-Identifier: MIT
#pragma once

// The body streams of one instance, in both directions, and the conversion of payloads at its link.
// A part of instance_parent: used by that actor only, ends with it (sources that the child has not
// read to their end are cancelled).

#include <optional>
#include <unordered_map>
#include <unordered_set>

#include <caf/result.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/payloads.hpp"
#include "protocol/actors.hpp"

namespace offstage {

class instance_streams {
public:
  instance_streams(instance_parent_actor::pointer self, process_link_ptr link,
                   uint32_t stream_count_max)
      : self_(self), link_(std::move(link)), stream_count_max_(stream_count_max) {}
  ~instance_streams();

  /// Prepares a message for the child: sources become parent streams, long bytes descriptors.
  template <class T>
  caf::error to_child(T& x) {
    caf::error error;
    auto convert = [&](auto& payload) { return !(error = convert_out(payload)); };
    each_payload(x, convert);
    return error;
  }

  /// Resolves a message of the child. An error means that no correct child sends this.
  template <class T>
  caf::error from_child(T& x) {
    caf::error error;
    auto convert = [&](auto& payload) { return !(error = convert_in(payload)); };
    each_payload(x, convert);
    return error;
  }

  /// The child pulls a stream of the parent. Answers null if no correct child asks this.
  std::optional<caf::typed_response_promise<body_chunk>> pull(stream_id stream, uint32_t bytes_max);
  void cancel(stream_id stream);

  /// A relay pulls a stream of the child.
  caf::result<body_chunk> provide(const instance_child_actor& child, stream_id stream,
                                  uint32_t bytes_max);
  void cancel_child_stream(const instance_child_actor& child, stream_id stream);

  /// A monitored source died. Answers whether it was one.
  bool source_down(const caf::actor_addr& source);

  size_t size() const { return sources_.size() + child_streams_.size(); }

private:
  using chunk_promise = caf::typed_response_promise<body_chunk>;

  struct source_entry {
    body_source_actor source;
    std::optional<chunk_promise> pending;
  };

  caf::error convert_out(body& x);
  caf::error convert_out(shared_bytes& x);
  caf::error convert_in(body& x);
  caf::error convert_in(shared_bytes& x);
  void pulled(stream_id stream, caf::expected<body_chunk> chunk);
  void provided(chunk_promise promise, stream_id stream, uint32_t bytes_max, body_chunk chunk);

  instance_parent_actor::pointer self_;
  process_link_ptr link_;
  uint32_t stream_count_max_;
  std::unordered_map<stream_id, source_entry> sources_;
  std::unordered_set<stream_id> child_streams_;
  uint64_t next_stream_ = 1;
};

} // namespace offstage

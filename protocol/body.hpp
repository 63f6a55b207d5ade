// SPDX-License-Identifier: MIT
#pragma once

// The body of a request or response. Short bodies are inline. Longer ones, and those whose length
// is not known, are streams that the consumer pulls: one outstanding pull, which names how many
// bytes it can take, is the credit, so nothing grows while a consumer does not read.
//
// Within a process a stream is a body_source actor. Its producer spawns it; it quits after its last
// chunk, an error, a cancel, or when its producer dies. Over an instance link a stream is a
// stream_id of the side that produces it, and instance_parent / instance_child relay the pulls:
// `parent_stream` names a source that the parent holds (a child that answers with it unread passes
// it through without touching its bytes), `child_stream` one that the script feeds.

#include <cstdint>

#include <caf/fwd.hpp>
#include <caf/meta/type_name.hpp>
#include <caf/replies_to.hpp>
#include <caf/typed_actor.hpp>

#include "protocol/atoms.hpp"
#include "protocol/ids.hpp"
#include "protocol/shared_bytes.hpp"

namespace offstage {

/// The answer to one pull: bytes (possibly none before the end), and whether the stream ended with
/// them.
struct body_chunk {
  shared_bytes bytes; ///< At most as many as were asked for, and at most wire::chunk_bytes_max.
  bool last = false;

  template <class Inspector>
  friend auto inspect(Inspector& f, body_chunk& x) {
    return f(caf::meta::type_name("body_chunk"), x.bytes, x.last);
  }
};

using body_source_actor = caf::typed_actor<
    // Gives at most so many bytes, when there are any; at most one pull is outstanding. An error
    // ends the stream: storage_error::body_failed, node_error::aborted or
    // worker_error::worker_terminated.
    caf::replies_to<pull_atom, uint32_t>::with<body_chunk>,
    // The consumer wants no more; the source quits and tells its producer.
    caf::reacts_to<cancel_atom>>;

enum class body_kind : uint8_t { none, inline_bytes, source, parent_stream, child_stream };

struct body {
  body_kind kind = body_kind::none;
  shared_bytes bytes;       ///< inline_bytes.
  body_source_actor source; ///< source; never leaves its process, see inspect.
  stream_id stream{0};      ///< parent_stream and child_stream.
  int64_t length = -1;      ///< What the producer announces; -1 if it does not know.

  static body of(shared_bytes bytes) {
    body result;
    result.kind = body_kind::inline_bytes;
    result.length = static_cast<int64_t>(bytes.size());
    result.bytes = std::move(bytes);
    return result;
  }

  static body of(body_source_actor source, int64_t length = -1) {
    body result;
    result.kind = body_kind::source;
    result.source = std::move(source);
    result.length = length;
    return result;
  }

  bool is_stream() const { return kind != body_kind::none && kind != body_kind::inline_bytes; }

  /// Without the source: a handle that came over a link could name any actor of the receiver, and
  /// each costs the receiver a proxy. A body of kind source has none after it was sent.
  template <class Inspector>
  friend auto inspect(Inspector& f, body& x) {
    return f(caf::meta::type_name("body"), x.kind, x.bytes, x.stream, x.length);
  }
};

} // namespace offstage

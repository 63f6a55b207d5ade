// SPDX-License-Identifier: MIT
#pragma once

// A body whose bytes script has not asked for: they may stay on the other side of the link, or pass
// by as shared bytes, without ever entering the heap. One pull at a time; each is answered exactly
// once, perhaps before pull() returns. After an error, the last chunk or cancel() nothing comes any
// more. Owned by whoever reads it: a script object (through realm's table), a child stream, or the
// other half of a tee. Lives on the script thread.

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include <caf/expected.hpp>

#include "protocol/body.hpp"

namespace offstage {

using chunk_result = caf::expected<body_chunk>;
using chunk_receiver = std::function<void(chunk_result)>;

class byte_source {
public:
  virtual ~byte_source() = default;
  virtual void pull(uint32_t bytes_max, chunk_receiver receiver) = 0;
  virtual void cancel() = 0;
  /// What the producer announced, -1 if nothing.
  virtual int64_t length() const { return -1; }
  /// The parent's stream behind it, if nothing of it was read: it can be passed on as it is.
  virtual std::optional<stream_id> untouched_stream() const { return std::nullopt; }
  /// The stream behind it has another owner: this source must not cancel it.
  virtual void release() {}
};

using byte_source_ptr = std::shared_ptr<byte_source>;

/// Bytes that are there already.
byte_source_ptr make_bytes_source(shared_bytes bytes);

/// Fails every pull.
byte_source_ptr make_failed_source(caf::error reason);

/// (Streams: readable-stream-tee), for bytes that are shared instead of copied. The faster
/// reader decides; what the slower one has not read is kept, up to
/// limits::tee_bytes_max.
std::pair<byte_source_ptr, byte_source_ptr> tee(byte_source_ptr source);

/// Reads to the end; all bytes, or the error.
using bytes_receiver = std::function<void(caf::expected<std::string>)>;
void read_all(byte_source_ptr source, bytes_receiver receiver);

} // namespace offstage

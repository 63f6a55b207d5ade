// SPDX-License-Identifier: MIT
#pragma once

// The boundary at which long byte sequences leave messages and become descriptors. Each end of an
// instance link owns one; instances that run in the parent's process use the identity. Thread-safe;
// dies with its link, after which outgoing() returns its argument and incoming() fails.

#include <memory>

#include <caf/expected.hpp>

#include "protocol/shared_bytes.hpp"

namespace offstage {

class byte_link {
public:
  virtual ~byte_link() = default;

  /// Short sequences come back as they are; long ones as `detached` values, which may be sent once.
  virtual caf::expected<shared_bytes> outgoing(shared_bytes bytes) = 0;

  /// Resolves a received value. Fails with node_error::bad_descriptor for a descriptor that is
  /// missing, not sealed against writing and shrinking, or shorter than announced.
  virtual caf::expected<shared_bytes> incoming(shared_bytes bytes) = 0;
};

/// For instances in the same process: nothing leaves the message.
class identity_byte_link final : public byte_link {
public:
  caf::expected<shared_bytes> outgoing(shared_bytes bytes) override { return bytes; }
  caf::expected<shared_bytes> incoming(shared_bytes bytes) override { return bytes; }
};

} // namespace offstage

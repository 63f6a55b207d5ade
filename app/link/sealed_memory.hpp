// SPDX-License-Identifier: MIT
#pragma once

// Long byte sequences as sealed memory descriptors: made once, never changed again, mapped by the
// receiver. A receiver trusts no sender: without the seals the sender could change the bytes while
// they are read, or shrink the file under the mapping, which would kill the reader.

#include <caf/expected.hpp>

#include "app/link/descriptor.hpp"
#include "protocol/shared_bytes.hpp"

namespace offstage {

/// Copies the bytes into a sealed descriptor. Errors: limit_exceeded.
caf::expected<descriptor> seal(const shared_bytes& bytes);

/// How long its file is, or may become if the sender can still make it longer.
uint64_t bytes_at_most(const descriptor& fd);

/// Maps the first `size` bytes for reading. Errors: bad_descriptor.
caf::expected<shared_bytes> map_sealed(descriptor fd, size_t size);

} // namespace offstage

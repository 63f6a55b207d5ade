// SPDX-License-Identifier: MIT
#pragma once

// Limits that both ends of a link must agree on. They are part of the wire format, so they are
// constants, not options.

#include <cstddef>
#include <cstdint>

namespace offstage::wire {

/// Rises with every change of a message; a peer with another version is refused.
inline constexpr uint32_t version = 2;

/// Larger byte sequences travel as sealed memory descriptors, not inside messages.
inline constexpr size_t inline_bytes_max = size_t{64} << 10;

/// One chunk of a body stream; bounds what one outstanding pull can cost.
inline constexpr size_t chunk_bytes_max = size_t{1} << 20;

/// One byte sequence of any kind (a script, a clone); what is larger has to be a stream.
inline constexpr size_t bytes_max = size_t{256} << 20;

/// One message without its descriptors; a longer one closes the link.
inline constexpr size_t message_bytes_max = size_t{16} << 20;

/// Headers of one request or response, summed.
inline constexpr size_t header_count_max = 1024;

} // namespace offstage::wire

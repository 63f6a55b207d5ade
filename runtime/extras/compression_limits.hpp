// SPDX-License-Identifier: MIT
#pragma once
// Limits of CompressionStream and DecompressionStream.

#include <cstddef>

namespace offstage {

// Output is handed to script in pieces of this size, as browsers do; nothing grows beyond one piece
// outside of the heap.
inline constexpr std::size_t codec_chunk_bytes = 64u << 10;

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Structured serialize and deserialize: script values as immutable bytes and back. Serializing
// copies at once and runs on the script thread; getters of the value run meanwhile. Deserializing
// takes bytes that another process may have written: they never crash it, they are refused.

#include "protocol/structured_clone.hpp"
#include "runtime/engine_native.hpp"

namespace offstage {

/// (HTML: structuredserialize.) What the value's getters throw, or a DataCloneError.
js_result<structured_clone> structured_serialize(duk_context* ctx, duk_idx_t index);

/// Pushes the value. (HTML: structureddeserialize)
js_result<void> structured_deserialize(duk_context* ctx, const structured_clone& record);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once
// Arguments and results of the natives of chunks. The push functions are for guarded natives: they
// give what such a native returns.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <duktape.h>

#include "runtime/engine_native.hpp"

namespace offstage {

// A Uint8Array with a copy of the bytes.
js_result<int> push_byte_array(duk_context* ctx, std::string_view bytes);
js_result<int> push_utf8(duk_context* ctx, std::string_view text);
js_result<int> push_flag(duk_context* ctx, bool value);

std::string_view view_of(std::span<const std::byte> bytes);
// The bytes of an argument; empty if it holds none. Valid until script runs.
std::string_view byte_argument(duk_context* ctx, duk_idx_t index);
// The text of an argument; empty if it is no string.
std::string text_argument(duk_context* ctx, duk_idx_t index);

// Plain.
void push_byte_array_raw(duk_context* ctx, std::string_view bytes);

} // namespace offstage

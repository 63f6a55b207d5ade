// SPDX-License-Identifier: MIT
#pragma once
// Where functions of script are in their source. Every heap has this; it owns nothing.

#include <duktape.h>

#include "runtime/engine_heap.hpp"

namespace offstage {

// The beginning of the function's code; nothing for what is not written in a script.
script_place place_of_function(duk_context* ctx, duk_idx_t function);

} // namespace offstage

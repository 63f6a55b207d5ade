// SPDX-License-Identifier: MIT
#pragma once
// BigInt on the stack: what bigint.cpp (the constructor and its functions) and bigint_operators.cpp
// (what the engine calls) share. Indexes name BigInts unless said otherwise. Plain functions may
// throw into script; those that give js_result are for guarded natives.
// Format: see OFFSTAGE_IS_BIGINT in runtime/duktape/offstage_duk_override.h.

#include <cstdint>
#include <string>
#include <string_view>

#include <duktape.h>

#include "runtime/engine_native.hpp"
#include "runtime/natives/big_integer.hpp"

namespace offstage {

// False: it has more than 56 bits.
bool read_small_bigint(duk_context* ctx, duk_idx_t index, std::int64_t& value);
void push_small_bigint(duk_context* ctx, std::int64_t value);

// Sign and magnitude as they are in the format, which is how a BigInt leaves the engine.
std::string_view bigint_bytes(duk_context* ctx, duk_idx_t index);
// False, and nothing pushed: no BigInt has these bytes.
bool push_bigint_of_bytes(duk_context* ctx, std::string_view bytes);

big_integer bigint_at(duk_context* ctx, duk_idx_t index);
js_result<int> push_bigint(duk_context* ctx, const big_integer& value);
js_result<int> push_bytes(duk_context* ctx, const std::string& bytes);
js_error bigint_error(big_error what);

// Runs the body, whose result becomes the top, as the engine's own code would.
void run_or_throw(duk_context* ctx, native_body body);
// The top is a string; the BigInt it says, or undefined, is pushed. ECMAScript: stringtobigint
js_result<int> parse_bigint(duk_context* ctx);
// What prelude files need: makeBigIntArray, toBigInt.
void install_bigint_operators(duk_context* ctx);
// Replaces the top, a primitive. ECMAScript: tobigint
void to_bigint(duk_context* ctx);

} // namespace offstage

// SPDX-License-Identifier: MIT
// Transfer of ArrayBuffers.
#include "runtime/bindings/natives.hpp"
#include "runtime/engine_native.hpp"

#define OFFSTAGE_DETACHED DUK_HIDDEN_SYMBOL("detached")

extern "C" void offstage_duk_transfer(duk_context* ctx, duk_idx_t index);

namespace offstage {

namespace {

/// isDetached(buffer)
duk_ret_t is_detached(duk_context* ctx) {
  duk_push_boolean(ctx, duk_has_prop_literal(ctx, 0, OFFSTAGE_DETACHED));
  return 1;
}

/// isBuffer(object): whether it is an ArrayBuffer, whatever it inherits from.
duk_ret_t is_buffer(duk_context* ctx) {
  duk_push_boolean(ctx, duk_is_buffer_data(ctx, 0));
  return 1;
}

/// transferBuffer(buffer): a new ArrayBuffer with the bytes; the old one is detached.
duk_ret_t transfer_buffer(duk_context* ctx) {
  if (duk_has_prop_literal(ctx, 0, OFFSTAGE_DETACHED))
    return duk_type_error(ctx, "the buffer is detached");
  offstage_duk_transfer(ctx, 0);
  duk_push_true(ctx);
  duk_put_prop_literal(ctx, 0, OFFSTAGE_DETACHED);
  return 1;
}

constexpr native_entry functions[] = {
    {"isBuffer", is_buffer, 1, 1},
    {"isDetached", is_detached, 1, 1},
    {"transferBuffer", transfer_buffer, 1, 1},
};

} // namespace

void install_buffer_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

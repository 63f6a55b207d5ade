// SPDX-License-Identifier: MIT
// Transfer of ArrayBuffers.
#include <cstring>

#include "runtime/bindings/natives.hpp"
#include "runtime/engine_native.hpp"

#define OFFSTAGE_DETACHED DUK_HIDDEN_SYMBOL("detached")

namespace offstage {

namespace {

/// isDetached(buffer)
duk_ret_t is_detached(duk_context* ctx) {
  duk_push_boolean(ctx, duk_has_prop_literal(ctx, 0, OFFSTAGE_DETACHED));
  return 1;
}

/// transferBuffer(buffer): a new ArrayBuffer with the bytes; the old one is detached.
duk_ret_t transfer_buffer(duk_context* ctx) {
  if (duk_has_prop_literal(ctx, 0, OFFSTAGE_DETACHED))
    return duk_type_error(ctx, "the buffer is detached");
  duk_size_t size = 0;
  const auto* from = duk_require_buffer_data(ctx, 0, &size);
  auto* to = duk_push_fixed_buffer(ctx, size);
  if (size > 0)
    std::memcpy(to, from, size);
  duk_push_buffer_object(ctx, -1, 0, size, DUK_BUFOBJ_ARRAYBUFFER);
  duk_push_true(ctx);
  duk_put_prop_literal(ctx, 0, OFFSTAGE_DETACHED);
  return 1;
}

constexpr native_entry functions[] = {
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

// SPDX-License-Identifier: MIT
// What runtime/js/extras/idl.js needs: strings and bytes.
#include "runtime/engine_native.hpp"
#include "runtime/extras/extras.hpp"
#include "runtime/extras/task_queue.hpp"
#include "runtime/extras/values.hpp"

namespace offstage {

namespace {

duk_ret_t is_buffer_source(duk_context* ctx) {
  duk_push_boolean(ctx, duk_is_object(ctx, 0) && duk_is_buffer_data(ctx, 0));
  return 1;
}

js_result<int> copy_bytes(duk_context* ctx) {
  return push_byte_array(ctx, byte_argument(ctx, 0));
}

js_result<int> encode_utf8(duk_context* ctx) {
  return push_byte_array(ctx, text_argument(ctx, 0));
}

js_result<int> decode_utf8(duk_context* ctx) {
  return push_utf8(ctx, byte_argument(ctx, 0));
}

// scalar(string): with U+FFFD for lone surrogates.
js_result<int> scalar(duk_context* ctx) {
  return push_utf8(ctx, text_argument(ctx, 0));
}

constexpr native_entry task_functions[] = {{"postTask", post_task, 1, 1}};

constexpr native_entry functions[] = {
    {"isBufferSource", is_buffer_source, 1, 1}, {"copyBytes", native<copy_bytes>, 1, 1},
    {"encodeUtf8", native<encode_utf8>, 1, 1},  {"decodeUtf8", native<decode_utf8>, 1, 1},
    {"scalar", native<scalar>, 1, 1},
};

} // namespace

void install_messaging_extras(duk_context* ctx) {
  define_natives(ctx, -1, task_functions);
}

void install_idl_extras(duk_context* ctx) {
  define_natives(ctx, -1, functions);
}

} // namespace offstage

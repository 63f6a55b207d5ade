// SPDX-License-Identifier: MIT
#include "runtime/extras/values.hpp"

#include <cstring>

#include "runtime/engine_text.hpp"

namespace offstage {

void push_byte_array_raw(duk_context* ctx, std::string_view bytes) {
  auto* to = duk_push_fixed_buffer(ctx, bytes.size());
  if (!bytes.empty())
    std::memcpy(to, bytes.data(), bytes.size());
  duk_push_buffer_object(ctx, -1, 0, bytes.size(), DUK_BUFOBJ_UINT8ARRAY);
  duk_remove(ctx, -2);
}

js_result<int> push_byte_array(duk_context* ctx, std::string_view bytes) {
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_byte_array_raw(inner, bytes); });
      !pushed)
    return pushed.error();
  return 1;
}

js_result<int> push_utf8(duk_context* ctx, std::string_view text) {
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, text); }); !pushed)
    return pushed.error();
  return 1;
}

js_result<int> push_flag(duk_context* ctx, bool value) {
  duk_push_boolean(ctx, value ? 1 : 0);
  return 1;
}

std::string_view view_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string_view byte_argument(duk_context* ctx, duk_idx_t index) {
  return view_of(bytes_at(ctx, index).value_or(std::span<const std::byte>{}));
}

std::string text_argument(duk_context* ctx, duk_idx_t index) {
  return string_at(ctx, index).value_or(std::string{});
}

} // namespace offstage

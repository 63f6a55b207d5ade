// SPDX-License-Identifier: MIT
#include "runtime/engine_native.hpp"

#include <algorithm>
#include <cstddef>
#include <exception>

#include <offstage_duk.h>

#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

duk_errcode_t code_of(js_error::kind what) {
  switch (what) {
  case js_error::kind::type_error:
    return DUK_ERR_TYPE_ERROR;
  case js_error::kind::range_error:
    return DUK_ERR_RANGE_ERROR;
  case js_error::kind::syntax_error:
    return DUK_ERR_SYNTAX_ERROR;
  case js_error::kind::reference_error:
    return DUK_ERR_REFERENCE_ERROR;
  default:
    return DUK_ERR_ERROR;
  }
}

// The platform's DOMException is found where every script finds it, before script can replace it:
// in the stash.
void push_dom_exception(duk_context* ctx, const js_error& error) {
  duk_push_global_stash(ctx);
  if (duk_get_prop_literal(ctx, -1, "DOMException")) {
    push_text(ctx, error.message);
    push_text(ctx, error.name);
    duk_new(ctx, 2);
  } else {
    duk_pop(ctx);
    duk_push_error_object(ctx, DUK_ERR_ERROR, "%s", error.message.c_str());
    push_text(ctx, error.name);
    duk_put_prop_literal(ctx, -2, "name");
  }
  duk_remove(ctx, -2);
}

js_result<int> call_guarded(duk_context* ctx, native_body body) {
  try {
    return body(ctx);
  } catch (const std::exception&) {
    return js_error::range("out of memory");
  }
}

} // namespace

void push_error(duk_context* ctx, const js_error& error) {
  if (error.what == js_error::kind::thrown)
    return;
  // If even this fails the error of the failure is on the stack instead: the caller throws what it
  // finds there.
  static_cast<void>(protect(ctx, 1, [&](duk_context* inner) {
    if (error.what == js_error::kind::dom_exception)
      return push_dom_exception(inner, error);
    duk_push_error_object(inner, code_of(error.what), "");
    push_text(inner, error.message);
    duk_put_prop_literal(inner, -2, "message");
  }));
}

duk_ret_t run_native(duk_context* ctx, native_body body) {
  auto result = call_guarded(ctx, body);
  if (result)
    return static_cast<duk_ret_t>(*result);
  push_error(ctx, result.error());
  return -1;
}

js_result<std::string> to_utf8(duk_context* ctx, duk_idx_t index) {
  index = duk_normalize_index(ctx, index);
  if (!duk_is_string(ctx, index)) {
    if (auto converted = protect(ctx, 0, [&](duk_context* inner) { duk_to_string(inner, index); });
        !converted)
      return converted.error();
  }
  duk_size_t size = 0;
  const auto* text = duk_get_lstring(ctx, index, &size);
  if (text == nullptr || duk_is_symbol(ctx, index))
    return js_error::type("Cannot convert a Symbol value to a string");
  return utf8_from_cesu({text, size});
}

js_result<std::string> to_byte_string(duk_context* ctx, duk_idx_t index) {
  auto text = to_utf8(ctx, index);
  if (!text || is_plain_ascii(*text))
    return text;
  std::string bytes;
  for (const auto unit : utf16_from_cesu(*text)) {
    if (unit > 0xFF)
      return js_error::type("Cannot convert to a ByteString: a character is above U+00FF");
    bytes.push_back(static_cast<char>(unit));
  }
  return bytes;
}

js_result<double> to_number(duk_context* ctx, duk_idx_t index) {
  if (duk_is_number(ctx, index))
    return duk_get_number(ctx, index);
  index = duk_normalize_index(ctx, index);
  if (auto converted = protect(ctx, 0, [&](duk_context* inner) { duk_to_number(inner, index); });
      !converted)
    return converted.error();
  return duk_get_number(ctx, index);
}

std::optional<std::string> string_at(duk_context* ctx, duk_idx_t index) {
  duk_size_t size = 0;
  const auto* text = duk_get_lstring(ctx, index, &size);
  if (text == nullptr || duk_is_symbol(ctx, index))
    return std::nullopt;
  return utf8_from_cesu({text, size});
}

std::optional<std::span<const std::byte>> bytes_at(duk_context* ctx, duk_idx_t index) {
  if (!duk_is_buffer_data(ctx, index))
    return std::nullopt;
  duk_size_t size = 0;
  const auto* data = static_cast<const std::byte*>(duk_get_buffer_data(ctx, index, &size));
  return std::span<const std::byte>{data, data == nullptr ? 0 : size};
}

void push_native(duk_context* ctx, const native_entry& entry) {
  duk_push_c_function(ctx, entry.function, entry.arguments);
  duk_set_magic(ctx, -1, entry.magic);
  constexpr duk_uint_t flags = DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_FORCE | DUK_DEFPROP_CLEAR_WE
                               | DUK_DEFPROP_SET_CONFIGURABLE;
  duk_push_literal(ctx, "name");
  duk_push_string(ctx, entry.name);
  duk_def_prop(ctx, -3, flags);
  duk_push_literal(ctx, "length");
  duk_push_int(ctx, entry.length);
  duk_def_prop(ctx, -3, flags);
  offstage_duk_finish_native(ctx, -1, 0);
}

void define_natives(duk_context* ctx, duk_idx_t target, std::span<const native_entry> entries) {
  target = duk_normalize_index(ctx, target);
  for (const auto& entry : entries) {
    duk_push_string(ctx, entry.name);
    push_native(ctx, entry);
    duk_def_prop(ctx, target,
                 DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WC | DUK_DEFPROP_CLEAR_ENUMERABLE
                     | DUK_DEFPROP_FORCE);
  }
}

} // namespace offstage

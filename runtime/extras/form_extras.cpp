// SPDX-License-Identifier: MIT
// What runtime/js/extras/multipart.js needs.
#include "runtime/engine_text.hpp"
#include "runtime/extras/base64url.hpp"
#include "runtime/extras/crypto.hpp"
#include "runtime/extras/extras.hpp"
#include "runtime/extras/multipart.hpp"
#include "runtime/extras/values.hpp"

namespace offstage {

namespace {

std::string_view without_mark(std::string_view text) {
  return text.starts_with("\xEF\xBB\xBF") ? text.substr(3) : text;
}

void push_part(duk_context* ctx, const form_part& part) {
  duk_push_bare_object(ctx);
  push_text(ctx, part.name);
  duk_put_prop_literal(ctx, -2, "name");
  if (!part.file_name) {
    push_text(ctx, without_mark(part.bytes));
    duk_put_prop_literal(ctx, -2, "text");
    return;
  }
  push_text(ctx, *part.file_name);
  duk_put_prop_literal(ctx, -2, "fileName");
  push_text(ctx, part.type);
  duk_put_prop_literal(ctx, -2, "type");
  push_byte_array_raw(ctx, part.bytes);
  duk_put_prop_literal(ctx, -2, "bytes");
}

// parse(bytes, contentType): [{name, text} or {name, fileName, type, bytes}], undefined if it is
// no such form.
js_result<int> parse(duk_context* ctx) {
  const auto boundary = multipart_boundary(text_argument(ctx, 1));
  const auto parts = parse_multipart(byte_argument(ctx, 0), boundary);
  if (!parts)
    return 0;
  auto pushed = protect(ctx, 1, [&](duk_context* inner) {
    duk_push_array(inner);
    for (std::size_t i = 0; i < parts->size(); ++i) {
      push_part(inner, (*parts)[i]);
      duk_put_prop_index(inner, -2, static_cast<duk_uarridx_t>(i));
    }
  });
  if (!pushed)
    return pushed.error();
  return 1;
}

// boundary(): one that occurs in no value, for it has 18 random bytes.
js_result<int> make_boundary(duk_context* ctx) {
  const auto random = random_bytes(18);
  if (!random)
    return js_error::dom("OperationError", "There is no randomness");
  return push_utf8(ctx, "----offstage" + encode_base64url(*random));
}

// part(boundary, name, bytes, fileName or undefined, type): the bytes of one part.
js_result<int> make_part(duk_context* ctx) {
  form_part part;
  part.name = text_argument(ctx, 1);
  part.bytes = byte_argument(ctx, 2);
  part.file_name = string_at(ctx, 3);
  part.type = text_argument(ctx, 4);
  std::string body;
  append_part(body, text_argument(ctx, 0), part);
  return push_byte_array(ctx, body);
}

// end(boundary)
js_result<int> make_end(duk_context* ctx) {
  std::string body;
  append_end(body, text_argument(ctx, 0));
  return push_byte_array(ctx, body);
}

constexpr native_entry functions[] = {
    {"parse", native<parse>, 2, 2},
    {"boundary", native<make_boundary>, 0, 0},
    {"part", native<make_part>, 5, 5},
    {"end", native<make_end>, 1, 1},
};

} // namespace

void install_form_extras(duk_context* ctx) {
  define_natives(ctx, -1, functions);
}

} // namespace offstage

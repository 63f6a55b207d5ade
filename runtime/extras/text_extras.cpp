// SPDX-License-Identifier: MIT
// What runtime/js/extras/text.js needs: labels and decoders.
#include "runtime/engine_native.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/extras/boxed.hpp"
#include "runtime/extras/extras.hpp"
#include "runtime/extras/text_decoder.hpp"

namespace offstage {

namespace {

struct decoder_box {
  static constexpr const char* box_key = DUK_HIDDEN_SYMBOL("text decoder");
  text_decoder decoder;
};

// encodingName(label): the name in lower case; undefined for what is no label or may not be used.
js_result<int> encoding_name(duk_context* ctx) {
  const auto label = string_at(ctx, 0);
  const auto encoding = label ? encoding_of_label(*label) : std::nullopt;
  if (!encoding || *encoding == text_encoding::replacement)
    return 0;
  if (auto pushed =
          protect(ctx, 1, [&](duk_context* inner) { push_text(inner, name_of(*encoding)); });
      !pushed)
    return pushed.error();
  return 1;
}

// makeDecoder(name, fatal, ignoreBOM)
js_result<int> make_decoder(duk_context* ctx) {
  const auto name = string_at(ctx, 0);
  const auto encoding = name ? encoding_of_label(*name) : std::nullopt;
  if (!encoding)
    return js_error::range("no such encoding");
  const auto errors = duk_get_boolean(ctx, 1) ? decode_errors::fatal : decode_errors::replace;
  const auto mark = duk_get_boolean(ctx, 2) ? byte_order_mark::keep : byte_order_mark::skip;
  auto box = std::unique_ptr<decoder_box>(new decoder_box{{*encoding, errors, mark}});
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_boxed(inner, box); }); !pushed)
    return pushed.error();
  return 1;
}

// decode(decoder, bytes or undefined, more): a string, or a TypeError.
js_result<int> decode(duk_context* ctx) {
  auto* box = boxed_at<decoder_box>(ctx, 0);
  if (box == nullptr)
    return js_error::type("not a decoder");
  const auto bytes = bytes_at(ctx, 1).value_or(std::span<const std::byte>{});
  const auto end = duk_get_boolean(ctx, 2) ? input_end::more_follows : input_end::reached;
  std::u16string units;
  if (!box->decoder.decode(bytes, end, units))
    return js_error::type("The encoded data was not valid for encoding "
                          + std::string{name_of(box->decoder.encoding())});
  const auto text = cesu_from_utf16(units);
  if (auto pushed = protect(
          ctx, 1, [&](duk_context* inner) { duk_push_lstring(inner, text.data(), text.size()); });
      !pushed)
    return pushed.error();
  return 1;
}

constexpr native_entry functions[] = {
    {"encodingName", native<encoding_name>, 1, 1},
    {"makeDecoder", native<make_decoder>, 3, 3},
    {"decode", native<decode>, 3, 3},
};

} // namespace

void install_text_extras(duk_context* ctx) {
  define_natives(ctx, -1, functions);
}

} // namespace offstage

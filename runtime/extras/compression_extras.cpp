// SPDX-License-Identifier: MIT
// What runtime/js/extras/compression.js needs.
#include "runtime/engine.hpp"
#include "runtime/extras/boxed.hpp"
#include "runtime/extras/compression_codec.hpp"
#include "runtime/extras/extras.hpp"
#include "runtime/extras/values.hpp"

namespace offstage {

namespace {

struct codec_box {
  static constexpr const char* box_key = DUK_HIDDEN_SYMBOL("codec");
  codec_box(compression_format format, codec_direction direction, engine_heap& heap)
      : codec(format, direction, heap) {}
  compression_codec codec;
};

compression_format format_argument(duk_context* ctx, duk_idx_t index) {
  const auto name = text_argument(ctx, index);
  if (name == "deflate")
    return compression_format::deflate;
  return name == "gzip" ? compression_format::gzip : compression_format::deflate_raw;
}

// make(format, compresses)
js_result<int> make(duk_context* ctx) {
  const auto direction =
      duk_get_boolean(ctx, 1) ? codec_direction::compress : codec_direction::decompress;
  auto box =
      std::make_unique<codec_box>(format_argument(ctx, 0), direction, engine::of(ctx).heap());
  if (!box->codec.is_ready())
    return js_error::range("out of memory");
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_boxed(inner, box); }); !pushed)
    return pushed.error();
  return 1;
}

// feed(codec, bytes), or feed(codec) at the end
js_result<int> feed(duk_context* ctx) {
  auto* box = boxed_at<codec_box>(ctx, 0);
  if (box == nullptr)
    return js_error::type("not a codec");
  if (duk_is_undefined(ctx, 1))
    box->codec.end_input();
  else
    box->codec.feed(byte_argument(ctx, 1));
  return 0;
}

// drain(codec): the next piece, undefined if there is none; a TypeError for wrong data.
js_result<int> drain(duk_context* ctx) {
  auto* box = boxed_at<codec_box>(ctx, 0);
  if (box == nullptr)
    return js_error::type("not a codec");
  const auto piece = box->codec.drain();
  if (!piece)
    return js_error::type("The data is not valid in the format of the stream");
  if (piece->empty())
    return 0;
  return push_byte_array(ctx, *piece);
}

constexpr native_entry functions[] = {
    {"make", native<make>, 2, 2}, {"feed", native<feed>, 2, 2}, {"drain", native<drain>, 1, 1}};

} // namespace

void install_compression_extras(duk_context* ctx) {
  define_natives(ctx, -1, functions);
}

} // namespace offstage

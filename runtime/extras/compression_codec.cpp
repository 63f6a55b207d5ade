// SPDX-License-Identifier: MIT
#include "runtime/extras/compression_codec.hpp"

#include "runtime/engine_heap.hpp"
#include "runtime/extras/compression_limits.hpp"

namespace offstage {

namespace {

constexpr int memory_level = 8; // zlib's default

void* allocate(void* heap, uInt items, uInt size) {
  return static_cast<engine_heap*>(heap)->allocate(std::size_t{items} * size);
}

void release(void* heap, void* block) {
  static_cast<engine_heap*>(heap)->release(block);
}

int window_bits(compression_format format) {
  switch (format) {
  case compression_format::deflate:
    return MAX_WBITS;
  case compression_format::deflate_raw:
    return -MAX_WBITS;
  case compression_format::gzip:
    return MAX_WBITS + 16;
  }
  return MAX_WBITS;
}

} // namespace

compression_codec::compression_codec(compression_format format, codec_direction direction,
                                     engine_heap& heap)
    : direction_(direction) {
  stream_.zalloc = allocate;
  stream_.zfree = release;
  stream_.opaque = &heap;
  const auto bits = window_bits(format);
  ready_ = (direction == codec_direction::compress ? deflateInit2(
                &stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, bits, memory_level, Z_DEFAULT_STRATEGY)
                                                   : inflateInit2(&stream_, bits))
           == Z_OK;
}

compression_codec::~compression_codec() {
  if (!ready_)
    return;
  if (direction_ == codec_direction::compress)
    deflateEnd(&stream_);
  else
    inflateEnd(&stream_);
}

void compression_codec::feed(std::string_view input) {
  input_.erase(0, input_.size() - stream_.avail_in);
  input_ += input;
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(input_.size());
}

int compression_codec::run() {
  if (direction_ == codec_direction::compress)
    return deflate(&stream_, input_ended_ ? Z_FINISH : Z_NO_FLUSH);
  return inflate(&stream_, Z_NO_FLUSH);
}

std::optional<std::string> compression_codec::drain() {
  const bool decompresses = direction_ == codec_direction::decompress;
  if (output_ended_)
    return decompresses && stream_.avail_in > 0 ? std::nullopt : std::optional{std::string{}};
  std::string out(codec_chunk_bytes, '\0');
  stream_.next_out = reinterpret_cast<Bytef*>(out.data());
  stream_.avail_out = static_cast<uInt>(out.size());
  const auto status = run();
  output_ended_ = status == Z_STREAM_END;
  if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
    return std::nullopt;
  out.resize(out.size() - stream_.avail_out);
  const bool is_over = out.empty() && !output_ended_;
  if (output_ended_ && decompresses && stream_.avail_in > 0)
    return std::nullopt;
  // Input that ends before the data does.
  if (is_over && input_ended_)
    return std::nullopt;
  return out;
}

} // namespace offstage

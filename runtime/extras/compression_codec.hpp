// SPDX-License-Identifier: MIT
#pragma once
// One compressing or decompressing run of zlib. Owned by a stream of script; its memory counts as
// the heap's and goes with it. Input is copied, output comes in pieces, so neither side grows
// without bound.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <zlib.h>

namespace offstage {

class engine_heap;

enum class compression_format : std::uint8_t { deflate, deflate_raw, gzip };
enum class codec_direction : std::uint8_t { compress, decompress };

class compression_codec {
public:
  compression_codec(compression_format format, codec_direction direction, engine_heap& heap);
  ~compression_codec();
  compression_codec(const compression_codec&) = delete;
  compression_codec& operator=(const compression_codec&) = delete;

  // False if there was no memory for it.
  bool is_ready() const { return ready_; }

  void feed(std::string_view input);
  // No input follows.
  void end_input() { input_ended_ = true; }

  // The next piece; empty when more input is needed or all is out. Nothing if the data is not in
  // the format or memory is short.
  std::optional<std::string> drain();

private:
  int run();

  codec_direction direction_;
  z_stream stream_{};
  std::string input_;
  bool ready_ = false;
  bool input_ended_ = false;
  bool output_ended_ = false;
};

} // namespace offstage

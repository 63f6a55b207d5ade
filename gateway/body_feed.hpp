// SPDX-License-Identifier: MIT
#pragma once

// The producing end of a body stream on an io_loop: its producer appends what a socket gives, the
// source actors made from it hand the bytes to their consumer pull by pull. It holds what was
// appended and not pulled; the producer watches buffered() and stops reading above its window, and
// taken() tells it when there is room again.
//
// All members belong to the loop's thread. A source quits after the last chunk, an error or a
// cancel; when the producer fails the feed, the next pull gets the error.

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/typed_response_promise.hpp>

#include "gateway/io_loop.hpp"
#include "protocol/body.hpp"

namespace offstage {

class body_feed : public std::enable_shared_from_this<body_feed> {
public:
  using promise = caf::typed_response_promise<body_chunk>;

  struct hooks {
    std::function<void()> pulled;    ///< A consumer took bytes or waits for some.
    std::function<void()> cancelled; ///< The consumer wants no more.
  };

  explicit body_feed(hooks callbacks) : hooks_(std::move(callbacks)) {}

  void append(std::string_view bytes);
  void finish();
  void fail(caf::error reason);

  /// No more callbacks; called by the producer before it goes.
  void detach() { hooks_ = {}; }

  size_t buffered() const { return buffer_.size(); }
  uint64_t handed_out() const { return handed_out_; }
  bool is_finished() const { return finished_; }
  bool has_source() const { return end_source_ != nullptr; }
  bool is_wanted() const { return waiting_.has_value(); }
  io_loop::clock::time_point last_pull() const { return last_pull_; }

  /// Everything so far, for a consumer that needs no stream. Only before source().
  std::string take_all();

  /// A stream of what was not handed out yet. A source that was cancelled before it gave a byte may
  /// be followed by another one.
  body_source_actor source(caf::actor_system& system, std::shared_ptr<io_loop> loop);

  /// Called by the source actors. `true` if the stream ended with the answer.
  bool pull(uint32_t bytes_max, promise answer);
  void source_ended();

private:
  body_chunk take(uint32_t bytes_max);
  void answer_if_possible();
  void serve();

  struct waiting {
    uint32_t bytes_max;
    promise answer;
  };

  hooks hooks_;
  std::string buffer_;
  uint64_t handed_out_ = 0;
  bool finished_ = false;
  caf::error failure_;
  std::optional<waiting> waiting_;
  std::function<void()> end_source_; ///< Set while a source lives.
  bool end_given_ = false;
  bool in_pull_ = false;
  io_loop::clock::time_point last_pull_ = io_loop::clock::now();
};

} // namespace offstage

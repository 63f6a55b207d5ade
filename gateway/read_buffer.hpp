// SPDX-License-Identifier: MIT
#pragma once

// Bytes that were read from a socket and not yet consumed, contiguous, up to a maximum. Storage
// grows only when what is unread fills it. A value.

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <string_view>

#include <boost/asio/buffer.hpp>

namespace offstage {

class read_buffer {
public:
  explicit read_buffer(size_t bytes_max) : bytes_max_(bytes_max) {}

  std::string_view view() const { return {storage_.data() + begin_, end_ - begin_}; }
  bool empty() const { return begin_ == end_; }
  bool is_full() const { return end_ - begin_ >= bytes_max_; }

  /// Room for the next read. Until commit() only consume() may be called.
  boost::asio::mutable_buffer prepare() {
    std::memmove(storage_.data(), storage_.data() + begin_, end_ - begin_);
    end_ -= begin_;
    begin_ = 0;
    if (was_filled_ || end_ == storage_.size())
      storage_.resize(std::min(std::max(storage_.size() * 2, first_size), bytes_max_));
    return {storage_.data() + end_, storage_.size() - end_};
  }

  void commit(size_t count) {
    end_ += count;
    was_filled_ = end_ == storage_.size();
  }

  void consume(size_t count) { begin_ += count; }

private:
  static constexpr size_t first_size = size_t{4} << 10;

  std::string storage_;
  size_t begin_ = 0;
  size_t end_ = 0;
  size_t bytes_max_;
  bool was_filled_ = false;
};

} // namespace offstage

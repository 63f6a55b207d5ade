// SPDX-License-Identifier: MIT
#include "gateway/response_writer.hpp"

#include <algorithm>
#include <cstdio>

#include "config/limits.hpp"

namespace offstage {

namespace {

// Two of them, one in the socket and one ahead, are a connection's window.
constexpr auto pull_bytes =
    static_cast<uint32_t>(std::min(limits::body_window_bytes / 2, wire::chunk_bytes_max));

std::string chunk_size_line(size_t size) {
  std::array<char, 24> text{};
  const auto count = std::snprintf(text.data(), text.size(), "%zx\r\n", size);
  return {text.data(), static_cast<size_t>(count)};
}

} // namespace

void response_writer::start(response_plan plan, body content, done_handler done) {
  plan_ = std::move(plan);
  content_ = std::move(content);
  done_ = std::move(done);
  remaining_ = plan_.length;
  prefix_ = std::move(plan_.head);
  const auto is_sent = plan_.framing != body_framing::none;
  if (content_.kind == body_kind::source && is_sent
      && (plan_.framing != body_framing::length || remaining_ > 0)) {
    bridge_->watch(content_.source);
    pull();
  } else {
    if (content_.kind == body_kind::source)
      bridge_->tell(content_.source, cancel_atom_v);
    else if (content_.kind == body_kind::inline_bytes && is_sent)
      bytes_ = content_.bytes;
    content_ = {};
    remaining_ = 0;
    last_seen_ = true;
  }
  buffers_ = {boost::asio::buffer(prefix_), boost::asio::const_buffer{bytes_.data(), bytes_.size()},
              boost::asio::const_buffer{}};
  writing_ = true;
  progress_ = io_loop::clock::now();
  write_some();
}

void response_writer::abandon() {
  if (content_.kind == body_kind::source && !last_seen_)
    bridge_->tell(content_.source, cancel_atom_v);
  last_seen_ = true;
  ended_ = true;
  done_ = {};
}

std::optional<io_loop::clock::time_point> response_writer::stalled_since() const {
  if (!writing_)
    return std::nullopt;
  return progress_;
}

bool response_writer::wants_chunk() const {
  return !pulling_ && !next_ && !last_seen_ && !failed_;
}

void response_writer::pull() {
  pulling_ = true;
  bridge_->ask<body_chunk>(
      content_.source, limits::pull_time_max,
      [self = shared_from_this()](caf::expected<body_chunk> chunk) {
        self->on_chunk(std::move(chunk));
      },
      pull_atom_v, pull_bytes);
}

void response_writer::on_chunk(caf::expected<body_chunk> chunk) {
  pulling_ = false;
  if (ended_)
    return;
  if (!chunk || chunk->bytes.is_detached()) {
    failed_ = true;
  } else {
    last_seen_ = chunk->last;
    next_ = std::move(*chunk);
  }
  if (!writing_)
    on_written();
}

void response_writer::frame(body_chunk chunk) {
  bytes_ = std::move(chunk.bytes);
  prefix_.clear();
  suffix_.clear();
  if (plan_.framing == body_framing::length) {
    if (bytes_.size() > remaining_) {
      bytes_ = bytes_.slice(0, remaining_);
      failed_ = true;
    }
    remaining_ -= bytes_.size();
    if (chunk.last && remaining_ > 0)
      failed_ = true;
  } else if (plan_.framing == body_framing::chunked) {
    // An empty chunk would end the body.
    if (!bytes_.empty()) {
      prefix_ = chunk_size_line(bytes_.size());
      suffix_ = "\r\n";
    }
    if (chunk.last)
      suffix_ += "0\r\n\r\n";
  }
  buffers_ = {boost::asio::buffer(prefix_), boost::asio::const_buffer{bytes_.data(), bytes_.size()},
              boost::asio::buffer(suffix_)};
}

void response_writer::write_some() {
  socket_.async_write_some(
      buffers_, [self = shared_from_this()](boost::system::error_code error, size_t count) {
        if (self->ended_)
          return;
        if (error) {
          self->end(false);
          return;
        }
        self->progress_ = io_loop::clock::now();
        for (auto& buffer : self->buffers_) {
          const auto part = std::min(count, buffer.size());
          buffer += part;
          count -= part;
        }
        if (boost::asio::buffer_size(self->buffers_) > 0)
          self->write_some();
        else
          self->on_written();
      });
}

void response_writer::on_written() {
  writing_ = false;
  bytes_ = {};
  if (next_) {
    auto chunk = std::move(*next_);
    next_.reset();
    frame(std::move(chunk));
    if (wants_chunk())
      pull();
    if (boost::asio::buffer_size(buffers_) == 0) {
      on_written();
      return;
    }
    writing_ = true;
    progress_ = io_loop::clock::now();
    write_some();
  } else if (failed_) {
    end(false);
  } else if (last_seen_) {
    end(true);
  }
}

void response_writer::end(bool complete) {
  if (ended_)
    return;
  auto done = std::move(done_);
  abandon();
  if (done)
    done(complete);
}

} // namespace offstage

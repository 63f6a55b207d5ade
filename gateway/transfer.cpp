// SPDX-License-Identifier: MIT
#include "gateway/transfer.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "protocol/errors.hpp"

#include <curl/curl.h>

namespace offstage {

static_assert(CURL_ERROR_SIZE == 256);

namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

bool forbids_body(uint16_t status) {
  return status == 204 || status == 205 || status == 304;
}

} // namespace

transfer::transfer(fetch_host& host, outgoing_request request, head_handler on_head)
    : host_(host), request_(std::move(request)), on_head_(std::move(on_head)) {}

transfer::~transfer() {
  if (easy_ != nullptr)
    curl_easy_cleanup(easy_);
  curl_slist_free_all(header_lines_);
  curl_slist_free_all(resolve_);
  curl_slist_free_all(connect_to_);
}

void transfer::start() {
  const auto entered = host_.slots.enter([self = shared_from_this()] {
    self->has_slot_ = true;
    self->begin();
  });
  if (!entered)
    report(std::nullopt, "too many fetches are waiting");
}

void transfer::begin() {
  if (ended_) {
    end(CURLE_ABORTED_BY_CALLBACK);
    return;
  }
  easy_ = curl_easy_init();
  configure();
  running_ = true;
  host_.running.insert(this);
  host_.curl->add(easy_, [self = shared_from_this()](int code) { self->end(code); });
}

void transfer::abort() {
  if (std::exchange(ended_, true))
    return;
  reported_ = true;
  on_head_ = {};
  if (feed_) {
    feed_->detach();
    feed_->fail(fail(node_error::aborted, "the fetch was aborted"));
  }
  if (running_)
    end(CURLE_ABORTED_BY_CALLBACK);
}

// Called when curl is done with the handle, or before it was given to curl.
void transfer::end(int code) {
  const auto self = shared_from_this();
  if (std::exchange(running_, false)) {
    host_.curl->remove(easy_);
    host_.running.erase(this);
  }
  ended_ = true;
  if (request_.content.source && !upload_last_)
    host_.bridge->tell(request_.content.source, cancel_atom_v);
  if (code == CURLE_OK && head_complete_) {
    if (feed_)
      feed_->finish();
  } else {
    const auto text = error_text_.front() != '\0'
                          ? std::string{error_text_.data()}
                          : std::string{curl_easy_strerror(static_cast<CURLcode>(code))};
    if (feed_)
      feed_->fail(fail(storage_error::body_failed, text));
    report(std::nullopt, text);
  }
  if (std::exchange(has_slot_, false))
    host_.slots.leave();
}

void transfer::check_idle(io_loop::clock::time_point now) {
  if (paused_ && now - feed_->last_pull() > limits::pull_time_max)
    abort();
}

void transfer::report(std::optional<incoming_head> head, const std::string& failure) {
  if (std::exchange(reported_, true))
    return;
  if (const auto handler = std::exchange(on_head_, {}))
    handler(std::move(head), failure);
}

bool transfer::expects_body() const {
  return request_.method != "HEAD" && !forbids_body(head_.status);
}

// A body that came with its head needs no stream.
body transfer::take_body() {
  if (!feed_)
    return {};
  if (ended_ && feed_->is_finished()) {
    auto bytes = feed_->take_all();
    feed_.reset();
    return body::of(shared_bytes{std::move(bytes)});
  }
  int64_t length = -1;
  const auto claimed = head_.headers.get("Content-Length");
  if (claimed && !head_.headers.has("Content-Encoding"))
    std::from_chars(claimed->data(), claimed->data() + claimed->size(), length);
  return body::of(feed_->source(*host_.system, host_.loop), length);
}

size_t transfer::on_header_line(char* data, size_t size, size_t count, void* self) {
  return static_cast<transfer*>(self)->take_header_line({data, size * count});
}

size_t transfer::on_body_bytes(char* data, size_t size, size_t count, void* self) {
  return static_cast<transfer*>(self)->take_body_bytes({data, size * count});
}

size_t transfer::on_upload(char* data, size_t size, size_t count, void* self) {
  return static_cast<transfer*>(self)->give_upload(data, size * count);
}

// Lines come for every informational answer too, and after the body for trailers.
size_t transfer::take_header_line(std::string_view line) {
  if (head_complete_)
    return line.size();
  head_bytes_ += line.size();
  if (head_bytes_ > limits::response_head_bytes_max)
    return 0;
  const auto text = trimmed(line);
  if (text.starts_with("HTTP/")) {
    head_ = {};
    const auto space = std::min(text.find(' '), text.size());
    const auto rest = trimmed(text.substr(space));
    std::from_chars(rest.data(), rest.data() + rest.size(), head_.status);
    head_.status_text = rest.size() > 4 ? std::string{trimmed(rest.substr(3))} : std::string{};
  } else if (!text.empty()) {
    const auto colon = std::min(text.find(':'), text.size());
    const auto name = trimmed(text.substr(0, colon));
    const auto value = colon < text.size() ? trimmed(text.substr(colon + 1)) : std::string_view{};
    if (head_.headers.size() >= wire::header_count_max)
      return 0;
    if (is_header_name(name) && is_header_value(value))
      head_.headers.append(std::string{name}, std::string{value});
  } else if (head_.status >= 200) {
    head_complete_ = true;
    if (expects_body())
      feed_ = std::make_shared<body_feed>(body_feed::hooks{[self = weak_from_this()] {
                                                             if (const auto alive = self.lock())
                                                               alive->on_body_pulled();
                                                           },
                                                           [self = weak_from_this()] {
                                                             if (const auto alive = self.lock())
                                                               alive->abort();
                                                           }});
    host_.curl->defer([self = shared_from_this()] { self->report(self->head_, {}); });
  }
  return line.size();
}

size_t transfer::take_body_bytes(std::string_view bytes) {
  if (!feed_)
    return bytes.size();
  if (feed_->buffered() >= limits::body_window_bytes) {
    paused_ = true;
    return CURL_WRITEFUNC_PAUSE;
  }
  feed_->append(bytes);
  return bytes.size();
}

void transfer::on_body_pulled() {
  if (!paused_ || feed_->buffered() > limits::body_window_bytes / 2)
    return;
  paused_ = false;
  host_.curl->resume(easy_);
}

size_t transfer::give_upload(char* out, size_t size) {
  if (upload_failed_)
    return CURL_READFUNC_ABORT;
  if (upload_offset_ == upload_.size()) {
    if (upload_last_)
      return 0;
    upload_paused_ = true;
    pull_upload();
    return CURL_READFUNC_PAUSE;
  }
  const auto count = std::min(size, upload_.size() - upload_offset_);
  std::memcpy(out, upload_.data() + upload_offset_, count);
  upload_offset_ += count;
  return count;
}

void transfer::pull_upload() {
  if (std::exchange(upload_pulling_, true))
    return;
  host_.bridge->ask<body_chunk>(
      request_.content.source, limits::pull_time_max,
      [self = shared_from_this()](caf::expected<body_chunk> chunk) {
        self->on_upload_chunk(std::move(chunk));
      },
      pull_atom_v, static_cast<uint32_t>(limits::body_window_bytes));
}

void transfer::on_upload_chunk(caf::expected<body_chunk> chunk) {
  upload_pulling_ = false;
  if (ended_)
    return;
  if (!chunk || chunk->bytes.is_detached()) {
    upload_failed_ = true;
  } else {
    upload_ = std::move(chunk->bytes);
    upload_offset_ = 0;
    upload_last_ = chunk->last;
  }
  if (std::exchange(upload_paused_, false))
    host_.curl->resume(easy_);
}

} // namespace offstage

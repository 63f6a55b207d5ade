// SPDX-License-Identifier: MIT
#pragma once

// One HTTP exchange by curl: sends a request, streams its body up from a body source, gives the
// head of the answer, then the body as a stream whose window is bounded: curl is paused while the
// consumer does not pull. Belongs to the fetcher's loop. It ends with the last byte, an error,
// abort(), or when the consumer of its body cancels or goes away.

#include <array>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "gateway/body_feed.hpp"
#include "gateway/fetch_host.hpp"
#include "gateway/http_source.hpp"

struct curl_slist;

namespace offstage {

class transfer : public http_source, public std::enable_shared_from_this<transfer> {
public:
  transfer(fetch_host& host, outgoing_request request, head_handler on_head);
  ~transfer() override;

  void start() override;
  void abort() override;
  body take_body() override;

  /// Ends a transfer whose body nobody pulls any more.
  void check_idle(io_loop::clock::time_point now);

private:
  static constexpr size_t error_bytes_max = 256; ///< As curl has it.

  void begin();
  void configure();
  void configure_method();
  void configure_connection();
  void add_header_lines();
  void end(int code);
  void report(std::optional<incoming_head> head, const std::string& failure);

  static size_t on_header_line(char* data, size_t size, size_t count, void* self);
  static size_t on_body_bytes(char* data, size_t size, size_t count, void* self);
  static size_t on_upload(char* data, size_t size, size_t count, void* self);
  size_t take_header_line(std::string_view line);
  size_t take_body_bytes(std::string_view bytes);
  size_t give_upload(char* out, size_t size);
  void pull_upload();
  void on_upload_chunk(caf::expected<body_chunk> chunk);
  void on_body_pulled();
  bool expects_body() const;

  fetch_host& host_;
  outgoing_request request_;
  head_handler on_head_;
  curl_handle easy_ = nullptr;
  curl_slist* header_lines_ = nullptr;
  curl_slist* resolve_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::array<char, error_bytes_max> error_text_{};

  incoming_head head_;
  size_t head_bytes_ = 0;
  bool head_complete_ = false;
  bool reported_ = false;
  bool has_slot_ = false;
  bool running_ = false;
  bool ended_ = false;
  bool paused_ = false;
  std::shared_ptr<body_feed> feed_;

  shared_bytes upload_; ///< The chunk that is being sent.
  size_t upload_offset_ = 0;
  bool upload_pulling_ = false;
  bool upload_paused_ = false;
  bool upload_last_ = false;
  bool upload_failed_ = false;
};

} // namespace offstage

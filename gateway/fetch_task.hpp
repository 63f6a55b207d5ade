// SPDX-License-Identifier: MIT
#pragma once

// One fetch by Fetch's rules: where a URL may be fetched from, redirects, CORS, and the response's
// type. Belongs to the fetcher's loop; owned by the fetcher until its head is there, by its
// http_source's callbacks while it waits. `done` is called exactly once, unless abort() came first.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "gateway/fetch_host.hpp"
#include "gateway/http_source.hpp"
#include "protocol/request.hpp"
#include "protocol/response.hpp"

namespace offstage {

class fetch_task : public std::enable_shared_from_this<fetch_task> {
public:
  using done_handler = std::function<void(fetch_response)>;

  fetch_task(fetch_host& host, fetch_request request, done_handler done)
      : host_(host), request_(std::move(request)), done_(std::move(done)) {}

  void start();
  void abort(const std::string& reason);

private:
  enum class tainting : uint8_t { basic, cors, opaque };

  void main_fetch();
  bool choose_tainting();
  bool is_refused();
  bool needs_preflight() const;
  void preflight();
  void on_preflight(std::optional<incoming_head> head, const std::string& failure);
  void http_fetch();
  void on_head(std::optional<incoming_head> head, const std::string& failure);
  void redirect(const incoming_head& head);
  bool may_follow(const url& location, uint16_t status);
  void rewrite_for(const incoming_head& head, const url& location);
  void respond(incoming_head head, response_type type);
  void fail(const std::string& reason);

  void begin(outgoing_request request, head_handler handler);
  header_list network_headers() const;
  void add_context_headers(header_list& headers) const;
  void add_origin_headers(header_list& headers) const;
  void add_cache_headers(header_list& headers) const;
  std::string request_origin() const;
  bool sends_credentials() const;

  fetch_host& host_;
  fetch_request request_;
  done_handler done_;
  url current_;
  std::vector<std::string> url_list_;
  tainting tainting_ = tainting::basic;
  bool tainted_origin_ = false;
  uint32_t redirect_count_ = 0;
  std::vector<std::string> unsafe_names_;
  std::shared_ptr<http_source> source_;
};

} // namespace offstage

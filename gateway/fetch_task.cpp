// SPDX-License-Identifier: MIT
#include "gateway/fetch_task.hpp"

#include <algorithm>
#include <array>

#include "gateway/cors.hpp"
#include "gateway/directory_source.hpp"
#include "gateway/http_message.hpp"
#include "gateway/referrer.hpp"
#include "gateway/transfer.hpp"

namespace offstage {

namespace {

bool is_redirect(uint16_t status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

// What curl decodes by itself.
bool is_decoded(std::string_view coding) {
  static constexpr std::array<std::string_view, 5> known{"gzip", "x-gzip", "deflate", "br", "zstd"};
  return std::ranges::any_of(known, [&](auto x) { return list_has(coding, x); });
}

} // namespace

void fetch_task::start() {
  const auto parsed = url::parse(request_.url);
  if (!parsed) {
    fail("the URL is not valid");
    return;
  }
  current_ = *parsed;
  url_list_.push_back(current_.href(url::fragment_mode::exclude));
  main_fetch();
}

void fetch_task::abort(const std::string& reason) {
  if (source_)
    source_->abort();
  fail(reason);
}

void fetch_task::fail(const std::string& reason) {
  source_.reset();
  if (const auto done = std::exchange(done_, {}))
    done(fetch_response::network_error(reason));
}

// Spec: Fetch#concept-main-fetch
void fetch_task::main_fetch() {
  if (is_refused())
    return;
  unsafe_names_ = unsafe_header_names(request_.headers);
  if (needs_preflight())
    preflight();
  else
    http_fetch();
}

bool fetch_task::needs_preflight() const {
  if (tainting_ != tainting::cors)
    return false;
  // A body of unknown length is a stream of script, which asks each time.
  if (request_.content.kind == body_kind::source && request_.content.length < 0)
    return true;
  if (is_safelisted_method(request_.method) && unsafe_names_.empty())
    return false;
  return tainted_origin_
         || !host_.preflights.permits(request_, url_list_.back(), unsafe_names_,
                                      io_loop::clock::now());
}

bool fetch_task::is_refused() {
  if (!current_.is_http() || !current_.host()) {
    fail("only http and https URLs can be fetched");
    return true;
  }
  if (host_.upstreams.find(current_) == nullptr && is_bad_port(current_)) {
    fail("the port is blocked");
    return true;
  }
  if (request_.cache == cache_mode::only_if_cached) {
    fail("nothing is cached");
    return true;
  }
  return !choose_tainting();
}

bool fetch_task::choose_tainting() {
  const auto is_own = request_.origin.empty() || request_.is_navigation()
                      || (current_.origin() == request_.origin && !tainted_origin_);
  if (is_own && tainting_ == tainting::basic)
    return true;
  switch (request_.mode) {
  case request_mode::navigate:
    return true;
  case request_mode::same_origin:
    fail("the URL is of another origin");
    return false;
  case request_mode::no_cors:
    if (request_.redirect != redirect_mode::follow) {
      fail("a no-cors request of another origin has to follow redirects");
      return false;
    }
    tainting_ = tainting::opaque;
    return true;
  case request_mode::cors:
    tainting_ = tainting::cors;
    return true;
  }
  return false;
}

std::string fetch_task::request_origin() const {
  return tainted_origin_ ? "null" : request_.origin;
}

// Spec: Fetch#cors-preflight-fetch
void fetch_task::preflight() {
  outgoing_request request;
  request.method = "OPTIONS";
  request.url = current_.href(url::fragment_mode::exclude);
  request.headers.append("Accept", "*/*");
  request.headers.append("Access-Control-Request-Method", request_.method);
  add_origin_headers(request.headers);
  request.headers.append("User-Agent", host_.options.user_agent);
  std::string names;
  for (const auto& name : unsafe_names_)
    names += (names.empty() ? "" : ",") + name;
  if (!names.empty())
    request.headers.append("Access-Control-Request-Headers", names);
  begin(std::move(request),
        [self = shared_from_this()](std::optional<incoming_head> head, const std::string& failure) {
          self->on_preflight(std::move(head), failure);
        });
}

void fetch_task::on_preflight(std::optional<incoming_head> head, const std::string& failure) {
  if (const auto source = std::exchange(source_, nullptr))
    source->abort();
  if (!head) {
    fail(failure);
    return;
  }
  if (head->status < 200 || head->status > 299
      || !cors_check(head->headers, request_origin(), request_.credentials)
      || !preflight_permits(head->headers, request_, unsafe_names_)) {
    host_.preflights.forget(request_, url_list_.back());
    fail("the preflight does not permit the request");
    return;
  }
  if (!tainted_origin_)
    host_.preflights.keep(request_, url_list_.back(), unsafe_names_, head->headers,
                          io_loop::clock::now());
  http_fetch();
}

// Spec: Fetch#concept-http-fetch
void fetch_task::http_fetch() {
  outgoing_request request;
  request.method = request_.method;
  request.url = current_.href(url::fragment_mode::exclude);
  request.headers = network_headers();
  request.with_cookies = sends_credentials();
  request.content = request_.content;
  begin(std::move(request),
        [self = shared_from_this()](std::optional<incoming_head> head, const std::string& failure) {
          self->on_head(std::move(head), failure);
        });
}

void fetch_task::begin(outgoing_request request, head_handler handler) {
  const auto* upstream = host_.upstreams.find(current_);
  if (upstream != nullptr && !upstream->base) {
    source_ = std::make_shared<directory_source>(host_, upstream->directory, std::move(request),
                                                 std::move(handler));
  } else {
    if (upstream != nullptr) {
      const auto mapped = upstream->map(current_);
      if (!mapped) {
        fail("the URL cannot be mapped to the upstream");
        return;
      }
      request.url = mapped->href(url::fragment_mode::exclude);
    }
    source_ = std::make_shared<transfer>(host_, std::move(request), std::move(handler));
  }
  const auto started = source_;
  started->start();
}

void fetch_task::on_head(std::optional<incoming_head> head, const std::string& failure) {
  if (!head) {
    fail(failure);
    return;
  }
  const auto location = head->headers.get("Location");
  if (const auto* upstream = host_.upstreams.find(current_); location && upstream != nullptr)
    if (const auto mapped = upstream->map(current_))
      head->headers.set("Location", upstream->unmap(*location, *mapped));
  if (tainting_ == tainting::cors
      && !cors_check(head->headers, request_origin(), request_.credentials)) {
    source_->abort();
    fail("the response does not allow this origin");
    return;
  }
  // What a script produces cannot be sent again with credentials that somebody would type in.
  if (head->status == 401 && tainting_ != tainting::cors && sends_credentials()
      && request_.content.kind == body_kind::source && request_.content.length < 0) {
    source_->abort();
    fail("the body cannot be sent again");
    return;
  }
  if (is_redirect(head->status) && location) {
    redirect(*head);
    return;
  }
  const auto type = tainting_ == tainting::basic  ? response_type::basic
                    : tainting_ == tainting::cors ? response_type::cors
                                                  : response_type::opaque;
  respond(std::move(*head), type);
}

// Spec: Fetch#concept-http-redirect-fetch
void fetch_task::redirect(const incoming_head& head) {
  if (request_.redirect == redirect_mode::manual) {
    respond(head, response_type::opaque_redirect);
    return;
  }
  std::exchange(source_, nullptr)->abort();
  if (request_.redirect == redirect_mode::error) {
    fail("the response is a redirect");
    return;
  }
  auto location = url::parse(head.headers.get("Location").value_or(""), &current_);
  if (!location || !location->is_http()) {
    fail("the redirect leads to no http URL");
    return;
  }
  if (!may_follow(*location, head.status))
    return;
  rewrite_for(head, *location);
  if (!location->fragment() && current_.fragment())
    location->set_hash(*current_.fragment());
  current_ = *location;
  url_list_.push_back(current_.href(url::fragment_mode::exclude));
  main_fetch();
}

bool fetch_task::may_follow(const url& location, uint16_t status) {
  const auto has_credentials = !location.username().empty() || !location.password().empty();
  if (++redirect_count_ > limits::redirects_max)
    fail("there are too many redirects");
  else if (has_credentials && request_.mode == request_mode::cors
           && (tainting_ == tainting::cors || location.origin() != request_.origin))
    fail("the redirect carries credentials");
  else if (status != 303 && request_.content.kind == body_kind::source)
    fail("the body cannot be sent again");
  else
    return true;
  return false;
}

void fetch_task::rewrite_for(const incoming_head& head, const url& location) {
  const auto status = head.status;
  if (auto policy = policy_of_header(head.headers); !policy.empty())
    request_.referrer_policy = std::move(policy);
  const auto posts = (status == 301 || status == 302) && request_.method == "POST";
  const auto sees_other = status == 303 && request_.method != "GET" && request_.method != "HEAD";
  if (posts || sees_other) {
    request_.method = "GET";
    request_.content = {};
    for (const auto* name :
         {"Content-Encoding", "Content-Language", "Content-Location", "Content-Type"})
      request_.headers.remove(name);
  }
  if (location.origin() != current_.origin()) {
    request_.headers.remove("Authorization");
    if (tainting_ != tainting::basic && current_.origin() != request_.origin)
      tainted_origin_ = true;
  }
}

void fetch_task::respond(incoming_head head, response_type type) {
  fetch_response response;
  response.type = type;
  response.url_list = url_list_;
  response.status = head.status;
  response.status_text = std::move(head.status_text);
  response.content = source_->take_body();
  response.headers = type == response_type::cors
                         ? cors_visible_headers(head.headers, request_.credentials)
                         : std::move(head.headers);
  remove_connection_headers(response.headers);
  const auto coding = response.headers.get("Content-Encoding");
  if (coding && is_decoded(*coding) && !request_.headers.has("Range")) {
    response.headers.remove("Content-Encoding");
    response.headers.remove("Content-Length");
  }
  source_.reset();
  if (const auto done = std::exchange(done_, {}))
    done(std::move(response));
}

} // namespace offstage

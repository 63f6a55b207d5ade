// SPDX-License-Identifier: MIT
#include "gateway/intercept.hpp"

#include <array>

#include "config/limits.hpp"
#include "gateway/request_mapping.hpp"
#include "protocol/errors.hpp"

#include <openssl/rand.h>

namespace offstage {

namespace {

std::string random_uuid() {
  std::array<uint8_t, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1)
    return {};
  bytes[6] = static_cast<uint8_t>((bytes[6] & 0x0F) | 0x40);
  bytes[8] = static_cast<uint8_t>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10)
      text += '-';
    text += "0123456789abcdef"[bytes[i] >> 4];
    text += "0123456789abcdef"[bytes[i] & 0x0F];
  }
  return text;
}

bool can_be_sent(const fetch_response& response) {
  const auto& content = response.content;
  return response.status >= 200 && response.status <= 599 && !content.bytes.is_detached()
         && content.kind != body_kind::parent_stream && content.kind != body_kind::child_stream
         && (content.kind != body_kind::source || content.source);
}

bool shows_a_document(uint16_t status) {
  return status != 204 && status != 205 && (status < 300 || status > 399);
}

} // namespace

void interception::start() {
  if (bypasses_workers(request_))
    fall_back();
  else if (is_non_subresource(request_))
    reserve_client();
  else if (!request_.referrer.empty())
    find_client();
  else
    intercept();
}

void interception::reserve_client() {
  client_.id = random_uuid();
  client_.url = request_.url;
  client_.type = reserved_client_type(request_);
  client_.frame = client_.type == client_type::window ? frame_type::top_level : frame_type::none;
  if (request_.destination == "iframe" || request_.destination == "frame")
    client_.frame = frame_type::nested;
  client_.key = options_.site->key();
  client_.tag = options_.peer_tag;
  request_.resulting_client_id = client_.id;
  options_.bridge->ask<client_descriptor>(
      options_.peers->clients, limits::internal_request_max,
      [self = shared_from_this()](caf::expected<client_descriptor> stored) {
        if (stored)
          self->client_ = std::move(*stored);
        self->intercept();
      },
      put_atom_v, client_);
}

void interception::find_client() {
  options_.bridge->ask<client_list>(
      options_.peers->clients, limits::internal_request_max,
      [self = shared_from_this()](caf::expected<client_list> found) {
        if (found && !found->clients.empty())
          self->request_.client_id = found->clients.front().id;
        self->intercept();
      },
      match_atom_v, options_.site->key(), request_.referrer, options_.peer_tag);
}

void interception::intercept() {
  if (gone_) {
    drop_client();
    return;
  }
  stage_ = stage::intercepting;
  call_ = options_.bridge->next_call();
  options_.bridge->ask<fetch_outcome>(
      options_.peers->manager, limits::service_call_max,
      [self = shared_from_this()](caf::expected<fetch_outcome> outcome) {
        self->on_outcome(std::move(outcome));
      },
      intercept_atom_v, call_, request_);
}

void interception::on_outcome(caf::expected<fetch_outcome> outcome) {
  if (!outcome) {
    if (outcome.error() == caf::sec::request_timeout)
      options_.bridge->tell(options_.peers->manager, abort_atom_v, call_);
    respond_problem(problem_of(outcome.error()));
    return;
  }
  switch (outcome->kind) {
  case fetch_outcome_kind::respond:
    respond(std::move(outcome->response));
    return;
  case fetch_outcome_kind::fall_back:
    fall_back();
    return;
  case fetch_outcome_kind::network_error:
    respond_problem(http_problem::worker_failed, outcome->reason);
    return;
  }
}

void interception::fall_back() {
  if (gone_) {
    drop_client();
    return;
  }
  auto content = options_.renew_body();
  if (!content) {
    respond_problem(http_problem::worker_failed, "The worker read the request but did not answer.");
    return;
  }
  request_.content = std::move(*content);
  // Redirects are for the HTTP client to follow, so that it knows where it is.
  request_.redirect = redirect_mode::manual;
  stage_ = stage::fetching;
  call_ = options_.bridge->next_call();
  options_.bridge->ask<fetch_response>(
      options_.peers->fetcher, limits::service_call_max,
      [self = shared_from_this()](caf::expected<fetch_response> response) {
        self->on_fetched(std::move(response));
      },
      fetch_atom_v, call_, request_);
}

void interception::on_fetched(caf::expected<fetch_response> response) {
  if (!response)
    respond_problem(problem_of(response.error()));
  else if (response->is_network_error())
    respond_problem(http_problem::upstream_failed);
  else
    respond(std::move(*response));
}

void interception::respond(fetch_response response) {
  if (gone_) {
    if (response.content.source)
      options_.bridge->tell(response.content.source, cancel_atom_v);
    drop_client();
    return;
  }
  if (!can_be_sent(response)) {
    respond_problem(http_problem::worker_failed, "Its response cannot be sent.");
    return;
  }
  stage_ = stage::answered;
  status_ = response.status;
  options_.answer(std::move(response));
}

void interception::respond_problem(http_problem problem, std::string_view detail) {
  auto page = problem_page(problem, detail, options_.format);
  drop_client();
  respond(std::move(page));
}

void interception::client_gone() {
  if (std::exchange(gone_, true))
    return;
  if (stage_ == stage::intercepting)
    options_.bridge->tell(options_.peers->manager, abort_atom_v, call_);
  else if (stage_ == stage::fetching)
    options_.bridge->tell(options_.peers->fetcher, abort_atom_v, call_);
  else if (stage_ == stage::answered)
    drop_client();
}

void interception::answered(bool complete) {
  if (client_.id.empty())
    return;
  if (!complete || !shows_a_document(status_)) {
    drop_client();
    return;
  }
  client_.ready = true;
  options_.bridge->ask<client_descriptor>(
      options_.peers->clients, limits::internal_request_max,
      [](const caf::expected<client_descriptor>&) {}, put_atom_v, client_);
}

void interception::drop_client() {
  if (!client_.id.empty())
    options_.bridge->tell(options_.peers->clients, remove_atom_v, client_.id);
  client_.id.clear();
}

} // namespace offstage

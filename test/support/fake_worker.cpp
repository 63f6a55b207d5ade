// SPDX-License-Identifier: MIT
#include "test/support/fake_worker.hpp"

#include <algorithm>
#include <sstream>

namespace offstage::test {

size_t fake_world::count(const std::string& line) const {
  return static_cast<size_t>(std::ranges::count(log, line));
}

size_t fake_world::count_handled(const std::string& type) const {
  return static_cast<size_t>(std::ranges::count(handled, type));
}

bool fake_world::is_alive(uint64_t number) const {
  const auto same = [&](const fake_worker* one) { return one->number() == number; };
  return std::ranges::any_of(alive, same);
}

fetch_response text_response(const std::string& text) {
  fetch_response response;
  response.content = body::of(shared_bytes{text});
  return response;
}

worker_factory make_fake_factory(fake_world_ptr world) {
  return [world](const instance_constructor& constructor, worker_host& host) {
    return std::make_unique<fake_worker>(constructor, host, world);
  };
}

fake_worker::fake_worker(const instance_constructor& constructor, worker_host& host,
                         fake_world_ptr world)
    : constructor_(constructor), host_(host), world_(std::move(world)) {
  parse(constructor_.script.bytes.view());
  number_ = ++world_->made;
  world_->alive.push_back(this);
}

fake_worker::~fake_worker() {
  std::erase(world_->alive, this);
}

void fake_worker::parse(std::string_view text) {
  std::istringstream lines{std::string{text}};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string when;
    instruction now;
    words >> when >> now.what;
    std::getline(words >> std::ws, now.argument);
    script_[when] = now;
  }
}

fake_worker::instruction fake_worker::look_up(const std::string& when) const {
  const auto found = script_.find(when);
  return found == script_.end() ? instruction{} : found->second;
}

void fake_worker::dispatch(event_id event, worker_event event_data) {
  const auto type = std::string{policy_of(event_data).name};
  world_->handled.push_back(type);
  if (const auto* message = caf::get_if<message_event>(&event_data))
    world_->entered_by[message->origin] = number_;
  host_.entered(event);
  if (caf::holds_alternative<evaluate_script>(event_data)) {
    evaluate(event);
    return;
  }
  const auto* fetch = caf::get_if<fetch_event>(&event_data);
  handle(event, type, fetch != nullptr ? &fetch->request : nullptr);
}

void fake_worker::evaluate(event_id event) {
  const auto now = look_up("evaluate");
  if (now.what == "throw") {
    event_result result;
    result.status = event_status::rejected;
    result.cause = event_cause::script_threw;
    result.evaluation.error = {"TypeError", "thrown", constructor_.script.url, 1, 1, {}};
    host_.finished(event, result);
  } else if (now.what == "import") {
    call(event, import_scripts{{now.argument}}, waits_for::import);
  } else if (now.what != "never" && !world_->holds_evaluations) {
    finish_evaluation(event);
  }
}

void fake_worker::finish_evaluation(event_id event) {
  event_result result;
  result.evaluation.evaluated = true;
  const auto types = look_up("types");
  std::istringstream words{types.what.empty() ? "install activate fetch message push sync"
                                              : types.what + " " + types.argument};
  for (std::string type; words >> type;)
    result.evaluation.event_types.push_back(type);
  host_.finished(event, result);
}

void fake_worker::handle(event_id event, const std::string& type, const fetch_request* request) {
  const auto now = look_up(type);
  if (request != nullptr)
    handle_fetch(event, now, *request);
  else if (now.what == "skip")
    call(event, skip_waiting{}, waits_for::finish);
  else if (now.what == "claim")
    call(event, clients_claim{}, waits_for::finish);
  else if (now.what == "idb")
    call(event, idb_call{idb_list_databases{}}, waits_for::finish);
  else if (now.what == "post")
    call(event, client_post_message{now.argument, {}}, waits_for::finish);
  else if (now.what != "never")
    finish(event, now.what != "reject");
}

void fake_worker::handle_fetch(event_id event, const instruction& now,
                               const fetch_request& request) {
  if (now.what == "never")
    return;
  if (now.what == "network" || now.what == "pass") {
    call(event, network_fetch{request}, waits_for::fetch_response);
    return;
  }
  if (now.what == "cache") {
    cache_storage_match match;
    match.request = request;
    call(event, cache_call{match}, waits_for::fetch_response);
    return;
  }
  if (now.what == "fall_back") {
    host_.responded(event, fetch_outcome::fall_back());
    finish(event);
    return;
  }
  auto response = text_response(now.what == "respond" ? now.argument : request.url);
  if (now.what == "stream") {
    const auto stream = stream_id{next_stream_++};
    streams_[stream] = std::stoull(now.argument);
    response.content = {};
    response.content.kind = body_kind::child_stream;
    response.content.stream = stream;
  }
  respond(event, std::move(response));
}

void fake_worker::respond(event_id event, fetch_response response) {
  host_.responded(event, fetch_outcome::respond(std::move(response)));
  if (look_up("after_response").what != "never")
    finish(event);
}

void fake_worker::finish(event_id event, bool resolved) {
  event_result result;
  if (!resolved) {
    result.status = event_status::rejected;
    result.cause = event_cause::promise_rejected;
  }
  host_.finished(event, result);
}

void fake_worker::call(event_id event, service_request request, waits_for purpose) {
  const auto id = call_id{next_call_++};
  calls_[id] = {event, purpose};
  host_.call(id, std::move(request));
}

void fake_worker::notify(service_notice) {
  note("notice");
}

void fake_worker::complete(call_id call, service_result result) {
  const auto open = calls_.at(call);
  calls_.erase(call);
  if (const auto* failure = caf::get_if<call_failure>(&result)) {
    note("failure " + failure->name);
    if (open.purpose == waits_for::import) {
      event_result thrown;
      thrown.status = event_status::rejected;
      thrown.cause = event_cause::script_threw;
      thrown.evaluation.error = {failure->name, failure->message, {}, 0, 0, {}};
      host_.finished(open.event, thrown);
      return;
    }
    if (open.purpose == waits_for::fetch_response)
      host_.responded(open.event, fetch_outcome::network_error(failure->message));
    finish(open.event, false);
    return;
  }
  if (open.purpose == waits_for::import) {
    note("imported " + caf::get<script_sources>(result).scripts.front().bytes.to_string());
    finish_evaluation(open.event);
  } else if (auto* response = caf::get_if<fetch_response>(&result)) {
    respond(open.event, std::move(*response));
  } else if (auto* cached = caf::get_if<cache_result>(&result)) {
    respond(open.event, cached->found ? cached->responses.front() : text_response("not cached"));
  } else {
    if (const auto* done = caf::get_if<call_done>(&result))
      note(done->value ? "done true" : "done false");
    finish(open.event);
  }
}

void fake_worker::abort(event_id) {
  note("abort");
}

void fake_worker::pulled(stream_id, caf::expected<body_chunk> chunk) {
  note(chunk ? "pulled " + chunk->bytes.to_string() : "pull failed");
}

void fake_worker::pull_from(stream_id child_stream, uint32_t bytes_max) {
  auto& left = streams_.at(child_stream);
  const auto size = std::min<uint64_t>(left, bytes_max);
  left -= size;
  host_.provide(child_stream, body_chunk{shared_bytes{std::string(size, 'x')}, left == 0});
}

void fake_worker::cancel_stream(stream_id) {
  note("stream cancelled");
}

void fake_worker::update(registration_descriptor registration) {
  note("update " + std::to_string(registration.version));
}

} // namespace offstage::test

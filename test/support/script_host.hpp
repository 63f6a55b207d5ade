// SPDX-License-Identifier: MIT
#pragma once

// A worker with its surroundings played by the test: calls are answered by functions, streams come
// from strings, time is virtual. Everything that the worker tells is recorded.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <caf/variant.hpp>

#include "protocol/errors.hpp"
#include "protocol/worker.hpp"
#include "runtime/duktape_worker.hpp"

namespace offstage::test {

class script_host : public worker_host {
public:
  struct event_record {
    bool entered = false;
    std::optional<fetch_outcome> outcome;
    std::optional<event_result> result;
    std::string order; ///< e: entered, r: responded, f: finished.
  };

  using service = std::function<std::optional<service_result>(const service_request&)>;

  explicit script_host(const std::string& script,
                       const std::string& url = "https://a.example/app/sw.js") {
    constructor_.worker = worker_id{7};
    constructor_.key.origin = "https://a.example";
    constructor_.scope = "https://a.example/app/";
    constructor_.script = {url, shared_bytes{script}};
    constructor_.user_agent = "offstage-test";
    constructor_.time_origin_unix_us = 1'700'000'000'000'000;
    constructor_.registration.scope = constructor_.scope;
    constructor_.registration.installing = {worker_id{7}, url, worker_type::classic,
                                            worker_state::installing};
    constructor_.registration.version = 1;
  }

  instance_constructor& constructor() { return constructor_; }

  worker& js() {
    if (!worker_)
      worker_ = factory_(constructor_, *this);
    return *worker_;
  }

  /// Before the first use of the worker. The default's time is virtual.
  void make_with(worker_factory factory) { factory_ = std::move(factory); }

  /// Answers calls; nothing leaves the call open.
  void serve(service answer) { services_.push_back(std::move(answer)); }
  /// Answers fetches by URL.
  void serve_url(const std::string& url, fetch_response response) {
    responses_[url] = std::move(response);
  }
  void serve_script(const std::string& url, const std::string& text) { scripts_[url] = text; }

  /// First evaluation, with everything that it starts.
  event_result evaluate() {
    const auto id = dispatch(evaluate_script{true});
    return events_[id].result.value_or(event_result{});
  }

  event_id start(worker_event event) {
    const auto id = event_id{++last_event_};
    events_[id];
    js().dispatch(id, std::move(event));
    return id;
  }

  event_id dispatch(worker_event event) {
    const auto id = start(std::move(event));
    run();
    return id;
  }

  event_record& event(event_id id) { return events_[id]; }

  fetch_outcome fetch(fetch_request request) {
    const auto id = dispatch(fetch_event{std::move(request)});
    return events_[id].outcome.value_or(fetch_outcome::network_error("no outcome"));
  }

  fetch_outcome fetch(const std::string& url) {
    fetch_request request;
    request.url = url;
    request.client_id = "client-1";
    return fetch(std::move(request));
  }

  event_result event_of(worker_event event) {
    return events_[dispatch(std::move(event))].result.value_or(event_result{});
  }

  /// Everything that is ready, and timers until `until` from now.
  void run(std::chrono::milliseconds until = std::chrono::minutes{10}) {
    const auto end = now_ + until;
    for (;;) {
      while (!queue_.empty()) {
        auto next = std::move(queue_.front());
        queue_.pop_front();
        next();
      }
      const auto due = js().next_timer();
      if (!due || *due > end)
        return;
      now_ = std::max(now_, *due);
      js().run_timers(now_);
    }
  }

  /// A stream of the parent with these chunks.
  body stream(std::vector<std::string> chunks, bool fails = false) {
    body result;
    result.kind = body_kind::parent_stream;
    result.stream = stream_id{++last_stream_};
    streams_[result.stream] = {std::deque<std::string>(chunks.begin(), chunks.end()), fails, false};
    return result;
  }

  bool is_cancelled(const body& content) { return streams_[content.stream].cancelled; }
  size_t open_streams() const {
    size_t open = 0;
    for (const auto& [id, stream] : streams_)
      open += stream.cancelled || stream.ended ? 0u : 1u;
    return open;
  }

  /// All bytes of an answer, wherever they are. An error shows as "error: ...".
  std::string bytes_of(const body& content) {
    if (content.kind == body_kind::none)
      return {};
    if (content.kind == body_kind::inline_bytes)
      return content.bytes.to_string();
    if (content.kind == body_kind::parent_stream)
      return rest_of(streams_[content.stream]);
    std::string bytes;
    reads_[content.stream] = {};
    while (!reads_[content.stream].over) {
      js().pull_from(content.stream, 1000);
      const auto before = reads_[content.stream].answers;
      run();
      if (reads_[content.stream].answers == before && before == 0)
        return "error: the stream does not answer";
    }
    return reads_[content.stream].text;
  }

  std::string text_of(const fetch_outcome& outcome) { return bytes_of(outcome.response.content); }

  std::string console_text() const {
    std::string text;
    for (const auto& line : lines_)
      text += line.text + "\n";
    return text;
  }

  /// Runs the script as an install-less worker and gives what it printed.
  static std::string printed_by(const std::string& script) {
    script_host host{script};
    const auto result = host.evaluate();
    return host.console_text() + (result.error ? "threw " + to_string(result.error) + "\n" : "")
           + host.uncaught_text();
  }

  std::string uncaught_text() const {
    std::string text;
    for (const auto& error : errors_)
      text += "uncaught " + error.name + ": " + error.message + "\n";
    return text;
  }

  std::vector<console_message>& lines() { return lines_; }
  std::vector<script_error>& errors() { return errors_; }
  std::vector<std::pair<call_id, service_request>>& calls() { return calls_; }
  std::vector<call_id>& aborted_calls() { return aborted_calls_; }
  std::chrono::steady_clock::time_point now() const { return now_; }

  // worker_host

  void entered(event_id event) override {
    events_[event].entered = true;
    events_[event].order += 'e';
  }
  void responded(event_id event, fetch_outcome outcome) override {
    events_[event].outcome = std::move(outcome);
    events_[event].order += 'r';
  }
  void finished(event_id event, event_result result) override {
    events_[event].result = std::move(result);
    events_[event].order += 'f';
  }

  void call(call_id call, service_request request) override {
    calls_.emplace_back(call, request);
    queue_.push_back([this, call, request = std::move(request)] {
      if (auto answer = answer_of(request))
        js().complete(call, std::move(*answer));
    });
  }
  void abort_call(call_id call) override { aborted_calls_.push_back(call); }

  caf::expected<service_result> import_now(import_scripts request) override {
    script_sources sources;
    for (const auto& url : request.urls) {
      imported_.push_back(url);
      if (!scripts_.contains(url))
        return service_result{call_failure{"NetworkError", "no such script"}};
      sources.scripts.push_back({url, shared_bytes{scripts_[url]}});
    }
    return service_result{std::move(sources)};
  }

  void pull(stream_id stream, uint32_t) override {
    queue_.push_back([this, stream] { answer_pull(stream); });
  }
  void cancel(stream_id stream) override { streams_[stream].cancelled = true; }

  void provide(stream_id stream, caf::expected<body_chunk> chunk) override {
    auto& read = reads_[stream];
    ++read.answers;
    read.over = !chunk || chunk->last;
    if (chunk)
      read.text += chunk->bytes.view();
    else
      read.text += "error: " + describe(chunk.error());
  }

  void console(console_message message) override { lines_.push_back(std::move(message)); }
  void uncaught(script_error error) override { errors_.push_back(std::move(error)); }

  std::vector<std::string>& imported() { return imported_; }

private:
  struct parent_stream {
    std::deque<std::string> chunks;
    bool fails = false;
    bool cancelled = false;
    bool ended = false;
  };
  struct child_read {
    std::string text;
    int answers = 0;
    bool over = false;
  };

  std::optional<service_result> answer_of(const service_request& request) {
    for (const auto& answer : services_)
      if (auto result = answer(request))
        return result;
    if (const auto* fetch = caf::get_if<network_fetch>(&request)) {
      const auto at = responses_.find(fetch->request.url);
      if (at == responses_.end())
        return service_result{fetch_response::network_error("unreachable")};
      return service_result{at->second};
    }
    return std::nullopt;
  }

  void answer_pull(stream_id id) {
    auto& stream = streams_[id];
    if (stream.cancelled)
      return;
    if (stream.chunks.empty() && stream.fails)
      return js().pulled(id, fail(storage_error::body_failed, "the connection broke"));
    body_chunk chunk;
    if (!stream.chunks.empty()) {
      chunk.bytes = shared_bytes{stream.chunks.front()};
      stream.chunks.pop_front();
    }
    chunk.last = stream.chunks.empty() && !stream.fails;
    stream.ended = chunk.last;
    js().pulled(id, std::move(chunk));
  }

  static std::string rest_of(parent_stream& stream) {
    std::string text;
    for (const auto& chunk : stream.chunks)
      text += chunk;
    stream.ended = true;
    return text;
  }

  instance_constructor constructor_;
  std::chrono::steady_clock::time_point now_{std::chrono::hours{1}};
  std::map<event_id, event_record> events_;
  std::vector<service> services_;
  std::map<std::string, fetch_response> responses_;
  std::map<std::string, std::string> scripts_;
  std::deque<std::function<void()>> queue_;
  std::map<stream_id, parent_stream> streams_;
  std::map<stream_id, child_read> reads_;
  std::vector<std::pair<call_id, service_request>> calls_;
  std::vector<call_id> aborted_calls_;
  std::vector<console_message> lines_;
  std::vector<script_error> errors_;
  std::vector<std::string> imported_;
  uint64_t last_event_ = 0;
  uint64_t last_stream_ = 0;
  worker_factory factory_ = make_duktape_worker_factory([this] { return now_; });
  std::unique_ptr<worker> worker_;
};

/// A 200 response of type basic.
inline fetch_response text_response(const std::string& url, const std::string& text) {
  fetch_response response;
  response.type = response_type::basic;
  response.url_list = {url};
  response.headers.append("Content-Type", "text/plain");
  response.content = body::of(shared_bytes{text});
  return response;
}

} // namespace offstage::test

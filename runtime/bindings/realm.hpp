// SPDX-License-Identifier: MIT
#pragma once

// One ServiceWorkerGlobalScope: the heap with the platform in it, and what connects it to the
// worker's host: calls, events and body streams, each by its number. Owned by duktape_worker; lives
// on the script thread of the process that runs script. When it dies everything unanswered is
// dropped.

#include <chrono>
#include <functional>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/worker.hpp"
#include "runtime/bindings/byte_source.hpp"
#include "runtime/bindings/handle_table.hpp"
#include "runtime/engine.hpp"

namespace offstage {

class idb_client;

class realm {
public:
  using handle = handle_table::handle;

  /// An event that is not finished.
  struct open_event {
    handle object = 0;
    bool has_object = false;
    bool is_fetch = false;
    bool responded = false;
    bool is_extendable = false;
  };

  /// The engine is one of make_platform_engine.
  realm(const instance_constructor& constructor, worker_host& host, std::unique_ptr<engine> js);
  ~realm();
  realm(const realm&) = delete;
  realm& operator=(const realm&) = delete;

  static realm& of(duk_context* ctx);

  engine& js() { return *js_; }
  worker_host& host() { return host_; }
  const instance_constructor& constructor() const { return constructor_; }
  handle_table& handles() { return handles_; }
  /// For destructors, which must not touch the heap: the handle is dropped a little later.
  void drop_later(handle kept) { unused_handles_.push_back(kept); }
  registration_descriptor& registration() { return registration_; }
  std::map<std::string, shared_bytes>& scripts() { return scripts_; }
  /// Where the artifact of a script is or will be; null if the worker uses none, or if the URL is
  /// that of another script: a main script that imports itself may get other bytes.
  shared_bytes* artifact_of(const std::string& url, const shared_bytes& source);
  std::map<event_id, open_event>& events() { return events_; }

  /// Pushes a function of the platform's prelude.
  void push_function(duk_context* ctx, const char* name) const;
  /// engine::call, and remembers when script was stopped.
  script_outcome call(duk_context* ctx, duk_idx_t arguments);
  void note(stop_cause cause);
  stop_cause stopped() const { return stopped_; }
  /// As the HTML specification has it (close-a-worker): tasks that have not begun do not run.
  void close() { closed_ = true; }
  bool closed() const { return closed_; }
  /// Calls such a function with `arguments` values that `push` pushes; what it throws is reported.
  /// True if it returned; the result is dropped.
  template <class Push>
  bool call_function(const char* name, duk_idx_t arguments, Push&& push) {
    auto* ctx = js_->context();
    const stack_guard guard{ctx};
    const auto pushed = protect(ctx, arguments + 2, [&](duk_context* inner) {
      push_function(inner, name);
      duk_push_undefined(inner);
      push(inner);
    });
    return pushed && succeeded(call(ctx, arguments));
  }

  event_loop::clock::duration since_origin() const;
  /// As the HTML specification has it (secure-context).
  bool is_secure() const;
  /// importScripts may only use what was imported before. Spec: ServiceWorker#importscripts-method
  bool is_installed() const;

  /// Asks the parent. The callback at `index` gets (value) or (undefined, name, message).
  js_result<uint32_t> start_call(duk_context* ctx, service_request request, duk_idx_t callback);
  /// Asks the parent on behalf of native code, which no limit of script's calls counts.
  void start_call(service_request request, std::function<void(service_result)> receiver);
  void abort_call(uint32_t id);
  void complete(call_id call, service_result result);

  idb_client& databases() { return *databases_; }

  /// Streams of the parent that script, or a stream of ours, reads.
  byte_source_ptr open_parent_stream(stream_id id, int64_t length);
  void pull_parent(stream_id id, uint32_t bytes_max, chunk_receiver receiver);
  void forget_parent(stream_id id, bool cancel);
  void pulled(stream_id id, chunk_result chunk);

  /// Streams that the parent reads.
  stream_id add_child_stream(byte_source_ptr source);
  void pull_from(stream_id id, uint32_t bytes_max);
  void cancel_stream(stream_id id);

  /// Sources that script objects hold, by number.
  uint32_t add_source(byte_source_ptr source);
  byte_source_ptr source(uint32_t id) const;
  byte_source_ptr take_source(uint32_t id);
  void replace_source(uint32_t id, byte_source_ptr source) { sources_[id] = std::move(source); }

  /// Readers of script's own streams, by number; whoever reads the stream owns them.
  uint32_t next_pump() { return ++last_pump_; }
  void add_pump(uint32_t id, const byte_source_ptr& pump) { pumps_[id] = pump; }
  byte_source_ptr pump(uint32_t id) const;

  /// Streams that script forgot are freed with the objects that hold them: collects garbage when
  /// there are many. Not while script runs.
  void collect_forgotten_streams();

  void respond(event_id event, fetch_outcome outcome);
  void finish(event_id event, event_result result);
  /// Ends all events because script was stopped.
  void fail_events(event_cause cause);

  void update(registration_descriptor registration);

  /// False if it failed; an exception was reported then.
  bool succeeded(const script_outcome& outcome);

private:
  void attach();

  instance_constructor constructor_;
  worker_host& host_;
  registration_descriptor registration_;
  std::map<std::string, shared_bytes> scripts_;
  std::map<std::string, script_source> artifacts_;
  handle_table handles_;
  std::vector<handle> unused_handles_;
  std::map<event_id, open_event> events_;
  std::unordered_map<uint32_t, handle> calls_;
  std::unordered_map<uint32_t, std::function<void(service_result)>> receivers_;
  uint32_t last_call_ = 0;
  std::unique_ptr<idb_client> databases_;
  std::unordered_map<uint64_t, chunk_receiver> parent_streams_;
  std::unordered_map<uint64_t, byte_source_ptr> child_streams_;
  uint64_t last_child_stream_ = 0;
  std::unordered_map<uint32_t, byte_source_ptr> sources_;
  uint32_t last_source_ = 0;
  size_t sources_at_collection_ = 0;
  std::unordered_map<uint32_t, std::weak_ptr<byte_source>> pumps_;
  uint32_t last_pump_ = 0;
  void* library_ = nullptr;
  stop_cause stopped_ = stop_cause::none;
  bool closed_ = false;
  event_loop::time_point origin_;
  // The last member: finalizers of script objects use the others while the heap goes.
  std::unique_ptr<engine> js_;
};

/// What script threw, as the protocol has it: with the place in the author's file, not in ours.
script_error protocol_error(const thrown_error& error);
script_error describe_value(duk_context* ctx, duk_idx_t index);

} // namespace offstage

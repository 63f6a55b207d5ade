// SPDX-License-Identifier: MIT
#include "runtime/bindings/realm.hpp"

#include <algorithm>
#include <utility>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "protocol/url.hpp"
#include "runtime/bindings/idb_client.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

/// A stream of the parent as a source. It owns the stream until it is read to its end or released.
class parent_source : public byte_source {
public:
  parent_source(realm& owner, stream_id id, int64_t length)
      : owner_(owner), id_(id), length_(length) {}
  ~parent_source() override { parent_source::cancel(); }

  void pull(uint32_t bytes_max, chunk_receiver receiver) override {
    touched_ = true;
    if (!open_)
      return receiver(fail(storage_error::body_failed, "the stream is closed"));
    owner_.pull_parent(id_, bytes_max, [this, receiver = std::move(receiver)](chunk_result chunk) {
      open_ = chunk && !chunk->last;
      receiver(std::move(chunk));
    });
  }

  void cancel() override {
    if (std::exchange(open_, false))
      owner_.forget_parent(id_, true);
  }

  void release() override {
    if (std::exchange(open_, false))
      owner_.forget_parent(id_, false);
  }

  int64_t length() const override { return length_; }

  std::optional<stream_id> untouched_stream() const override {
    return touched_ || !open_ ? std::nullopt : std::optional{id_};
  }

private:
  realm& owner_;
  stream_id id_;
  int64_t length_;
  bool touched_ = false;
  bool open_ = true;
};

void keep_realm(duk_context* ctx, realm* self) {
  duk_push_global_stash(ctx);
  duk_push_pointer(ctx, self);
  duk_put_prop_literal(ctx, -2, "realm");
  duk_pop(ctx);
}

std::map<std::string, shared_bytes> scripts_of(const instance_constructor& constructor) {
  std::map<std::string, shared_bytes> scripts;
  for (const auto& import : constructor.imports)
    scripts.emplace(import.url, import.bytes);
  return scripts;
}

std::map<std::string, script_source> artifacts_of(const instance_constructor& constructor) {
  std::map<std::string, script_source> artifacts;
  artifacts.emplace(constructor.script.url, constructor.script);
  for (const auto& import : constructor.imports)
    artifacts.emplace(import.url, import);
  return artifacts;
}

} // namespace

script_error protocol_error(const thrown_error& error) {
  script_error result;
  result.name = error.name.empty() ? "Error" : error.name;
  result.message = error.message;
  result.file = error.file;
  result.line = static_cast<uint32_t>(std::max(error.line, 0));
  result.column = static_cast<uint32_t>(std::max(error.column, 0));
  result.stack = error.stack;
  return result;
}

script_error describe_value(duk_context* ctx, duk_idx_t index) {
  return protocol_error(describe_error(ctx, index));
}

realm::realm(const instance_constructor& constructor, worker_host& host, std::unique_ptr<engine> js)
    : constructor_(constructor),
      host_(host),
      registration_(constructor.registration),
      scripts_(scripts_of(constructor)),
      artifacts_(artifacts_of(constructor)),
      databases_(std::make_unique<idb_client>(*this)),
      js_(std::move(js)) {
  auto* ctx = js_->context();
  const stack_guard guard{ctx};
  keep_realm(ctx, this);
  static_cast<void>(protect(ctx, 0, [this](duk_context* inner) {
    push_host(inner);
    duk_get_prop_literal(inner, -1, "platform");
    library_ = duk_get_heapptr(inner, -1);
    duk_pop_2(inner);
  }));
  origin_ = js_->loop().now();
  attach();
}

void realm::attach() {
  call_function("attach", 1, [this](duk_context* ctx) { push_scope_info(ctx, *this); });
}

script_outcome realm::call(duk_context* ctx, duk_idx_t arguments) {
  auto outcome = js_->call(ctx, arguments);
  note(js_->heap().cause());
  if (outcome.error)
    note(outcome.error->stopped);
  return outcome;
}

void realm::note(stop_cause cause) {
  if (cause != stop_cause::none)
    stopped_ = cause;
}

event_loop::clock::duration realm::since_origin() const {
  return js_->loop().now() - origin_;
}

bool realm::is_secure() const {
  const auto parsed = url::parse(constructor_.script.url);
  return parsed && parsed->is_potentially_trustworthy();
}

bool realm::is_installed() const {
  if (constructor_.installed)
    return true;
  const auto is_self = [this](const worker_descriptor& x) { return x.id == constructor_.worker; };
  return is_self(registration_.waiting) || is_self(registration_.active);
}

// Receivers hold sources, and sources that die look into these tables.
realm::~realm() {
  const auto receivers = std::exchange(parent_streams_, {});
  const auto readers = std::exchange(child_streams_, {});
}

realm& realm::of(duk_context* ctx) {
  duk_push_global_stash(ctx);
  duk_get_prop_literal(ctx, -1, "realm");
  auto* self = static_cast<realm*>(duk_get_pointer(ctx, -1));
  duk_pop_2(ctx);
  return *self;
}

shared_bytes* realm::artifact_of(const std::string& url, const shared_bytes& source) {
  if (constructor_.artifacts == artifact_use::none)
    return nullptr;
  auto& known = artifacts_.try_emplace(url, script_source{url, source}).first->second;
  return known.bytes.data() == source.data() ? &known.artifact : nullptr;
}

void realm::push_function(duk_context* ctx, const char* name) const {
  duk_push_heapptr(ctx, library_);
  duk_get_prop_string(ctx, -1, name);
  duk_remove(ctx, -2);
}

bool realm::succeeded(const script_outcome& outcome) {
  if (outcome)
    return true;
  if (outcome.error->stopped == stop_cause::none)
    host_.uncaught(protocol_error(*outcome.error));
  return false;
}

js_result<uint32_t> realm::start_call(duk_context* ctx, service_request request,
                                      duk_idx_t callback) {
  if (calls_.size() >= constructor_.limits.call_count_max)
    return js_error::dom("QuotaExceededError", "too many calls of this worker are unanswered");
  handle kept = 0;
  auto stored = protect(ctx, 0, [&](duk_context* inner) {
    for (; !unused_handles_.empty(); unused_handles_.pop_back())
      handles_.drop(inner, unused_handles_.back());
    kept = handles_.keep(inner, callback);
  });
  if (!stored)
    return stored.error();
  const auto id = ++last_call_;
  calls_.emplace(id, kept);
  host_.call(call_id{id}, std::move(request));
  return id;
}

void realm::start_call(service_request request, std::function<void(service_result)> receiver) {
  const auto id = ++last_call_;
  receivers_.emplace(id, std::move(receiver));
  host_.call(call_id{id}, std::move(request));
}

void realm::abort_call(uint32_t id) {
  const auto at = calls_.find(id);
  if (at == calls_.end())
    return;
  const auto kept = at->second;
  calls_.erase(at);
  static_cast<void>(
      protect(js_->context(), 0, [&](duk_context* ctx) { handles_.drop(ctx, kept); }));
  host_.abort_call(call_id{id});
}

void realm::complete(call_id call, service_result result) {
  if (js_->heap().depth() > 0) {
    js_->loop().post([this, call, result = std::move(result)](engine&) mutable {
      complete(call, std::move(result));
    });
    return;
  }
  if (const auto native = receivers_.find(static_cast<uint32_t>(call));
      native != receivers_.end()) {
    const auto receiver = std::move(native->second);
    receivers_.erase(native);
    return receiver(std::move(result));
  }
  const auto at = calls_.find(static_cast<uint32_t>(call));
  if (at == calls_.end())
    return drop_result(*this, result);
  const auto kept = at->second;
  calls_.erase(at);
  auto* ctx = js_->context();
  const stack_guard guard{ctx};
  duk_idx_t arguments = 0;
  const auto pushed = protect(ctx, 5, [&](duk_context* inner) {
    handles_.push(inner, kept);
    handles_.drop(inner, kept);
    duk_push_undefined(inner);
    arguments = push_result(inner, *this, result);
    while (arguments < 3) {
      duk_push_undefined(inner);
      ++arguments;
    }
  });
  if (pushed)
    succeeded(this->call(ctx, arguments));
}

byte_source_ptr realm::open_parent_stream(stream_id id, int64_t length) {
  return std::make_shared<parent_source>(*this, id, length);
}

void realm::pull_parent(stream_id id, uint32_t bytes_max, chunk_receiver receiver) {
  parent_streams_[static_cast<uint64_t>(id)] = std::move(receiver);
  host_.pull(id, bytes_max);
}

void realm::forget_parent(stream_id id, bool cancel) {
  parent_streams_.erase(static_cast<uint64_t>(id));
  if (cancel)
    host_.cancel(id);
}

void realm::pulled(stream_id id, chunk_result chunk) {
  const auto at = parent_streams_.find(static_cast<uint64_t>(id));
  if (at == parent_streams_.end())
    return;
  auto receiver = std::move(at->second);
  parent_streams_.erase(at);
  receiver(std::move(chunk));
}

stream_id realm::add_child_stream(byte_source_ptr source) {
  const auto id = ++last_child_stream_;
  std::erase_if(pumps_, [](const auto& entry) { return entry.second.expired(); });
  child_streams_.emplace(id, std::move(source));
  return stream_id{id};
}

void realm::pull_from(stream_id id, uint32_t bytes_max) {
  const auto at = child_streams_.find(static_cast<uint64_t>(id));
  if (at == child_streams_.end())
    return host_.provide(id, fail(storage_error::body_failed, "there is no such stream"));
  const auto source = at->second;
  source->pull(std::clamp<uint32_t>(bytes_max, 1, wire::chunk_bytes_max),
               [this, id](chunk_result chunk) {
                 if (!chunk || chunk->last)
                   child_streams_.erase(static_cast<uint64_t>(id));
                 host_.provide(id, std::move(chunk));
               });
}

void realm::cancel_stream(stream_id id) {
  const auto at = child_streams_.find(static_cast<uint64_t>(id));
  if (at == child_streams_.end())
    return;
  const auto source = std::move(at->second);
  child_streams_.erase(at);
  source->cancel();
}

uint32_t realm::add_source(byte_source_ptr source) {
  sources_.emplace(++last_source_, std::move(source));
  return last_source_;
}

byte_source_ptr realm::source(uint32_t id) const {
  const auto at = sources_.find(id);
  return at == sources_.end() ? nullptr : at->second;
}

byte_source_ptr realm::take_source(uint32_t id) {
  auto taken = source(id);
  sources_.erase(id);
  return taken;
}

byte_source_ptr realm::pump(uint32_t id) const {
  const auto at = pumps_.find(id);
  return at == pumps_.end() ? nullptr : at->second.lock();
}

void realm::collect_forgotten_streams() {
  if (sources_.size() <= sources_at_collection_ + limits::unread_streams_max / 2)
    return;
  duk_gc(js_->context(), 0);
  sources_at_collection_ = sources_.size();
}

void realm::respond(event_id event, fetch_outcome outcome) {
  const auto at = events_.find(event);
  if (at == events_.end() || std::exchange(at->second.responded, true))
    return;
  host_.responded(event, std::move(outcome));
}

void realm::finish(event_id event, event_result result) {
  const auto at = events_.find(event);
  if (at == events_.end())
    return;
  if (at->second.is_fetch && !at->second.responded)
    respond(event, fetch_outcome::network_error("the event ended without an answer"));
  const auto ended = at->second;
  events_.erase(at);
  if (ended.has_object)
    static_cast<void>(
        protect(js_->context(), 0, [&](duk_context* ctx) { handles_.drop(ctx, ended.object); }));
  host_.finished(event, std::move(result));
}

void realm::fail_events(event_cause cause) {
  event_result result;
  result.status =
      cause == event_cause::time_limit ? event_status::timed_out : event_status::aborted;
  result.cause = cause;
  while (!events_.empty())
    finish(events_.begin()->first, result);
}

void realm::update(registration_descriptor registration) {
  if (registration.version < registration_.version)
    return;
  registration_ = std::move(registration);
  call_function("registrationChanged", 1,
                [this](duk_context* ctx) { push_registration(ctx, registration_); });
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "actors/script_thread.hpp"

#include <algorithm>
#include <optional>
#include <unordered_map>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/actor_support.hpp"
#include "actors/event_child.hpp"
#include "actors/payloads.hpp"
#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "protocol/idb_packing.hpp"

namespace offstage {

void script_control::attach(worker* engine) {
  const std::lock_guard lock{mutex_};
  engine_ = engine;
  if (engine_ != nullptr && interrupted_)
    engine_->interrupt();
}

bool script_control::is_stuck(clock::time_point now, std::chrono::milliseconds limit) const {
  const auto since = since_.load();
  return since != idle && now - clock::time_point{clock::duration{since}} > limit;
}

void script_control::interrupt() {
  const std::lock_guard lock{mutex_};
  interrupted_ = true;
  if (engine_ != nullptr)
    engine_->interrupt();
}

import_ticket::import_ticket(import_scripts request)
    : request_(std::move(request)), future_(promise_.get_future()) {}

void import_ticket::answer(caf::expected<service_result> result) {
  if (!answered_.exchange(true))
    promise_.set_value(std::move(result));
}

caf::expected<service_result> import_ticket::wait(std::chrono::seconds time_max) {
  if (future_.wait_for(time_max) != std::future_status::ready)
    return fail(worker_error::event_timed_out, "importScripts took too long");
  return future_.get();
}

namespace {

class script_thread final : public script_thread_actor::base, private worker_host {
public:
  script_thread(caf::actor_config& config, script_thread_arguments arguments)
      : script_thread_actor::base(config), arguments_(std::move(arguments)) {}

  const char* name() const override { return "script_thread"; }

  script_thread_actor::behavior_type make_behavior() override;
  void on_exit() override;

private:
  using chunk_promise = caf::typed_response_promise<body_chunk>;

  steady_time now() const { return clock().now(); }

  // Towards the worker.
  void dispatch(event_id id, worker_event event);
  void abort_event(event_id id);
  caf::result<body_chunk> pull_child(stream_id stream, uint32_t bytes_max);
  void cancel_child(stream_id stream);
  void update(registration_descriptor registration);
  void notify(service_notice notice);
  void tick();
  void arm_timer();
  template <class F>
  void with_worker(F call_worker);

  // From the worker.
  void entered(event_id event) override;
  void responded(event_id event, fetch_outcome outcome) override;
  void finished(event_id event, event_result result) override;
  void call(call_id call, service_request request) override;
  void abort_call(call_id call) override;
  caf::expected<service_result> import_now(import_scripts request) override;
  void pull(stream_id parent_stream, uint32_t bytes_max) override;
  void cancel(stream_id parent_stream) override;
  void provide(stream_id child_stream, caf::expected<body_chunk> chunk) override;
  void keep(script_artifact artifact) override;
  void console(console_message message) override;
  void uncaught(script_error error) override;

  void note_news(event_id id, event_child& event);
  void tell_news();
  void forget(event_id id);
  void tell(event_id id, event_child::news news);
  template <class... Ts>
  void tell_parent(Ts&&... message);

  std::optional<script_sources> known_scripts(const import_scripts& request) const;
  void tidy_if_idle();
  caf::expected<service_result> import_from_parent(import_scripts request);
  using link_direction = caf::expected<shared_bytes> (byte_link::*)(shared_bytes);
  template <class T>
  caf::error convert(T& message, link_direction direction);
  template <class T>
  caf::error outgoing(T& message);
  template <class T>
  caf::error incoming(T& message);

  script_thread_arguments arguments_;
  std::unique_ptr<worker> worker_;
  std::unordered_map<event_id, event_child> events_;
  std::vector<event_id> with_news_; ///< In the order in which they got some.
  std::unordered_map<stream_id, chunk_promise> pulls_;
  std::optional<steady_time> armed_;
  bool tidy_armed_ = false;
};

script_thread_actor::behavior_type script_thread::make_behavior() {
  worker_ = arguments_.factory(arguments_.constructor, *this);
  arguments_.control->attach(worker_.get());
  return {
      [this](dispatch_atom, event_id id, worker_event& event) { dispatch(id, std::move(event)); },
      [this](abort_atom, event_id id) { abort_event(id); },
      [this](pull_atom, stream_id stream, uint32_t bytes_max) {
        return pull_child(stream, bytes_max);
      },
      [this](cancel_atom, stream_id stream) { cancel_child(stream); },
      [this](update_atom, registration_descriptor& registration) {
        update(std::move(registration));
      },
      [this](notify_atom, service_notice& notice) { notify(std::move(notice)); },
      [this](tick_atom) { tick(); },
      [this](idle_atom) { tidy_if_idle(); },
  };
}

void script_thread::on_exit() {
  arguments_.control->attach(nullptr);
  worker_.reset();
  arguments_.parent = instance_parent_actor{};
  arguments_.owner = script_owner_actor{};
  pulls_.clear();
}

// -- Payloads
// -------------------------------------------------------------------------------------

// The direction is a member of byte_link.
template <class T>
caf::error script_thread::convert(T& message, link_direction direction) {
  caf::error error;
  const auto convert_bytes = [&](shared_bytes& bytes) {
    auto converted = (arguments_.link.get()->*direction)(std::move(bytes));
    if (converted)
      bytes = std::move(*converted);
    else
      error = std::move(converted.error());
    return static_cast<bool>(converted);
  };
  auto visit_one = [&]<class Payload>(Payload& payload) {
    if constexpr (std::is_same_v<Payload, body>)
      return payload.kind != body_kind::inline_bytes || convert_bytes(payload.bytes);
    else
      return convert_bytes(payload);
  };
  each_payload(message, visit_one);
  return error;
}

template <class T>
caf::error script_thread::outgoing(T& message) {
  return convert(message, &byte_link::outgoing);
}

template <class T>
caf::error script_thread::incoming(T& message) {
  return convert(message, &byte_link::incoming);
}

// -- Towards the worker
// ---------------------------------------------------------------------------

template <class F>
void script_thread::with_worker(F call_worker) {
  if (!worker_ || arguments_.control->is_interrupted())
    return;
  arguments_.control->enter(now());
  call_worker(*worker_);
  arguments_.control->leave();
  tell_news();
  if (worker_->is_stopped())
    quit(fail(worker_error::worker_terminated, "its script was stopped"));
  else
    arm_timer();
}

void script_thread::dispatch(event_id id, worker_event event) {
  if (auto error = incoming(event)) {
    quit(std::move(error));
    return;
  }
  events_.insert_or_assign(id, event_child{caf::holds_alternative<fetch_event>(event)});
  with_worker([&](worker& engine) { engine.dispatch(id, std::move(event)); });
}

void script_thread::abort_event(event_id id) {
  if (events_.contains(id))
    with_worker([&](worker& engine) { engine.abort(id); });
}

caf::result<body_chunk> script_thread::pull_child(stream_id stream, uint32_t bytes_max) {
  if (pulls_.contains(stream))
    return fail(storage_error::body_failed, "a pull is outstanding");
  auto promise = make_response_promise<body_chunk>();
  pulls_.emplace(stream, promise);
  with_worker([&](worker& engine) { engine.pull_from(stream, bytes_max); });
  return promise;
}

void script_thread::cancel_child(stream_id stream) {
  pulls_.erase(stream);
  with_worker([&](worker& engine) { engine.cancel_stream(stream); });
}

void script_thread::update(registration_descriptor registration) {
  with_worker([&](worker& engine) { engine.update(std::move(registration)); });
}

void script_thread::notify(service_notice notice) {
  with_worker([&](worker& engine) { engine.notify(std::move(notice)); });
}

void script_thread::tick() {
  if (armed_ && *armed_ <= now())
    armed_.reset();
  with_worker([&](worker& engine) {
    if (const auto due = engine.next_timer(); due && *due <= now())
      engine.run_timers(now());
  });
}

// A tick may come for a timer that was cleared: then the worker has nothing to do.
void script_thread::arm_timer() {
  if (!worker_)
    return;
  const auto due = worker_->next_timer();
  if (!due || (armed_ && *armed_ <= *due))
    return;
  armed_ = due;
  const auto delay = std::max(*due - now(), steady_time::duration::zero());
  delayed_send(this, delay, tick_atom_v);
}

// -- From the worker
// ------------------------------------------------------------------------------

// What a script does stays in its process until something is sent. So the news of its events may
// wait for the end of the turn or for the first message of another kind, whichever is first: a
// process that dies before has done nothing that a fresh one must not do again.

void script_thread::note_news(event_id id, event_child& event) {
  if (!std::exchange(event.is_listed, true))
    with_news_.push_back(id);
}

void script_thread::tell_news() {
  for (const auto id : std::exchange(with_news_, {})) {
    const auto found = events_.find(id);
    if (found == events_.end())
      continue;
    found->second.is_listed = false;
    auto news = std::exchange(found->second.untold, {});
    if (news.result)
      forget(found->first);
    tell(id, std::move(news));
  }
}

void script_thread::forget(event_id id) {
  events_.erase(id);
  if (events_.empty() && !std::exchange(tidy_armed_, true))
    delayed_send(this, limits::tidy_delay, idle_atom_v);
}

void script_thread::tell(event_id id, event_child::news news) {
  if (news.outcome && news.result)
    send(arguments_.parent, finish_atom_v, id, std::move(*news.outcome), std::move(*news.result));
  else if (news.result)
    send(arguments_.parent, finish_atom_v, id, std::move(*news.result));
  else if (news.outcome)
    send(arguments_.parent, respond_atom_v, id, std::move(*news.outcome));
  else
    send(arguments_.parent, enter_atom_v, id);
}

template <class... Ts>
void script_thread::tell_parent(Ts&&... message) {
  tell_news();
  send(arguments_.parent, std::forward<Ts>(message)...);
}

void script_thread::entered(event_id event) {
  const auto found = events_.find(event);
  if (found != events_.end() && found->second.enter())
    note_news(event, found->second);
}

void script_thread::responded(event_id event, fetch_outcome outcome) {
  const auto found = events_.find(event);
  if (found == events_.end() || !found->second.respond())
    return;
  if (auto error = outgoing(outcome))
    outcome = fetch_outcome::network_error(describe(error));
  found->second.untold.outcome = std::move(outcome);
  note_news(event, found->second);
}

void script_thread::finished(event_id event, event_result result) {
  const auto found = events_.find(event);
  if (found == events_.end() || found->second.untold.result)
    return;
  if (found->second.lacks_outcome())
    responded(event, fetch_outcome::network_error("the event ended without a response"));
  found->second.untold.result = std::move(result);
  note_news(event, found->second);
}

void script_thread::tidy_if_idle() {
  tidy_armed_ = false;
  if (events_.empty())
    with_worker([](worker& engine) { engine.tidy(); });
}

// The parent answers every call in time or dies, and with it this actor.
void script_thread::call(call_id call, service_request request) {
  const auto complete = [=, this](service_result result) {
    if (auto error = incoming(result))
      result = call_failure{"UnknownError", describe(error)};
    auto* database = caf::get_if<idb_answer>(&result);
    if (database != nullptr && !unpack_records(database->result))
      result = call_failure{"UnknownError", "an answer of the storage is damaged"};
    with_worker([&](worker& engine) { engine.complete(call, std::move(result)); });
  };
  if (auto error = outgoing(request)) {
    complete(call_failure{"UnknownError", describe(error)});
    return;
  }
  tell_news();
  this->request(arguments_.parent, watched_by_sender(), call_atom_v, call, std::move(request))
      .then([=](service_result& result) { complete(std::move(result)); },
            [=](const caf::error& error) {
              complete(call_failure{"UnknownError", describe(error)});
            });
}

void script_thread::abort_call(call_id call) {
  tell_parent(abort_atom_v, call);
}

void script_thread::pull(stream_id parent_stream, uint32_t bytes_max) {
  const auto hand_over = [=, this](caf::expected<body_chunk> chunk) {
    if (chunk)
      if (auto error = incoming(*chunk))
        chunk = std::move(error);
    with_worker([&](worker& engine) { engine.pulled(parent_stream, std::move(chunk)); });
  };
  tell_news();
  request(arguments_.parent, watched_by_sender(), pull_atom_v, parent_stream, bytes_max)
      .then([=](body_chunk& chunk) { hand_over(std::move(chunk)); },
            [=](caf::error& error) { hand_over(std::move(error)); });
}

void script_thread::cancel(stream_id parent_stream) {
  tell_parent(cancel_atom_v, parent_stream);
}

void script_thread::provide(stream_id child_stream, caf::expected<body_chunk> chunk) {
  const auto found = pulls_.find(child_stream);
  if (found == pulls_.end())
    return;
  auto promise = std::move(found->second);
  pulls_.erase(found);
  tell_news();
  if (chunk)
    if (auto error = outgoing(*chunk))
      chunk = std::move(error);
  if (chunk)
    promise.deliver(std::move(*chunk));
  else
    promise.deliver(std::move(chunk.error()));
}

// An artifact that cannot be sent is made again at the next start.
void script_thread::keep(script_artifact artifact) {
  if (!outgoing(artifact))
    send(arguments_.parent, store_atom_v, std::move(artifact));
}

void script_thread::console(console_message message) {
  if (message.text.size() > limits::console_text_bytes_max)
    message.text.resize(limits::console_text_bytes_max);
  tell_parent(console_atom_v, std::move(message));
}

void script_thread::uncaught(script_error error) {
  tell_parent(report_atom_v, std::move(error));
}

// -- importScripts
// --------------------------------------------------------------------------------

std::optional<script_sources> script_thread::known_scripts(const import_scripts& request) const {
  const auto& imports = arguments_.constructor.imports;
  script_sources result;
  for (const auto& url : request.urls) {
    const auto same = [&](const script_source& script) { return script.url == url; };
    const auto found = std::ranges::find_if(imports, same);
    if (found == imports.end())
      return std::nullopt;
    result.scripts.push_back(*found);
  }
  return result;
}

caf::expected<service_result> script_thread::import_now(import_scripts request) {
  if (auto known = known_scripts(request))
    return service_result{std::move(*known)};
  if (arguments_.constructor.installed)
    return service_result{call_failure{"NetworkError", "the script was not imported before"}};
  return import_from_parent(std::move(request));
}

// The one place where a thread of the house waits for an actor: the script asked for it, and the
// thread is its own. instance_child answers the ticket, also when it ends.
caf::expected<service_result> script_thread::import_from_parent(import_scripts request) {
  tell_news();
  const auto ticket = std::make_shared<import_ticket>(std::move(request));
  send(arguments_.owner, call_atom_v, ticket);
  arguments_.control->leave();
  auto answer = ticket->wait(limits::import_time_max);
  arguments_.control->enter(now());
  if (answer)
    if (auto error = incoming(*answer))
      return error;
  return answer;
}

} // namespace

script_thread_actor spawn_script_thread(caf::actor_system& system,
                                        script_thread_arguments arguments, script_threads threads) {
  if (threads == script_threads::detached)
    return system.spawn<script_thread, caf::detached>(std::move(arguments));
  return system.spawn<script_thread>(std::move(arguments));
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "actors/instance_parent.hpp"

#include <set>
#include <unordered_map>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/actor_support.hpp"
#include "actors/instance_streams.hpp"
#include "actors/service_calls.hpp"
#include "protocol/errors.hpp"
#include "protocol/idb_packing.hpp"

#include <unistd.h>

namespace offstage {

namespace {

class instance_parent final : public instance_parent_actor::base {
public:
  instance_parent(caf::actor_config& config, instance_parent_arguments arguments)
      : instance_parent_actor::base(config),
        arguments_(std::move(arguments)),
        streams_(this, arguments_.process.link, options().instance.stream_count_max),
        calls_(make_call_context()) {}

  const char* name() const override { return "instance_parent"; }

  instance_parent_actor::behavior_type make_behavior() override;
  void on_exit() override;

private:
  struct event_entry {
    event_sink_actor sink;
    bool is_fetch = false;
    bool entered = false;
    bool responded = false;
  };

  const actor_options& options() const { return *arguments_.services.options; }
  steady_time now() const { return clock().now(); }
  service_calls::context make_call_context();
  bool is_elsewhere() const { return arguments_.process.link->pid() != ::getpid(); }

  // Start and end.
  void start();
  void started(const instance_child_actor& child);
  void terminate();
  void tick();
  void wake_after(std::chrono::milliseconds delay);
  void peer_down(const caf::down_msg& down);
  void drop_child(const std::string& why);
  void end(caf::error reason) { quit(std::move(reason)); }

  // From the child.
  event_entry* event_of_child(event_id id);
  void enter(event_id id);
  void respond(event_id id, fetch_outcome outcome);
  void finish(event_id id, event_result result);
  void finish(event_id id, fetch_outcome outcome, event_result result);
  static void bound(event_result& result);
  service_calls::promise call(call_id id, service_request request);
  void abort_call(call_id id);
  caf::result<body_chunk> pull(stream_id stream, uint32_t bytes_max);
  void cancel(stream_id stream);
  bool may_speak();
  void console(console_message message);
  void report(script_error error);
  void keep(script_artifact artifact);
  bool refuses(const caf::error& error);
  void progress() { last_progress_ = now(); }

  // From the parent.
  void dispatch(event_id id, worker_event event, event_sink_actor sink);
  static event_result too_many_streams();
  void abort_event(event_id id);
  caf::result<body_chunk> provide(stream_id stream, uint32_t bytes_max);
  void cancel_child_stream(stream_id stream);
  void update(registration_descriptor registration);
  void notify(service_notice notice);
  caf::result<instance_load> load();
  void note(note_kind kind, std::string text, console_message message, script_error error);

  instance_parent_arguments arguments_;
  instance_child_actor child_;
  bool stopping_ = false;
  steady_time kill_at_;
  std::unordered_map<event_id, event_entry> events_;
  event_id last_event_{0};
  steady_time last_progress_;
  bool armed_ = false;
  instance_streams streams_;
  service_calls calls_;
  bool wants_artifacts_ = false;
  std::set<std::string> kept_; ///< URLs of scripts whose artifact came.
  steady_time console_second_;
  uint32_t console_lines_ = 0;
};

instance_parent_actor::behavior_type instance_parent::make_behavior() {
  set_down_handler([this](caf::down_msg& down) { peer_down(down); });
  start();
  return {
      [this](enter_atom, event_id id) { enter(id); },
      [this](respond_atom, event_id id, fetch_outcome& outcome) {
        respond(id, std::move(outcome));
      },
      [this](finish_atom, event_id id, event_result& result) { finish(id, std::move(result)); },
      [this](finish_atom, event_id id, fetch_outcome& outcome, event_result& result) {
        finish(id, std::move(outcome), std::move(result));
      },
      [this](call_atom, call_id id, service_request& request) {
        return call(id, std::move(request));
      },
      [this](abort_atom, call_id id) { abort_call(id); },
      [this](pull_atom, stream_id stream, uint32_t bytes_max) { return pull(stream, bytes_max); },
      [this](cancel_atom, stream_id stream) { cancel(stream); },
      [this](console_atom, console_message& message) { console(std::move(message)); },
      [this](report_atom, script_error& error) { report(std::move(error)); },
      [this](store_atom, script_artifact& artifact) { keep(std::move(artifact)); },
      [this](dispatch_atom, event_id id, worker_event& event, event_sink_actor& sink) {
        dispatch(id, std::move(event), std::move(sink));
      },
      [this](abort_atom, event_id id) { abort_event(id); },
      [this](provide_atom, stream_id stream, uint32_t bytes_max) {
        return provide(stream, bytes_max);
      },
      [this](provide_atom, stream_id stream) { cancel_child_stream(stream); },
      [this](update_atom, registration_descriptor& registration) {
        update(std::move(registration));
      },
      [this](notify_atom, service_notice& notice) { notify(std::move(notice)); },
      [this](idle_atom) { return load(); },
      [this](terminate_atom) { terminate(); },
      [this](tick_atom) { tick(); },
  };
}

void instance_parent::on_exit() {
  calls_.close();
  arguments_.process.link->revoke(id());
  if (child_)
    anon_send(child_, terminate_atom_v);
  child_ = instance_child_actor{};
  arguments_.process.root = worker_process_actor{};
}

service_calls::context instance_parent::make_call_context() {
  service_calls::context context;
  context.self = this;
  context.services = arguments_.services;
  context.owner = arguments_.owner;
  context.worker = arguments_.constructor.worker;
  context.key = arguments_.constructor.key;
  context.scope = arguments_.constructor.scope;
  context.main_url = arguments_.constructor.script.url;
  context.type = arguments_.constructor.type;
  context.scripts = arguments_.constructor.imports;
  context.convert = [this](service_result& result) {
    auto* database = caf::get_if<idb_answer>(&result);
    if (database != nullptr && is_elsewhere())
      pack_records(database->result);
    return streams_.to_child(result);
  };
  return context;
}

// -- Start and end
// --------------------------------------------------------------------------------

void instance_parent::start() {
  last_progress_ = now();
  wants_artifacts_ = arguments_.constructor.artifacts == artifact_use::both_ways;
  if (arguments_.constructor.installed)
    calls_.close_imports();
  arguments_.process.link->allow(id());
  send(arguments_.services.shared.storage, run_atom_v, arguments_.constructor.key);
  monitor(arguments_.process.root);
  auto constructor = std::move(arguments_.constructor);
  if (auto error = streams_.to_child(constructor)) {
    end(std::move(error));
    return;
  }
  arguments_.constructor = {};
  arguments_.constructor.registration = constructor.registration;
  arguments_.constructor.worker = constructor.worker;
  request(arguments_.process.root, options().start_time_max, spawn_atom_v, std::move(constructor),
          instance_parent_actor{this})
      .then([this](const instance_child_actor& child) { started(child); },
            [this](caf::error& error) { drop_child(describe(error)); });
}

void instance_parent::started(const instance_child_actor& child) {
  child_ = child;
  monitor(child_);
  if (stopping_)
    send(child_, terminate_atom_v);
  send(arguments_.owner, start_atom_v);
}

void instance_parent::terminate() {
  if (!is_local_sender(*this) || stopping_)
    return;
  stopping_ = true;
  kill_at_ = now() + options().stop_time_max;
  if (child_)
    send(child_, terminate_atom_v);
  delayed_send(this, options().stop_time_max, tick_atom_v);
}

void instance_parent::wake_after(std::chrono::milliseconds delay) {
  if (armed_)
    return;
  armed_ = true;
  delayed_send(this, delay, tick_atom_v);
}

// The child interrupts a script that does not return in time. If it does not, because its process
// hangs or lies, events stop entering: then the process is killed.
void instance_parent::tick() {
  if (!is_local_sender(*this))
    return;
  armed_ = false;
  const auto time = now();
  if (stopping_ && time >= kill_at_) {
    drop_child("it did not end when asked to");
    return;
  }
  calls_.expire(time);
  const auto limit =
      std::chrono::milliseconds{options().instance.execution_ms_max} + limits::execution_kill_grace;
  const auto waits = [](const auto& item) { return !item.second.entered; };
  if (time - last_progress_ >= limit && std::ranges::any_of(events_, waits)) {
    drop_child("its script did not return");
    return;
  }
  if (!events_.empty() || calls_.size() > 0)
    wake_after(limit);
}

void instance_parent::peer_down(const caf::down_msg& down) {
  if (streams_.source_down(down.source))
    return;
  const auto is_child = child_ && down.source == child_.address();
  const auto is_root = arguments_.process.root && down.source == arguments_.process.root.address();
  if (!is_child && !is_root)
    return;
  if (is_child)
    child_ = instance_child_actor{};
  if (stopping_)
    end(caf::exit_reason::user_shutdown);
  else
    end(fail(worker_error::worker_terminated, describe(down.reason)));
}

void instance_parent::drop_child(const std::string& why) {
  arguments_.process.link->kill();
  end(fail(worker_error::worker_terminated, why));
}

// -- From the child
// -------------------------------------------------------------------------------

bool instance_parent::refuses(const caf::error& error) {
  if (error)
    drop_child(describe(error));
  return static_cast<bool>(error);
}

// An event that was given up here (timed out, instance terminated) may still be spoken of; one that
// was never dispatched may not.
instance_parent::event_entry* instance_parent::event_of_child(event_id id) {
  progress();
  const auto found = events_.find(id);
  if (found != events_.end())
    return &found->second;
  if (id > last_event_)
    drop_child("it spoke of an event that it was never given");
  return nullptr;
}

void instance_parent::enter(event_id id) {
  auto* entry = event_of_child(id);
  if (entry == nullptr || std::exchange(entry->entered, true))
    return;
  send(entry->sink, enter_atom_v);
}

void instance_parent::respond(event_id id, fetch_outcome outcome) {
  auto* entry = event_of_child(id);
  if (entry == nullptr)
    return;
  if (!entry->is_fetch || std::exchange(entry->responded, true)) {
    drop_child("it answered an event that takes no answer");
    return;
  }
  entry->entered = true;
  if (!refuses(streams_.from_child(outcome)))
    send(entry->sink, respond_atom_v, std::move(outcome));
}

void instance_parent::finish(event_id id, event_result result) {
  auto* entry = event_of_child(id);
  if (entry == nullptr)
    return;
  if (entry->is_fetch && !entry->responded) {
    drop_child("it finished a fetch event without an outcome");
    return;
  }
  bound(result);
  send(entry->sink, finish_atom_v, std::move(result));
  events_.erase(id);
}

void instance_parent::finish(event_id id, fetch_outcome outcome, event_result result) {
  auto* entry = event_of_child(id);
  if (entry == nullptr)
    return;
  if (!entry->is_fetch || entry->responded) {
    drop_child("it answered an event that takes no answer");
    return;
  }
  if (refuses(streams_.from_child(outcome)))
    return;
  bound(result);
  send(entry->sink, finish_atom_v, std::move(outcome), std::move(result));
  events_.erase(id);
}

/// A child can only say that an event was completed or rejected, and by whom.
void instance_parent::bound(event_result& result) {
  if (result.status == event_status::completed) {
    result.cause = event_cause::none;
    return;
  }
  result.status = event_status::rejected;
  if (result.cause != event_cause::script_threw)
    result.cause = event_cause::promise_rejected;
}

service_calls::promise instance_parent::call(call_id id, service_request request) {
  progress();
  if (calls_.is_open(id) || calls_.is_full(request, options().instance.call_count_max)) {
    drop_child("it made a call too many");
    return {};
  }
  if (auto error = streams_.from_child(request)) {
    drop_child(describe(error));
    return {};
  }
  wake_after(std::chrono::milliseconds{options().instance.execution_ms_max});
  return calls_.start(id, std::move(request));
}

void instance_parent::abort_call(call_id id) {
  calls_.abort(id);
}

caf::result<body_chunk> instance_parent::pull(stream_id stream, uint32_t bytes_max) {
  progress();
  if (auto promise = streams_.pull(stream, bytes_max))
    return *promise;
  drop_child("it pulled a stream twice at once");
  return fail(node_error::limit_exceeded);
}

void instance_parent::cancel(stream_id stream) {
  streams_.cancel(stream);
}

bool instance_parent::may_speak() {
  if (now() - console_second_ >= std::chrono::seconds{1}) {
    console_second_ = now();
    console_lines_ = 0;
  }
  return ++console_lines_ <= limits::console_lines_per_s_max;
}

void instance_parent::console(console_message message) {
  if (!may_speak())
    return;
  if (message.text.size() > limits::console_text_bytes_max)
    message.text.resize(limits::console_text_bytes_max);
  note(note_kind::console, {}, std::move(message), {});
}

void instance_parent::report(script_error error) {
  if (may_speak())
    note(note_kind::uncaught, {}, {}, std::move(error));
}

// Only of scripts that are its own, and of each once: a child that sends more gains nothing by it.
void instance_parent::keep(script_artifact artifact) {
  if (refuses(streams_.from_child(artifact)))
    return;
  if (artifact.bytes.size() > limits::artifact_bytes_max || !wants_artifacts_
      || !calls_.has_script(artifact.url)) {
    drop_child("it sent an artifact that nobody wants");
    return;
  }
  if (kept_.insert(artifact.url).second)
    send(arguments_.owner, store_atom_v, std::move(artifact));
}

void instance_parent::note(note_kind kind, std::string text, console_message message,
                           script_error error) {
  lifecycle_note result;
  result.kind = kind;
  result.registration = arguments_.constructor.registration;
  result.worker.id = arguments_.constructor.worker;
  result.pid = arguments_.process.link->pid();
  result.text = std::move(text);
  result.message = std::move(message);
  result.error = std::move(error);
  send(arguments_.services.notes, note_atom_v, std::move(result));
}

// -- From the parent
// ------------------------------------------------------------------------------

void instance_parent::dispatch(event_id id, worker_event event, event_sink_actor sink) {
  if (!is_local_sender(*this) || !child_)
    return;
  if (events_.empty())
    progress();
  last_event_ = std::max(last_event_, id);
  event_entry entry;
  entry.sink = std::move(sink);
  entry.is_fetch = caf::holds_alternative<fetch_event>(event);
  if (auto error = streams_.to_child(event)) {
    send(entry.sink, finish_atom_v, too_many_streams());
    return;
  }
  events_.insert_or_assign(id, std::move(entry));
  wake_after(std::chrono::milliseconds{options().instance.execution_ms_max});
  send(child_, dispatch_atom_v, id, std::move(event));
}

event_result instance_parent::too_many_streams() {
  event_result result;
  result.status = event_status::aborted;
  result.cause = event_cause::overload;
  return result;
}

void instance_parent::abort_event(event_id id) {
  if (is_local_sender(*this) && child_ && events_.contains(id))
    send(child_, abort_atom_v, id);
}

caf::result<body_chunk> instance_parent::provide(stream_id stream, uint32_t bytes_max) {
  if (!is_local_sender(*this))
    return fail(node_error::limit_exceeded);
  return streams_.provide(child_, stream, bytes_max);
}

void instance_parent::cancel_child_stream(stream_id stream) {
  if (is_local_sender(*this))
    streams_.cancel_child_stream(child_, stream);
}

void instance_parent::update(registration_descriptor registration) {
  if (!is_local_sender(*this))
    return;
  if (registration.installing.id != arguments_.constructor.worker)
    calls_.close_imports();
  arguments_.constructor.registration = registration;
  if (child_)
    send(child_, update_atom_v, std::move(registration));
}

void instance_parent::notify(service_notice notice) {
  if (is_local_sender(*this) && child_)
    send(child_, notify_atom_v, std::move(notice));
}

caf::result<instance_load> instance_parent::load() {
  instance_load result;
  result.events = static_cast<uint32_t>(events_.size());
  result.calls = static_cast<uint32_t>(calls_.size());
  result.streams = static_cast<uint32_t>(streams_.size());
  return result;
}

} // namespace

instance_parent_actor spawn_instance_parent(caf::actor_system& system,
                                            instance_parent_arguments arguments) {
  return system.spawn<instance_parent>(std::move(arguments));
}

} // namespace offstage

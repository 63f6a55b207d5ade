// SPDX-License-Identifier: MIT
#pragma once

// What actors need of a JavaScript engine, and what an engine needs of its surroundings. A worker
// belongs to one script thread: every member is called there, except interrupt(). It never blocks,
// but for the script itself and for importScripts(); it makes progress only when it is called, so a
// test may drive it by hand.
//
// Death: destroying a worker drops its events and calls without a word; who owns it has to settle
// them.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <caf/expected.hpp>

#include "protocol/body.hpp"
#include "protocol/events.hpp"
#include "protocol/instance.hpp"
#include "protocol/outcomes.hpp"
#include "protocol/service.hpp"

namespace offstage {

/// The surroundings of a worker, implemented by instance_child's script thread. Called on the
/// script thread only.
class worker_host {
public:
  virtual ~worker_host() = default;

  /// The next thing that runs is the script's handler for this event. Called once per event, before
  /// it.
  virtual void entered(event_id event) = 0;

  /// respondWith() settled, or the dispatch ended without it. Once per fetch event, always before
  /// finished().
  virtual void responded(event_id event, fetch_outcome outcome) = 0;

  /// Everything that extended the event has settled. Once per event.
  virtual void finished(event_id event, event_result result) = 0;

  /// Asks the parent; the answer comes with worker::complete().
  virtual void call(call_id call, service_request request) = 0;

  /// The script lost interest (AbortSignal); an answer may still come and is ignored.
  virtual void abort_call(call_id call) = 0;

  /// Blocks until the parent has fetched or refused the scripts. One source per URL, in order.
  virtual caf::expected<service_result> import_now(import_scripts request) = 0;

  /// Pulls from a stream of the parent; the answer comes with worker::pulled(). One outstanding
  /// pull per stream.
  virtual void pull(stream_id parent_stream, uint32_t bytes_max) = 0;
  virtual void cancel(stream_id parent_stream) = 0;

  /// Answers worker::pull_from() of a stream that this worker produces. An error ends the stream.
  virtual void provide(stream_id child_stream, caf::expected<body_chunk> chunk) = 0;

  /// What the engine made of a script for the next start. Only if the constructor wants it.
  virtual void keep(script_artifact) {}

  virtual void console(console_message message) = 0;

  /// An exception or rejection that nobody caught.
  virtual void uncaught(script_error error) = 0;
};

class worker {
public:
  using clock = std::chrono::steady_clock;

  virtual ~worker() = default;

  /// Starts one event. evaluate_script comes first and only once; events may overlap.
  virtual void dispatch(event_id event, worker_event event_data) = 0;

  /// The client of a fetch event went away: its request's signal is aborted.
  virtual void abort(event_id event) = 0;

  virtual void complete(call_id call, service_result result) = 0;

  /// What a service tells without being asked. It may be about something that is over already.
  virtual void notify(service_notice) {}

  virtual void pulled(stream_id parent_stream, caf::expected<body_chunk> chunk) = 0;

  /// The parent can take so many bytes of a stream of this worker; answered by
  /// worker_host::provide().
  virtual void pull_from(stream_id child_stream, uint32_t bytes_max) = 0;
  virtual void cancel_stream(stream_id child_stream) = 0;

  /// The registration changed; objects that the script holds follow.
  virtual void update(registration_descriptor registration) = 0;

  /// When run_timers() has something to do; nothing while no timer is set.
  virtual std::optional<clock::time_point> next_timer() const = 0;
  virtual void run_timers(clock::time_point now) = 0;

  /// Nothing has happened for a while: gives back memory that nobody needs.
  virtual void tidy() {}

  /// Script ran into a limit and was stopped: everything open was settled, nothing runs any more.
  /// Who owns the worker replaces it.
  virtual bool is_stopped() const { return false; }

  /// From any thread: running script ends with an exception that it cannot catch for good; the
  /// worker is unusable.
  virtual void interrupt() noexcept = 0;
};

/// Makes the worker of one instance. The host outlives the worker.
using worker_factory = std::function<std::unique_ptr<worker>(
    const instance_constructor& constructor, worker_host& host)>;

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Offstage as a library: registers service workers and dispatches events to them, in this process
// or in worker processes of its own. Results come as futures; who speaks actors takes the typed
// handles instead. Thread-safe. The destructor drains: running events finish within the limit,
// worker processes end, storage is flushed.
//
// With child processes the library executes the installed `offstage` program for each of them
// (host_options::worker_program).

#include <functional>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include "config/options.hpp"
#include "protocol/actors.hpp"
#include "runtime/clone_of_json.hpp"

namespace offstage {

struct host_options {
  /// Registrations, scripts and caches are kept here. One host at a time.
  std::string data_dir;

  /// in_process runs scripts on threads of this process: no isolation, nothing to install.
  spawn_strategy strategy = spawn_strategy::in_process;

  /// The `offstage` program, for every strategy but in_process.
  std::string worker_program;

  /// Origins whose URLs are fetched from somewhere else: a URL or a directory.
  struct site {
    std::string origin;
    std::string upstream;
    bool persistent = false; ///< What its workers store is never evicted.
  };
  std::vector<site> sites;

  uint64_t worker_heap_bytes = limits::heap_bytes_max;
  uint64_t quota_bytes = limits::quota_bytes_default;
  uint64_t budget_bytes = limits::storage_budget_bytes_default;

  /// The node's log and the workers' consoles. Called from any thread.
  std::function<void(log_level, std::string_view)> log;
};

/// Carries the error of a failed call through a future.
class host_error : public std::runtime_error {
public:
  explicit host_error(const caf::error& error);

  const caf::error& code() const { return code_; }

private:
  caf::error code_;
};

class host {
public:
  /// Errors: storage_error::{io_failed, closed}, node_error::bad_configuration.
  static caf::expected<std::unique_ptr<host>> start(host_options options);
  ~host();
  host(const host&) = delete;
  host& operator=(const host&) = delete;

  /// Fulfilled once the worker is installing, as navigator.serviceWorker.register() is.
  std::future<registration_descriptor> register_worker(registration_request request);

  /// Fulfilled once a worker of the scope is activated.
  std::future<registration_descriptor> ready(storage_key key, std::string scope);

  std::future<bool> unregister(storage_key key, std::string scope);

  /// What the registered worker makes of a request. fall_back: nobody handles it.
  std::future<fetch_outcome> fetch(fetch_request request);

  /// Sends a message as ServiceWorker.postMessage() does; fulfilled when the event finished.
  std::future<event_result> post_message(storage_key key, std::string scope,
                                         structured_clone message);

  /// The whole of a body, up to a limit; for callers that do not stream.
  std::future<shared_bytes> read(body content, size_t bytes_max = size_t{64} << 20);

  /// For actors: the same doors, as typed handles.
  caf::actor_system& system();
  const service_worker_manager_actor& manager() const;
  const clients_actor& clients() const;

  /// For start(), which alone can make the argument.
  struct parts;
  explicit host(std::unique_ptr<parts> implementation);

private:
  std::unique_ptr<parts> parts_;
};

} // namespace offstage

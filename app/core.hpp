// SPDX-License-Identifier: MIT
#pragma once

// A node without its gateway: the actor system and every service, wired. `offstage serve` puts a
// gateway in front of it, the embedded library calls it directly. Owned by whoever starts it; its
// destructor drains, ends every worker process and closes the storage. The one place, with
// serve.cpp and host.cpp, where the siblings meet.

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/expected.hpp>

#include "config/options.hpp"
#include "protocol/actors.hpp"

namespace offstage {

class process_source;

/// An origin and where it really is.
struct core_site {
  std::string origin;
  std::string upstream;    ///< An http(s) URL or a directory.
  bool persistent = false; ///< What its workers store is never evicted.
};

struct core_options {
  std::string data_dir;
  spawn_strategy strategy = spawn_strategy::per_origin;
  uint64_t worker_heap_bytes = limits::heap_bytes_max;
  uint32_t worker_idle_s = static_cast<uint32_t>(limits::idle_delay.count());
  uint32_t worker_execution_s = static_cast<uint32_t>(limits::execution_time_max.count());
  uint64_t quota_bytes = limits::quota_bytes_default;
  uint64_t budget_bytes = limits::storage_budget_bytes_default;
  std::vector<core_site> sites;
  /// Where worker processes come from; null: worker_program is executed for each.
  std::shared_ptr<process_source> processes;
  /// The program whose --worker-process verb worker processes run; empty: this program.
  std::string worker_program;
  /// Called from any thread.
  std::function<void(log_level, std::string_view)> log = [](log_level, std::string_view) {};
};

class core {
public:
  /// Opens the storage and brings registrations back. Errors name what could not be opened and why.
  static caf::expected<std::unique_ptr<core>> start(core_options options);
  ~core();
  core(const core&) = delete;
  core& operator=(const core&) = delete;

  caf::actor_system& system();
  const service_worker_manager_actor& manager() const;
  const clients_actor& clients() const;
  const network_fetcher_actor& fetcher() const;
  const storage_actor& storage() const;
  uint32_t restored_count() const;

  /// Lets running events finish within the limit and ends all instances. Safe to call twice.
  void drain();

  /// For start(), which alone can make the argument.
  struct parts;
  explicit core(std::unique_ptr<parts> implementation);

private:
  std::unique_ptr<parts> parts_;
};

/// A process that forks worker processes, which is several times faster than executing them. Call
/// it before the process has a second thread. Null if there can be none; worker processes are
/// executed then.
std::shared_ptr<process_source> start_zygote();

/// Runs the worker process that the launcher started with these arguments; never returns.
[[noreturn]] void run_worker_process(int argc, char** argv);

} // namespace offstage

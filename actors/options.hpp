// SPDX-License-Identifier: MIT
#pragma once

// The times and counts of limits.hpp that a node, an embedder or a test may choose, as one value
// that all actors of a tree share. Immutable once the tree is spawned.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "config/limits.hpp"
#include "protocol/instance.hpp"

namespace offstage {

/// Whether down messages of instances are acted upon. `ignore` exists so that the simulation can
/// prove that it notices.
enum class death_watch : uint8_t { act, ignore };

struct actor_options {
  using duration = std::chrono::milliseconds;

  duration idle_delay = limits::idle_delay;
  duration idle_grace = limits::idle_grace;
  duration start_time_max = limits::start_time_max;
  duration stop_time_max = limits::stop_time_max;
  duration start_failure_pause = limits::start_failure_pause;
  duration soft_update_delay = limits::soft_update_delay;
  duration drain_time_max = limits::drain_time_max;
  uint32_t event_attempts_max = limits::event_attempts_max;
  uint32_t start_failures_max = limits::start_failures_max;
  uint32_t events_per_worker_max = limits::events_per_worker_max;
  uint32_t events_in_instance_max = limits::events_in_instance_max;
  death_watch deaths = death_watch::act;
  instance_limits instance;
  std::string user_agent = "offstage";
  /// The engine of the worker processes; empty if artifacts of scripts are neither made nor used.
  std::string engine_build;
  /// The wall clock, in milliseconds since 1970; actors have no other.
  std::function<int64_t()> unix_ms = [] {
    using namespace std::chrono;
    return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
  };
};

using actor_options_ptr = std::shared_ptr<const actor_options>;

} // namespace offstage

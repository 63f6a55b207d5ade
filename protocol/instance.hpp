// SPDX-License-Identifier: MIT
#pragma once

// The constructor message of an instance: a child starts a worker from this one message, without
// registration, disk or network of its own.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "protocol/ids.hpp"
#include "protocol/limits_of_wire.hpp"
#include "protocol/registration.hpp"
#include "protocol/script.hpp"
#include "protocol/storage_key.hpp"

namespace offstage {

/// Limits that the child applies to its script; the parent has its own watch on all of them.
struct instance_limits {
  uint64_t heap_bytes_max = uint64_t{256} << 20;
  uint32_t execution_ms_max = 30'000; ///< One uninterrupted run of the script.
  uint32_t timer_count_max = 10'000;
  uint32_t stream_count_max = 4'096;
  uint32_t call_count_max = 4'096; ///< Unanswered calls.

  template <class Inspector>
  friend auto inspect(Inspector& f, instance_limits& x) {
    return f(caf::meta::type_name("instance_limits"), x.heap_bytes_max, x.execution_ms_max,
             x.timer_count_max, x.stream_count_max, x.call_count_max);
  }
};

/// Whether a worker may run the artifacts that come with its scripts, and hands over those it
/// makes.
enum class artifact_use : uint8_t { none, both_ways };

struct instance_constructor {
  uint32_t wire_version = wire::version;
  worker_id worker{0};
  storage_key key;
  std::string scope;
  script_source script;
  worker_type type = worker_type::classic;
  std::vector<script_source> imports; ///< Script resource map of an installed worker.
  bool installed = false;             ///< importScripts may only use `imports`.
  registration_descriptor registration;
  instance_limits limits;
  std::string user_agent;
  int64_t time_origin_unix_us = 0;
  artifact_use artifacts = artifact_use::none;

  template <class Inspector>
  friend auto inspect(Inspector& f, instance_constructor& x) {
    return f(caf::meta::type_name("instance_constructor"), x.wire_version, x.worker, x.key, x.scope,
             x.script, x.type, x.imports, x.installed, x.registration, x.limits, x.user_agent,
             x.time_origin_unix_us, x.artifacts);
  }
};

} // namespace offstage

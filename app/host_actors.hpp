// SPDX-License-Identifier: MIT
#pragma once

// The short-lived actors behind the embedded library's futures that need more than one answer. Each
// fulfils its promise exactly once and quits; when what it waits for dies, the promise carries the
// error.

#include <future>
#include <memory>
#include <string>

#include <caf/fwd.hpp>

#include "protocol/actors.hpp"

namespace offstage {

void spawn_ready_watcher(caf::actor_system& sys, const service_worker_manager_actor& manager,
                         storage_key key, std::string scope,
                         std::shared_ptr<std::promise<registration_descriptor>> promise);

/// Errors: limit_exceeded if the body is longer, or what ended the stream.
void spawn_body_reader(caf::actor_system& sys, const body_source_actor& source, size_t bytes_max,
                       std::shared_ptr<std::promise<shared_bytes>> promise);

} // namespace offstage

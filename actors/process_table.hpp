// SPDX-License-Identifier: MIT
#pragma once

// Which workers share a process: the spawning strategies as a pure function, and who uses which
// process.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/options.hpp"
#include "protocol/ids.hpp"
#include "protocol/storage_key.hpp"

namespace offstage {

std::optional<spawn_strategy> parse_spawn_strategy(std::string_view name);
std::string to_string(spawn_strategy strategy);

/// Workers with the same name live in the same process; it is also the label of the process.
std::string process_name(spawn_strategy strategy, const storage_key& key, worker_id worker);

} // namespace offstage

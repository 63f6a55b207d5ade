// SPDX-License-Identifier: MIT
#include "actors/process_table.hpp"

#include <array>

namespace offstage {

namespace {

constexpr std::array all_strategies{spawn_strategy::per_origin, spawn_strategy::per_worker,
                                    spawn_strategy::shared, spawn_strategy::in_process};

} // namespace

std::string to_string(spawn_strategy strategy) {
  switch (strategy) {
  case spawn_strategy::per_origin:
    return "per_origin";
  case spawn_strategy::per_worker:
    return "per_worker";
  case spawn_strategy::shared:
    return "shared";
  case spawn_strategy::in_process:
    return "in_process";
  }
  return "unknown";
}

std::optional<spawn_strategy> parse_spawn_strategy(std::string_view name) {
  for (const auto strategy : all_strategies)
    if (to_string(strategy) == name)
      return strategy;
  return std::nullopt;
}

std::string process_name(spawn_strategy strategy, const storage_key& key, worker_id worker) {
  switch (strategy) {
  case spawn_strategy::per_origin:
    return key.origin;
  case spawn_strategy::per_worker:
    return key.origin + " worker " + std::to_string(static_cast<uint64_t>(worker));
  case spawn_strategy::shared:
  case spawn_strategy::in_process:
    break;
  }
  return to_string(strategy);
}

} // namespace offstage

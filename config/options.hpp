// SPDX-License-Identifier: MIT
#pragma once

// What an operator can choose about a node. Options come from defaults, then a configuration file,
// then the command line; a later one wins. Parsed and validated once, before anything starts; a
// plain value afterwards.
//
// Format: a configuration file has sections of `key = value` lines: [gateway], [storage], [worker],
// [log] and one [site] per site. '#' starts a comment line. On the command line a key is
// --section.key=value, where --site.* sets the first site.

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/limits.hpp"
#include "protocol/registration.hpp"

namespace offstage {

/// How an instance gets its process. All behave alike; they differ in isolation and cost.
enum class spawn_strategy : uint8_t { per_origin, per_worker, shared, in_process };

enum class log_level : uint8_t { debug, info, warn, error, off };

struct site_options {
  std::string
      host; ///< Requests with this Host header belong to the site; empty: all that match no other.
  std::string origin;   ///< What scripts see as their origin; empty: derived from host and port.
  std::string upstream; ///< An http(s) URL or a directory.
  std::string
      service_worker; ///< Script URL, relative to the origin; empty: the site has no worker.
  worker_type service_worker_type = worker_type::classic;
  std::string scope;       ///< Relative to the origin; empty: the script's directory.
  bool persistent = false; ///< Its storage is never evicted.
};

struct node_options {
  std::string data_dir; ///< Empty: the default under the user's state directory.
  std::string address = "127.0.0.1";
  uint16_t port = 8080; ///< 0: any free port.
  uint32_t gateway_threads = 1;
  spawn_strategy strategy = spawn_strategy::per_origin;
  uint64_t worker_heap_bytes = limits::heap_bytes_max;
  uint32_t worker_idle_s = static_cast<uint32_t>(limits::idle_delay.count());
  uint32_t worker_execution_s = static_cast<uint32_t>(limits::execution_time_max.count());
  uint64_t quota_bytes = limits::quota_bytes_default;
  uint64_t budget_bytes = limits::storage_budget_bytes_default;
  log_level level = log_level::info;
  std::vector<site_options> sites;
};

/// Why options are not usable: where, which key, and what would be right.
struct option_error {
  std::string where; ///< "FILE:LINE" or "command line".
  std::string key;
  std::string text;
};

std::string to_string(const option_error& error);

/// Adds the options of a configuration file's text to `options`. `file` is for messages only.
std::variant<std::monostate, option_error>
parse_configuration(std::string_view text, std::string_view file, node_options& options);

/// Adds one command line argument ("--gateway.port=8080").
std::variant<std::monostate, option_error> parse_argument(std::string_view argument,
                                                          node_options& options);

/// Checks what single keys cannot know: every site has an upstream, no host twice.
std::variant<std::monostate, option_error> validate(const node_options& options);

/// One line per option for --help, with defaults.
std::string option_help();

/// $XDG_STATE_HOME/offstage, or ~/.local/state/offstage.
std::string default_data_dir(const char* xdg_state_home, const char* home);

} // namespace offstage

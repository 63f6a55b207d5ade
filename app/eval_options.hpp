// SPDX-License-Identifier: MIT
#pragma once

// The command line of the verb eval as a value.

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "config/limits.hpp"
#include "protocol/registration.hpp"

namespace offstage {

enum class eval_scope : uint8_t { worker, service_worker };

struct eval_file {
  std::string path; ///< "-" is the standard input.
  worker_type type = worker_type::classic;
};

struct eval_options {
  eval_scope scope = eval_scope::worker;
  std::string url; ///< Serialised; of the first file if none was given.
  std::chrono::milliseconds time_max = limits::eval_time_default;
  uint64_t heap_bytes_max = limits::heap_bytes_max;
  std::string data_dir;                ///< Empty: caches are forgotten at the end.
  std::vector<std::string> connect_to; ///< As fetcher_options has it.
  bool verify_tls = true;
  std::string ca_file;
  std::vector<eval_file> files;
};

/// What is wrong with the command line, as text for the user.
struct eval_usage_error {
  std::string text;
};

std::variant<eval_options, eval_usage_error>
parse_eval_options(const std::vector<std::string>& arguments);

} // namespace offstage

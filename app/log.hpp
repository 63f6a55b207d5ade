// SPDX-License-Identifier: MIT
#pragma once

// The node's log: one line per entry on standard error, with time and level. Thread-safe; made
// first and destroyed last in the node's process. Worker processes do not log: they tell their
// instance_parent.

#include <functional>
#include <memory>
#include <string_view>

#include "config/options.hpp"

namespace offstage {

class log {
public:
  explicit log(log_level level);
  ~log();
  log(const log&) = delete;
  log& operator=(const log&) = delete;

  void write(log_level level, std::string_view text);

  void info(std::string_view text) { write(log_level::info, text); }
  void warn(std::string_view text) { write(log_level::warn, text); }
  void error(std::string_view text) { write(log_level::error, text); }

private:
  struct impl;
  std::unique_ptr<impl> impl_;
};

} // namespace offstage

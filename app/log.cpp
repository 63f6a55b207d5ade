// SPDX-License-Identifier: MIT
#include "app/log.hpp"

#include <string>

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace offstage {

struct log::impl {
  explicit impl(spdlog::level::level_enum level)
      : logger("offstage", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()) {
    logger.set_pattern("%H:%M:%S.%e %^%-7l%$ %v");
    logger.set_level(level);
    logger.flush_on(spdlog::level::trace);
  }

  spdlog::logger logger;
};

namespace {

spdlog::level::level_enum level_of(log_level level) {
  switch (level) {
  case log_level::debug:
    return spdlog::level::debug;
  case log_level::info:
    return spdlog::level::info;
  case log_level::warn:
    return spdlog::level::warn;
  case log_level::error:
    return spdlog::level::err;
  case log_level::off:
    return spdlog::level::off;
  }
  return spdlog::level::info;
}

/// Scripts choose what their console prints; a terminal must not take it for commands.
std::string printable(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n')
      result += "\n    ";
    else if (byte < 0x20 && c != '\t')
      result += '?';
    else if (byte == 0x7f)
      result += '?';
    else
      result += c;
  }
  return result;
}

} // namespace

log::log(log_level level) : impl_(std::make_unique<impl>(level_of(level))) {}

log::~log() = default;

void log::write(log_level level, std::string_view text) {
  const auto to = level_of(level);
  if (impl_->logger.should_log(to))
    impl_->logger.log(to, "{}", printable(text));
}

} // namespace offstage

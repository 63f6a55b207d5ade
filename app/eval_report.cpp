// SPDX-License-Identifier: MIT
#include "app/eval_report.hpp"

#include <cstdio>
#include <string>

namespace offstage {

namespace {

/// Whole lines at once, so that both streams keep their order in one terminal or file.
void print(std::FILE* to, std::string text) {
  if (!text.ends_with('\n'))
    text += '\n';
  std::fwrite(text.data(), 1, text.size(), to);
  std::fflush(to);
}

std::string place_of(const script_error& error) {
  if (error.file.empty())
    return {};
  auto text = error.file;
  if (error.line > 0)
    text += ":" + std::to_string(error.line);
  if (error.line > 0 && error.column > 0)
    text += ":" + std::to_string(error.column);
  return text + ": ";
}

/// The stack begins with the error itself, whose message may have several lines.
std::string frames_of(const script_error& error) {
  const auto first = error.stack.find("\n    at ");
  return first == std::string::npos ? "" : error.stack.substr(first);
}

} // namespace

void print_eval_console(const console_message& message) {
  const auto is_problem =
      message.level == console_level::warn || message.level == console_level::error;
  print(is_problem ? stderr : stdout, message.text + "\n");
}

void report_eval_error(const script_error& error) {
  auto text = place_of(error) + "Uncaught " + error.name;
  if (!error.message.empty())
    text += ": " + error.message;
  print(stderr, text + frames_of(error));
}

void report_eval_stop(const script_error& place, std::string_view text) {
  report_eval_problem(place_of(place) + std::string{text});
}

void report_eval_problem(std::string_view text) {
  print(stderr, "offstage eval: " + std::string{text});
}

} // namespace offstage

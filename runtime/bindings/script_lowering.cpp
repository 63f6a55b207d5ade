// SPDX-License-Identifier: MIT
#include "runtime/bindings/script_lowering.hpp"

#include <variant>

#include "runtime/lowering/lowering.hpp"

namespace offstage {

lower_result lower(std::string_view source, lower_goal goal) {
  lowering_options options;
  options.goal = goal == lower_goal::script ? lowering_goal::script : lowering_goal::eval;
  auto result = lower_script(source, options);
  if (const auto* error = std::get_if<lowering_error>(&result))
    return {{}, error->message, place_of(*error, "eval")};
  return {std::move(std::get<lowered_script>(result).code), std::nullopt, {}};
}

script_place place_of(const lowering_error& error, const std::string& file) {
  return {file, static_cast<int>(error.line), static_cast<int>(error.column)};
}

lowered_main lower_main(std::string_view source, const std::string& file) {
  auto result = lower_script(source);
  const auto* failure = std::get_if<lowering_error>(&result);
  if (failure == nullptr)
    return {std::move(std::get<lowered_script>(result).code), {}};
  return {{}, error_of(*failure, file)};
}

script_error error_of(const lowering_error& failure, const std::string& file) {
  script_error error;
  error.name = "SyntaxError";
  error.message = failure.message;
  error.file = file;
  error.line = failure.line;
  error.column = failure.column;
  return error;
}

} // namespace offstage

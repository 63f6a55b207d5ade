// SPDX-License-Identifier: MIT
#include "runtime/bindings/script_lowering.hpp"

#include <variant>

#include "runtime/lowering/lowering.hpp"

namespace offstage {

<<<<<<< HEAD
std::string placed_message(const lowering_error& error, std::string_view file) {
  return error.message + " (" + std::string{file} + ":" + std::to_string(error.line) + ")";
}

lower_result lower(std::string_view source, lower_goal goal, std::string_view file) {
=======
lower_result lower(std::string_view source, lower_goal goal) {
>>>>>>> main
  lowering_options options;
  options.goal = goal == lower_goal::script ? lowering_goal::script : lowering_goal::eval;
  auto result = lower_script(source, options);
  if (const auto* error = std::get_if<lowering_error>(&result))
<<<<<<< HEAD
    return {{}, js_error::syntax(placed_message(*error, file))};
  return {std::move(std::get<lowered_script>(result).code), std::nullopt};
=======
    return {{}, error->message, place_of(*error, "eval")};
  return {std::move(std::get<lowered_script>(result).code), std::nullopt, {}};
}

script_place place_of(const lowering_error& error, const std::string& file) {
  return {file, static_cast<int>(error.line), static_cast<int>(error.column)};
>>>>>>> main
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

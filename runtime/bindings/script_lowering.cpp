// SPDX-License-Identifier: MIT
#include "runtime/bindings/script_lowering.hpp"

#include <memory>
#include <variant>

namespace offstage {

lower_result lower_eval(std::string_view source) {
  lowering_options options;
  options.goal = lowering_goal::eval;
  auto result = lower_script(source, options);
  if (const auto* error = std::get_if<lowering_error>(&result))
    return {{}, {}, error->message, place_of(*error, "eval")};
  auto& script = std::get<lowered_script>(result);
  auto map = map_of(script, shared_bytes{std::string{source}});
  return {std::move(script.code), std::move(map), std::nullopt, {}};
}

script_place place_of(const lowering_error& error, const std::string& file) {
  return {file, static_cast<int>(error.line), static_cast<int>(error.column)};
}

script_map map_of(lowered_script& script, const shared_bytes& source) {
  const auto kept = std::make_shared<const shared_bytes>(
      script.repaired.empty() ? source : shared_bytes{std::move(script.repaired)});
  return {kept, kept->view(), std::move(script.places), std::move(script.functions)};
}

lowered_main lower_main(const script_source& source) {
  auto result = lower_script(source.bytes.view());
  if (auto* script = std::get_if<lowered_script>(&result)) {
    auto map = map_of(*script, source.bytes);
    return {std::move(script->code), std::move(map), {}};
  }
  const auto& failure = std::get<lowering_error>(result);
  return {{}, {}, error_of(failure, source.url)};
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

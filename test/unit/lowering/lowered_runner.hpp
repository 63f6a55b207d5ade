// SPDX-License-Identifier: MIT
// Runs modern source in an engine, as a worker does: lowered, with its map, and eval with it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/lowering/lowering.hpp"
#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage::test {

class lowered_runner : public script_runner {
public:
  lowered_runner() {
    js().hooks().lower = [](std::string_view text) -> lower_result {
      auto result = lower_script(text, {lowering_goal::eval, false});
      if (const auto* error = std::get_if<lowering_error>(&result))
        return {{},
                {},
                error->message,
                {"eval", static_cast<int>(error->line), static_cast<int>(error->column)}};
      auto& script = std::get<lowered_script>(result);
      auto map = map_of(script, text);
      return {std::move(script.code), std::move(map), std::nullopt, {}};
    };
  }

  // What it printed; a SyntaxError as such.
  std::string run_source(std::string_view source) {
    auto result = lower_script(source);
    if (const auto* error = std::get_if<lowering_error>(&result))
      return "SyntaxError: " + error->message;
    auto& script = std::get<lowered_script>(result);
    js().maps().add("test.js", map_of(script, source));
    return run(script.code);
  }

  // The place of the error it throws: "line:column".
  std::string place_of_error(std::string_view source) {
    run_source(source);
    return failed() ? std::to_string(error().line) + ":" + std::to_string(error().column) : "none";
  }

private:
  static script_map map_of(lowered_script& script, std::string_view source) {
    const auto kept = std::make_shared<const std::string>(source);
    return {kept, *kept, std::move(script.places), std::move(script.functions)};
  }
};

} // namespace offstage::test

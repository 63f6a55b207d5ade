// SPDX-License-Identifier: MIT
#pragma once
// Whether a source goes through the whole way to bytecode: lowered, then compiled by the engine.

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "runtime/engine.hpp"
#include "runtime/lowering/lowering.hpp"

namespace offstage::test {

struct compile_check {
  bool accepted = false; ///< By the lowering compiler.
  std::string complaint; ///< Of the lowering compiler, or of the engine about accepted source.
  bool compiled = false;
};

class compile_checker {
public:
  compile_check check(std::string_view source, lowering_goal goal) {
    const auto result = lower_script(source, {goal, false});
    if (const auto* error = std::get_if<lowering_error>(&result))
      return {false, std::to_string(error->line) + ": " + error->message, false};
    auto code = std::get<lowered_script>(result).code;
    if (goal == lowering_goal::module)
      code = "(" + code + ")";
    if (++checks_ % checks_per_heap == 0)
      js_ = std::make_unique<engine>();
    js_->heap().set_deadline(engine_heap::clock::now() + std::chrono::seconds{30});
    std::vector<std::byte> bytecode;
    auto outcome = compile_script(*js_, {code, "checked.js"}, bytecode);
    if (outcome)
      return {true, {}, true};
    duk_pop(js_->context());
    return {true, outcome.error->name + ": " + outcome.error->message, false};
  }

private:
  // A heap keeps the strings it has seen.
  static constexpr std::size_t checks_per_heap = 2000;

  std::unique_ptr<engine> js_ = std::make_unique<engine>();
  std::size_t checks_ = 0;
};

} // namespace offstage::test

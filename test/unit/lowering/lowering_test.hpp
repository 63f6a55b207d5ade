// SPDX-License-Identifier: MIT
// Short forms for tests of the compiler.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "runtime/lowering/lowering.hpp"

namespace offstage::test {

inline std::string lowered(std::string_view source, const lowering_options& options = {}) {
  const lowering_result result = lower_script(source, options);
  if (const auto* error = std::get_if<lowering_error>(&result))
    return std::to_string(error->line) + ":" + std::to_string(error->column) + " " + error->message;
  // Line ends only say where something was in the source.
  std::string code = std::get<lowered_script>(result).code;
  code.erase(std::remove(code.begin(), code.end(), '\n'), code.end());
  return code;
}

// The body of a function, where names are local and so stay as they are.
inline std::string lowered_in_function(std::string_view source) {
  const std::string code = lowered("function f(){" + std::string(source) + "}");
  constexpr std::string_view head = "function f(){";
  if (code.substr(0, head.size()) != head || code.back() != '}')
    return code;
  return code.substr(head.size(), code.size() - head.size() - 1);
}

inline bool is_rejected(std::string_view source, const lowering_options& options = {}) {
  return std::holds_alternative<lowering_error>(lower_script(source, options));
}

} // namespace offstage::test

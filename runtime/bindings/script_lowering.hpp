// SPDX-License-Identifier: MIT
#pragma once

// The compiler as the engine's hook and the worker use it. Syntax errors keep the author's
// position.

#include <string_view>

#include "protocol/script.hpp"
#include "runtime/engine.hpp"
#include "runtime/lowering/lowering.hpp"

namespace offstage {

lower_result lower(std::string_view source, lower_goal goal);

script_place place_of(const lowering_error& error, const std::string& file);

/// A syntax error as data.
script_error error_of(const lowering_error& failure, const std::string& file);

/// The same for a main script, whose error is data.
struct lowered_main {
  std::string code;
  script_error error;
};

lowered_main lower_main(std::string_view source, const std::string& file);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The compiler as the engine's hook and the worker use it. Syntax errors keep the author's
// position.

#include <string_view>

#include "protocol/script.hpp"
#include "runtime/engine.hpp"
#include "runtime/lowering/lowering.hpp"

namespace offstage {

lower_result lower_eval(std::string_view source);

script_place place_of(const lowering_error& error, const std::string& file);

/// A syntax error as data.
script_error error_of(const lowering_error& failure, const std::string& file);

/// For script_maps. The bytes of the source stay.
script_map map_of(lowered_script& script, const shared_bytes& source);

/// The same for a main script, whose error is data.
struct lowered_main {
  std::string code;
  script_map map;
  script_error error;
};

lowered_main lower_main(const script_source& script);

} // namespace offstage

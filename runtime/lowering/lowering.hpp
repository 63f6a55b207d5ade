// SPDX-License-Identifier: MIT
// The compiler from modern JavaScript (ES2022) to the dialect that Duktape 2.7 runs. Its output
// comes with tables that lead from its lines back to the source; it calls the helpers that
// helpers.hpp lists. A pure function: it owns nothing,
// runs in any process, and neither throws nor overflows the stack, whatever its input.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace offstage {

struct lowering_limits {
  // Deeper nesting than any program of people or bundlers has; bounds the native stack to about 1
  // MiB.
  static constexpr std::uint32_t nesting_levels_max = 400;
  // a.b().c()... is a left-deep tree: builder chains of bundled data reach a few hundred links.
  static constexpr std::uint32_t chain_links_max = 1200;
  // Positions are 32-bit and no script store accepts more.
  static constexpr std::size_t source_bytes_max = 64u << 20;
};

enum class lowering_goal : std::uint8_t {
  script, // classic script
  module, // see lowered_script
  eval,   // direct or indirect eval, and the function expression made by `new Function`
};

struct lowering_options {
  lowering_goal goal = lowering_goal::script;
  bool strict = false; // eval called from strict code
};

struct lowering_error {
  std::string message; // to be thrown as a SyntaxError
  std::uint32_t line = 1;
  std::uint32_t column = 1; // in UTF-16 code units, from 1
};

// One import or export of a module. `request` is an index into the module's requests; exports of
// its own have none.
struct module_entry {
  static constexpr std::size_t own = static_cast<std::size_t>(-1);
  std::size_t request = own;
  std::string imported;   // name in the requested module; "*" is its namespace
  std::string exported;   // empty for an import; "*" re-exports everything
  std::uint32_t line = 0; // 0 for exports of its own
};

struct lowered_script {
  std::string code;      // for a module: a function expression, see emit_modules.cpp
  std::string places;    // where the lines of `code` are in the source, see runtime/script_maps.hpp
  std::string functions; // where the texts of its functions are, see there
  std::string repaired;  // the source that offsets count in, if the given one is no UTF-8
  // For modules only:
  std::vector<std::string> requests; // specifiers, in order of first appearance
  std::vector<module_entry> imports;
  std::vector<module_entry> exports;
  bool has_top_level_await = false;
};

using lowering_result = std::variant<lowered_script, lowering_error>;

lowering_result lower_script(std::string_view source, const lowering_options& options = {});

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Which engine this program has: changes with anything that bytecode depends on (Duktape and its
// configuration, the lowering compiler, the language's helpers), so that bytecode of another build
// is never run. Computed by the build (engine_build.cmake), the same in node and child.

#include <string_view>

namespace offstage {

/// 16 hexadecimal digits.
std::string_view engine_build();

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// runtime/js/platform as bytecode, embedded by the build. load_platform.cpp says which of them run
// in every new global; the others run when script first uses one of their globals.

#include <cstddef>
#include <span>

#include "runtime/prelude/prelude.hpp"

namespace offstage {

/// In the order of runtime/bindings/CMakeLists.txt. Generated.
std::span<const prelude_file> platform_files();

} // namespace offstage

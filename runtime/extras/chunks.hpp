// SPDX-License-Identifier: MIT
#pragma once
// The files of runtime/js/extras as bytecode. Each is an expression: a function of the object
// `host` of the prelude and of the chunk's natives, giving the object of what it exports.

#include <span>

#include "runtime/prelude/prelude.hpp"

namespace offstage {

// Generated.
std::span<const prelude_file> extras_files();

} // namespace offstage

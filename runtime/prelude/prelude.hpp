// SPDX-License-Identifier: MIT
#pragma once
// JavaScript that every heap starts with: runtime/js, compiled to Duktape bytecode by the build and
// embedded.

#include <cstddef>
#include <span>

#include <duktape.h>

namespace offstage {

struct prelude_file {
  const char* name;
  std::span<const unsigned char> bytecode;
};

// In the order of the list in runtime/prelude/CMakeLists.txt. Generated.
std::span<const prelude_file> prelude_files();

// Runs all files in the global scope, then takes what only they may see out of script's sight.
// Plain: may throw.
void load_prelude(duk_context* ctx);

} // namespace offstage

// SPDX-License-Identifier: MIT
#include <cstring>

#include "runtime/natives/natives.hpp"
#include "runtime/prelude/prelude.hpp"

namespace offstage {

namespace {

// What is Duktape's own and no part of any web standard, or is replaced by the platform.
constexpr const char* hidden_globals[] = {"__host", "Duktape", "CBOR", "Buffer", "print", "alert"};

void run_file(duk_context* ctx, const prelude_file& file) {
  std::memcpy(duk_push_fixed_buffer(ctx, file.bytecode.size()), file.bytecode.data(),
              file.bytecode.size());
  duk_load_function(ctx);
  duk_call(ctx, 0);
  duk_pop(ctx);
}

} // namespace

void load_prelude(duk_context* ctx) {
  push_host(ctx);
  duk_put_global_literal(ctx, "__host");
  for (const auto& file : prelude_files())
    run_file(ctx, file);
  duk_push_global_object(ctx);
  for (const auto* name : hidden_globals)
    duk_del_prop_string(ctx, -1, name);
  duk_pop(ctx);
}

} // namespace offstage

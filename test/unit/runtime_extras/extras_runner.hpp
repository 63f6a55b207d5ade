// SPDX-License-Identifier: MIT
#pragma once
// The engine with the core of the platform and the extras, for tests of one chunk at a time.

#include <cstring>
#include <string>

#include <doctest/doctest.h>

#include "runtime/extras/extras.hpp"
#include "runtime/natives/natives.hpp"
#include "runtime/prelude/prelude.hpp"
#include "test/unit/runtime_engine/script_runner.hpp"

namespace offstage {

// Generated: the files of the platform that chunks build on.
std::span<const prelude_file> platform_core_files();

} // namespace offstage

namespace offstage::test {

class extras_runner : public script_runner {
public:
  extras_runner() {
    auto* ctx = js().context();
    const bool core = static_cast<bool>(protect(ctx, 0, load_core));
    const auto before = js().heap().stats().used_bytes;
    const bool extras = static_cast<bool>(protect(ctx, 0, install_extras));
    installed_bytes_ = js().heap().stats().used_bytes - before;
    REQUIRE((core && extras));
  }

  // What the names of all extras take of the heap.
  std::size_t installed_bytes() const { return installed_bytes_; }

  // Prints what a promise settles with.
  std::string settle(const std::string& promise) {
    return run("(" + promise
               + ").then(function (v) { print(v); }, function (e) { print(e.name + ': ' + "
                 "e.message); });");
  }

private:
  static duk_ret_t keep_exception(duk_context* ctx) {
    duk_push_global_stash(ctx);
    duk_dup(ctx, 0);
    duk_put_prop_literal(ctx, -2, "DOMException");
    return 0;
  }

  static duk_ret_t now(duk_context* ctx) {
    duk_push_int(ctx, 0);
    return 1;
  }

  static void push_platform(duk_context* ctx) {
    duk_push_object(ctx);
    duk_push_literal(ctx, DUK_HIDDEN_SYMBOL("slot"));
    duk_put_prop_literal(ctx, -2, "slot");
    duk_push_global_object(ctx);
    duk_put_prop_literal(ctx, -2, "global");
  }

  static void run_file(duk_context* ctx, const prelude_file& file) {
    std::memcpy(duk_push_fixed_buffer(ctx, file.bytecode.size()), file.bytecode.data(),
                file.bytecode.size());
    duk_load_function(ctx);
    duk_call(ctx, 0);
    duk_pop(ctx);
  }

  static void load_core(duk_context* ctx) {
    constexpr native_entry natives[] = {{"keepException", keep_exception, 1, 1},
                                        {"now", now, 0, 0}};
    push_host(ctx);
    define_natives(ctx, -1, natives);
    push_platform(ctx);
    duk_put_prop_literal(ctx, -2, "platform");
    duk_put_global_literal(ctx, "__host");
    for (const auto& file : platform_core_files())
      run_file(ctx, file);
  }

  std::size_t installed_bytes_ = 0;
};

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#pragma once
// Language built-ins written in C++. `install_natives` runs once in every new heap, before the
// prelude; each `install_<family>` below defines one family on the global object or on the object
// `__host`, which only the prelude sees.

#include <duktape.h>

namespace offstage {

class engine;

// Plain: may throw. Leaves the stack as it was.
void install_natives(duk_context* ctx);

void install_host(duk_context* ctx);
void install_symbols(duk_context* ctx);
void install_iterators(duk_context* ctx);
void install_collections(duk_context* ctx);
void install_weak(duk_context* ctx);
void install_weak_references(duk_context* ctx);
void install_errors(duk_context* ctx);
void install_stack_text(duk_context* ctx);
void install_function_text(duk_context* ctx);
void install_host_values(duk_context* ctx);
void install_math(duk_context* ctx);
void install_bigint(duk_context* ctx);
void install_sort(duk_context* ctx);
void install_text(duk_context* ctx);
void install_regexp(duk_context* ctx);
void install_promise(duk_context* ctx);
void install_timers(duk_context* ctx);

// Stack: [constructor prototype] becomes [constructor], linked both ways.
void link_constructor(duk_context* ctx);
// Defines Symbol.toStringTag or Symbol.species on the top of the stack, which is kept.
void define_tag(duk_context* ctx, const char* name);
void define_species(duk_context* ctx);
// Defines the top of the stack as a global of script (not enumerable) and pops it.
void define_global(duk_context* ctx, const char* name);

// Pushes the object that prelude files know as `__host`.
void push_host(duk_context* ctx);

// The limits every match runs under, outside of script's heap.
void* create_regexp_limits();
void destroy_regexp_limits(void* limits);

// Runs microtasks until none is left, then tells about rejected promises.
void run_microtasks(engine& js);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// What runtime/js/platform finds on `__host` besides what the engine puts there. One install
// function for each file of natives. All plain: may throw into script.

#include <duktape.h>

#include "runtime/natives/natives.hpp"

namespace offstage {

/// Prepares `__host.platform`, installs the natives and runs the files that every global needs.
void load_platform(duk_context* ctx);

void install_body_natives(duk_context* ctx);
void install_buffer_natives(duk_context* ctx);
void install_service_natives(duk_context* ctx);
void install_cache_natives(duk_context* ctx);
void install_event_natives(duk_context* ctx);
void install_text_natives(duk_context* ctx);
void install_encoding_natives(duk_context* ctx);
void install_url_natives(duk_context* ctx);
void install_scope_natives(duk_context* ctx);
void install_import_natives(duk_context* ctx);
void install_idb_natives(duk_context* ctx);
void install_module_natives(duk_context* ctx);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once
// Interfaces that most scripts never touch. Each is a name on the global object whose getter loads
// its chunk (a file of runtime/js/extras as bytecode, and its natives) when script first asks, and
// then becomes the plain property that Web IDL describes. A heap that uses none pays for the names
// only. Belongs to the heap; builds on `host.platform` of runtime/js/platform.

#include <cstdint>

#include <duktape.h>

namespace offstage {

// Defines the names, and `host.platform.extra(chunk)` by which other files of the prelude get what
// a chunk exports. The platform's core has to be loaded. Plain: may throw.
void install_extras(duk_context* ctx);

// Whether the value is the getter of a name whose chunk is not loaded.
bool is_extras_getter(duk_context* ctx, duk_idx_t index);

// The natives of each chunk, defined on the object on the top of the stack. Plain.
void install_compression_extras(duk_context* ctx);
void install_crypto_extras(duk_context* ctx);
void install_file_extras(duk_context* ctx);
void install_form_extras(duk_context* ctx);
void install_idl_extras(duk_context* ctx);
void install_intl_extras(duk_context* ctx);
void install_messaging_extras(duk_context* ctx);
void install_text_extras(duk_context* ctx);

} // namespace offstage

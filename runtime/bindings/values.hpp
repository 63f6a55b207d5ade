// SPDX-License-Identifier: MIT
#pragma once

// Requests, responses, bodies and descriptors between the protocol and the state objects of
// runtime/js/platform (fetch.js describes their fields). push_* are plain: they may throw into
// script and own nothing. read_* are guarded: they give an error instead.

#include "runtime/bindings/realm.hpp"

namespace offstage {

void push_request(duk_context* ctx, realm& owner, const fetch_request& request);
void push_response(duk_context* ctx, realm& owner, const fetch_response& response);
/// null if there is none.
void push_worker(duk_context* ctx, const worker_descriptor& worker);
void push_registration(duk_context* ctx, const registration_descriptor& registration);
/// Who the worker is, for attach() of scope.js.
void push_scope_info(duk_context* ctx, realm& owner);
void push_client(duk_context* ctx, const client_descriptor& client);

/// Pushes the arguments of a call's callback and says how many.
duk_idx_t push_result(duk_context* ctx, realm& owner, const service_result& result);
/// Lets go of the streams in an answer that nobody waits for.
void drop_result(realm& owner, const service_result& result);

/// The body is handed over: script cannot read it any more.
js_result<fetch_request> read_request(duk_context* ctx, duk_idx_t index);
js_result<fetch_response> read_response(duk_context* ctx, duk_idx_t index);

/// A name of a cache: UTF-8 with lone surrogates kept.
std::string name_from_cesu(std::string_view text);
void push_name(duk_context* ctx, std::string_view name);

/// Bytes as a string of one character each, the other way round.
void push_byte_string(duk_context* ctx, std::string_view bytes);
std::string byte_string_at(duk_context* ctx, duk_idx_t index);

/// Pushes a Uint8Array with a copy of the bytes.
void push_bytes(duk_context* ctx, std::string_view bytes);

/// Pushes the object by which script holds a source of realm::add_source; when it dies, the source
/// is cancelled.
void push_source(duk_context* ctx, uint32_t number);
/// The number of such an object, 0 if it is none.
uint32_t source_number(duk_context* ctx, duk_idx_t index);

/// A source that reads a ReadableStream of script. The stream is at `index`.
js_result<byte_source_ptr> make_script_source(duk_context* ctx, duk_idx_t index);

} // namespace offstage

// SPDX-License-Identifier: MIT
// From the protocol to script. The other way is values_read.cpp.
#include "runtime/bindings/values.hpp"

#include <cstring>

#include <caf/variant.hpp>

#include "runtime/bindings/enum_names.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

#define OFFSTAGE_SOURCE_NUMBER DUK_HIDDEN_SYMBOL("source")

duk_ret_t finalize_source(duk_context* ctx) {
  const auto number = source_number(ctx, 0);
  if (number != 0)
    if (auto source = realm::of(ctx).take_source(number))
      source->cancel();
  return 0;
}

// What script has put on Object.prototype has no part in the platform's own objects.
void push_record(duk_context* ctx) {
  duk_push_bare_object(ctx);
}

void put_text(duk_context* ctx, const char* key, std::string_view text) {
  push_text(ctx, text);
  duk_put_prop_string(ctx, -2, key);
}

void put_boolean(duk_context* ctx, const char* key, bool value) {
  duk_push_boolean(ctx, value);
  duk_put_prop_string(ctx, -2, key);
}

void put_null(duk_context* ctx, const char* key) {
  duk_push_null(ctx);
  duk_put_prop_string(ctx, -2, key);
}

// Header names are compared without case; the lists of script have them in lower case.
void push_lower_case(duk_context* ctx, std::string_view name) {
  auto* to = static_cast<char*>(duk_push_fixed_buffer(ctx, name.size() + 1));
  for (size_t i = 0; i < name.size(); ++i)
    to[i] = name[i] >= 'A' && name[i] <= 'Z' ? static_cast<char>(name[i] + 32) : name[i];
  duk_push_lstring(ctx, to, name.size());
  duk_remove(ctx, -2);
}

void put_headers(duk_context* ctx, const header_list& headers) {
  duk_push_array(ctx);
  duk_uarridx_t at = 0;
  for (const auto& item : headers.items()) {
    push_lower_case(ctx, item.name);
    duk_put_prop_index(ctx, -2, at++);
    push_byte_string(ctx, item.value);
    duk_put_prop_index(ctx, -2, at++);
  }
  duk_put_prop_literal(ctx, -2, "list");
}

void put_body(duk_context* ctx, realm& owner, const body& content) {
  if (content.kind == body_kind::none) {
    put_null(ctx, "body");
    return;
  }
  push_record(ctx);
  if (content.kind == body_kind::inline_bytes) {
    push_bytes(ctx, content.bytes.view());
    duk_put_prop_literal(ctx, -2, "bytes");
  } else {
    push_source(ctx, owner.add_source(owner.open_parent_stream(content.stream, content.length)));
    duk_put_prop_literal(ctx, -2, "source");
  }
  put_boolean(ctx, "used", false);
  duk_put_prop_literal(ctx, -2, "body");
}

void put_worker(duk_context* ctx, const char* key, const worker_descriptor& worker) {
  push_worker(ctx, worker);
  duk_put_prop_string(ctx, -2, key);
}

void push_cache_result(duk_context* ctx, realm& owner, const cache_result& result) {
  push_record(ctx);
  put_boolean(ctx, "found", result.found);
  duk_push_number(ctx, static_cast<double>(result.cache));
  duk_put_prop_literal(ctx, -2, "cache");
  duk_uarridx_t at = 0;
  duk_push_array(ctx);
  for (const auto& name : result.names) {
    push_name(ctx, name);
    duk_put_prop_index(ctx, -2, at++);
  }
  duk_put_prop_literal(ctx, -2, "names");
  at = 0;
  duk_push_array(ctx);
  for (const auto& request : result.requests) {
    push_request(ctx, owner, request);
    duk_put_prop_index(ctx, -2, at++);
  }
  duk_put_prop_literal(ctx, -2, "requests");
  at = 0;
  duk_push_array(ctx);
  for (const auto& response : result.responses) {
    push_response(ctx, owner, response);
    duk_put_prop_index(ctx, -2, at++);
  }
  duk_put_prop_literal(ctx, -2, "responses");
}

void push_clients(duk_context* ctx, const client_list& list) {
  duk_push_array(ctx);
  duk_uarridx_t at = 0;
  for (const auto& client : list.clients) {
    push_client(ctx, client);
    duk_put_prop_index(ctx, -2, at++);
  }
}

duk_idx_t push_failure(duk_context* ctx, const call_failure& failure) {
  duk_push_undefined(ctx);
  push_text(ctx, failure.name.empty() ? "TypeError" : failure.name);
  push_text(ctx, failure.message);
  return 3;
}

void drop_body(realm& owner, const body& content) {
  if (content.kind == body_kind::parent_stream)
    owner.host().cancel(content.stream);
}

} // namespace

uint32_t source_number(duk_context* ctx, duk_idx_t index) {
  if (!duk_is_object(ctx, index))
    return 0;
  duk_get_prop_literal(ctx, index, OFFSTAGE_SOURCE_NUMBER);
  const auto number = duk_get_uint(ctx, -1);
  duk_pop(ctx);
  return number;
}

void push_source(duk_context* ctx, uint32_t number) {
  push_record(ctx);
  duk_push_uint(ctx, number);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_SOURCE_NUMBER);
  duk_push_c_function(ctx, finalize_source, 1);
  duk_set_finalizer(ctx, -2);
}

void push_byte_string(duk_context* ctx, std::string_view bytes) {
  if (is_plain_ascii(bytes)) {
    duk_push_lstring(ctx, bytes.data(), bytes.size());
    return;
  }
  auto* to = static_cast<unsigned char*>(duk_push_fixed_buffer(ctx, bytes.size() * 2));
  size_t size = 0;
  for (const auto c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80)
      to[size++] = static_cast<unsigned char>(0xC0 | (byte >> 6));
    to[size++] = byte < 0x80 ? byte : static_cast<unsigned char>(0x80 | (byte & 0x3F));
  }
  duk_push_lstring(ctx, reinterpret_cast<const char*>(to), size);
  duk_remove(ctx, -2);
}

void push_bytes(duk_context* ctx, std::string_view bytes) {
  auto* to = duk_push_fixed_buffer(ctx, bytes.size());
  if (!bytes.empty())
    std::memcpy(to, bytes.data(), bytes.size());
  duk_push_buffer_object(ctx, -1, 0, bytes.size(), DUK_BUFOBJ_UINT8ARRAY);
  duk_remove(ctx, -2);
}

void push_request(duk_context* ctx, realm& owner, const fetch_request& request) {
  push_record(ctx);
  put_text(ctx, "method", request.method);
  put_text(ctx, "url", request.url);
  put_headers(ctx, request.headers);
  put_body(ctx, owner, request.content);
  put_text(ctx, "destination", request.destination);
  put_text(ctx, "mode", name_of(request.mode));
  put_text(ctx, "credentials", name_of(request.credentials));
  put_text(ctx, "cache", name_of(request.cache));
  put_text(ctx, "redirect", name_of(request.redirect));
  put_text(ctx, "referrer", request.referrer);
  put_text(ctx, "referrerPolicy", request.referrer_policy);
  put_text(ctx, "integrity", request.integrity);
  put_boolean(ctx, "keepalive", request.keepalive);
  put_boolean(ctx, "reload", request.is_reload);
}

void push_response(duk_context* ctx, realm& owner, const fetch_response& response) {
  push_record(ctx);
  put_text(ctx, "type", name_of(response.type));
  duk_push_array(ctx);
  duk_uarridx_t at = 0;
  for (const auto& item : response.url_list) {
    push_text(ctx, item);
    duk_put_prop_index(ctx, -2, at++);
  }
  duk_put_prop_literal(ctx, -2, "urls");
  duk_push_uint(ctx, response.status);
  duk_put_prop_literal(ctx, -2, "status");
  push_byte_string(ctx, response.status_text);
  duk_put_prop_literal(ctx, -2, "statusText");
  put_headers(ctx, response.headers);
  put_body(ctx, owner, response.content);
  put_text(ctx, "reason", response.reason);
}

void push_worker(duk_context* ctx, const worker_descriptor& worker) {
  if (!worker) {
    duk_push_null(ctx);
    return;
  }
  push_record(ctx);
  duk_push_number(ctx, static_cast<double>(worker.id));
  duk_put_prop_literal(ctx, -2, "id");
  put_text(ctx, "scriptURL", worker.script_url);
  put_text(ctx, "state", name_of(worker.state));
}

void push_registration(duk_context* ctx, const registration_descriptor& registration) {
  push_record(ctx);
  put_text(ctx, "scope", registration.scope);
  put_text(ctx, "updateViaCache", name_of(registration.via_cache));
  put_worker(ctx, "installing", registration.installing);
  put_worker(ctx, "waiting", registration.waiting);
  put_worker(ctx, "active", registration.active);
}

void push_client(duk_context* ctx, const client_descriptor& client) {
  push_record(ctx);
  put_text(ctx, "id", client.id);
  put_text(ctx, "url", client.url);
  put_text(ctx, "type", name_of(client.type));
  put_text(ctx, "frameType", name_of(client.frame));
  put_boolean(ctx, "visible", client.visible);
  put_boolean(ctx, "focused", client.focused);
}

void push_figures(duk_context* ctx, const storage_figures& figures) {
  duk_push_object(ctx);
  duk_push_number(ctx, static_cast<double>(figures.usage_bytes));
  duk_put_prop_literal(ctx, -2, "usage");
  duk_push_number(ctx, static_cast<double>(figures.quota_bytes));
  duk_put_prop_literal(ctx, -2, "quota");
  put_boolean(ctx, "persisted", figures.persisted);
}

duk_idx_t push_result(duk_context* ctx, realm& owner, const service_result& result) {
  if (const auto* failure = caf::get_if<call_failure>(&result))
    return push_failure(ctx, *failure);
  if (const auto* done = caf::get_if<call_done>(&result))
    duk_push_boolean(ctx, done->value);
  else if (const auto* response = caf::get_if<fetch_response>(&result))
    push_response(ctx, owner, *response);
  else if (const auto* cached = caf::get_if<cache_result>(&result))
    push_cache_result(ctx, owner, *cached);
  else if (const auto* clients = caf::get_if<client_list>(&result))
    push_clients(ctx, *clients);
  else if (const auto* registration = caf::get_if<registration_descriptor>(&result))
    push_registration(ctx, *registration);
  else if (const auto* figures = caf::get_if<storage_figures>(&result))
    push_figures(ctx, *figures);
  else
    duk_push_undefined(ctx);
  return 1;
}

void drop_result(realm& owner, const service_result& result) {
  if (const auto* response = caf::get_if<fetch_response>(&result))
    drop_body(owner, response->content);
  if (const auto* cached = caf::get_if<cache_result>(&result))
    for (const auto& response : cached->responses)
      drop_body(owner, response.content);
}

} // namespace offstage

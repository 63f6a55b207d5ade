// SPDX-License-Identifier: MIT
// From script to the protocol.
#include <algorithm>
#include <array>

#include "protocol/limits_of_wire.hpp"
#include "runtime/bindings/enum_names.hpp"
#include "runtime/bindings/values.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

template <size_t Count>
using field_names = std::array<const char*, Count>;

/// Pushes the fields of a state object; reading them afterwards cannot throw.
template <size_t Count>
js_result<duk_idx_t> push_fields(duk_context* ctx, duk_idx_t index,
                                 const field_names<Count>& names) {
  index = duk_normalize_index(ctx, index);
  const auto base = duk_get_top(ctx);
  auto pushed = protect(ctx, static_cast<duk_idx_t>(Count), [&](duk_context* inner) {
    for (const auto* name : names)
      duk_get_prop_string(inner, index, name);
  });
  if (!pushed)
    return pushed.error();
  return base;
}

std::string text_at(duk_context* ctx, duk_idx_t index) {
  return string_at(ctx, index).value_or(std::string{});
}

template <class Enum>
Enum enum_at(duk_context* ctx, duk_idx_t index, Enum otherwise) {
  return enum_of<Enum>(text_at(ctx, index)).value_or(otherwise);
}

/// The headers of a state are in its Headers object once script has asked for that.
js_result<void> push_header_list(duk_context* ctx, duk_idx_t state) {
  return protect(ctx, 1, [&](duk_context* inner) {
    if (duk_get_prop_literal(inner, state, "headers") && duk_is_object(inner, -1)) {
      duk_push_literal(inner, "\xFFplatform");
      duk_get_prop(inner, -2);
      duk_get_prop_literal(inner, -1, "list");
      duk_replace(inner, -3);
      duk_pop(inner);
      return;
    }
    duk_pop(inner);
    duk_get_prop_literal(inner, state, "list");
  });
}

js_result<header_list> read_headers(duk_context* ctx, duk_idx_t state) {
  const stack_guard guard{ctx};
  state = duk_normalize_index(ctx, state);
  if (auto pushed = push_header_list(ctx, state); !pushed)
    return pushed.error();
  const auto list = duk_get_top_index(ctx);
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, list));
  if (count > 2 * wire::header_count_max)
    return js_error::type("There are too many headers");
  header_list headers;
  for (duk_uarridx_t i = 0; i + 1 < count; i += 2) {
    const auto pushed = protect(ctx, 2, [&](duk_context* inner) {
      duk_get_prop_index(inner, list, i);
      duk_get_prop_index(inner, list, i + 1);
    });
    if (!pushed)
      return js_error::range("out of memory");
    headers.append(byte_string_at(ctx, -2), byte_string_at(ctx, -1));
    duk_pop_2(ctx);
  }
  return headers;
}

body body_of_bytes(realm& owner, std::string bytes) {
  if (bytes.size() <= wire::inline_bytes_max)
    return body::of(shared_bytes{std::move(bytes)});
  body content;
  content.kind = body_kind::child_stream;
  content.length = static_cast<int64_t>(bytes.size());
  content.stream = owner.add_child_stream(make_bytes_source(shared_bytes{std::move(bytes)}));
  return content;
}

js_result<body> body_of_source(realm& owner, const byte_source_ptr& source) {
  if (!source)
    return js_error::type("The body is already used");
  body content;
  content.length = source->length();
  if (const auto id = source->untouched_stream()) {
    source->release();
    content.kind = body_kind::parent_stream;
    content.stream = *id;
  } else {
    content.kind = body_kind::child_stream;
    content.stream = owner.add_child_stream(source);
  }
  return content;
}

js_result<void> mark_used(duk_context* ctx, duk_idx_t record) {
  return protect(ctx, 0, [&](duk_context* inner) {
    duk_push_true(inner);
    duk_put_prop_literal(inner, record, "used");
  });
}

js_result<body> read_record(duk_context* ctx, duk_idx_t record) {
  enum field : duk_idx_t { text, bytes, source, stream, field_count };
  auto& owner = realm::of(ctx);
  const auto base =
      push_fields(ctx, record, field_names<field_count>{"text", "bytes", "source", "stream"});
  auto first = base;
  if (!first)
    return first.error();
  if (auto marked = mark_used(ctx, record); !marked)
    return marked.error();
  if (!duk_is_undefined(ctx, *first + stream)) {
    auto reader = make_script_source(ctx, *first + stream);
    if (!reader)
      return reader.error();
    return body_of_source(owner, *reader);
  }
  if (const auto content = string_at(ctx, *first + text))
    return body_of_bytes(owner, *content);
  if (const auto content = bytes_at(ctx, *first + bytes))
    return body_of_bytes(
        owner, std::string{reinterpret_cast<const char*>(content->data()), content->size()});
  return body_of_source(owner, owner.take_source(source_number(ctx, *first + source)));
}

js_result<body> read_body(duk_context* ctx, duk_idx_t state) {
  const stack_guard guard{ctx};
  state = duk_normalize_index(ctx, state);
  if (auto pushed =
          protect(ctx, 1, [&](duk_context* inner) { duk_get_prop_literal(inner, state, "body"); });
      !pushed)
    return pushed.error();
  if (!duk_is_object(ctx, -1))
    return body{};
  return read_record(ctx, duk_get_top_index(ctx));
}

enum request_field : duk_idx_t {
  method,
  url_field,
  destination,
  mode,
  credentials,
  cache,
  redirect,
  referrer,
  referrer_policy,
  integrity,
  keepalive,
  reload,
  request_field_count
};

constexpr field_names<request_field_count> request_fields{
    "method",   "url",      "destination",    "mode",      "credentials", "cache",
    "redirect", "referrer", "referrerPolicy", "integrity", "keepalive",   "reload"};

fetch_request request_from(duk_context* ctx, duk_idx_t base) {
  fetch_request request;
  request.method = text_at(ctx, base + method);
  request.url = text_at(ctx, base + url_field);
  request.destination = text_at(ctx, base + destination);
  request.mode = enum_at(ctx, base + mode, request_mode::no_cors);
  request.credentials = enum_at(ctx, base + credentials, credentials_mode::same_origin);
  request.cache = enum_at(ctx, base + cache, cache_mode::default_);
  request.redirect = enum_at(ctx, base + redirect, redirect_mode::follow);
  request.referrer = text_at(ctx, base + referrer);
  request.referrer_policy = text_at(ctx, base + referrer_policy);
  request.integrity = text_at(ctx, base + integrity);
  request.keepalive = duk_get_boolean(ctx, base + keepalive) != 0;
  request.is_reload = duk_get_boolean(ctx, base + reload) != 0;
  return request;
}

js_result<std::vector<std::string>> read_urls(duk_context* ctx, duk_idx_t list) {
  std::vector<std::string> urls;
  if (!duk_is_object(ctx, list))
    return urls;
  const auto count = static_cast<duk_uarridx_t>(duk_get_length(ctx, list));
  for (duk_uarridx_t i = 0; i < count; ++i) {
    const stack_guard guard{ctx};
    if (auto pushed =
            protect(ctx, 1, [&](duk_context* inner) { duk_get_prop_index(inner, list, i); });
        !pushed)
      return pushed.error();
    urls.push_back(text_at(ctx, -1));
  }
  return urls;
}

} // namespace

std::string byte_string_at(duk_context* ctx, duk_idx_t index) {
  duk_size_t size = 0;
  const auto* text = duk_get_lstring(ctx, index, &size);
  if (text == nullptr)
    return {};
  if (is_plain_ascii({text, size}))
    return {text, size};
  std::string bytes;
  for (const auto unit : utf16_from_cesu({text, size}))
    bytes.push_back(static_cast<char>(unit));
  return bytes;
}

js_result<fetch_request> read_request(duk_context* ctx, duk_idx_t index) {
  const stack_guard guard{ctx};
  index = duk_normalize_index(ctx, index);
  auto headers = read_headers(ctx, index);
  if (!headers)
    return headers.error();
  auto base = push_fields(ctx, index, request_fields);
  if (!base)
    return base.error();
  auto request = request_from(ctx, *base);
  request.headers = std::move(*headers);
  request.origin = realm::of(ctx).constructor().key.origin;
  auto content = read_body(ctx, index);
  if (!content)
    return content.error();
  request.content = std::move(*content);
  return request;
}

js_result<fetch_response> read_response(duk_context* ctx, duk_idx_t index) {
  enum field : duk_idx_t { type, urls, status, status_text, field_count };
  const stack_guard guard{ctx};
  index = duk_normalize_index(ctx, index);
  auto headers = read_headers(ctx, index);
  if (!headers)
    return headers.error();
  auto base =
      push_fields(ctx, index, field_names<field_count>{"type", "urls", "status", "statusText"});
  if (!base)
    return base.error();
  fetch_response response;
  response.type = enum_at(ctx, *base + type, response_type::default_);
  response.status = static_cast<uint16_t>(duk_get_uint(ctx, *base + status));
  response.status_text = byte_string_at(ctx, *base + status_text);
  response.headers = std::move(*headers);
  auto url_list = read_urls(ctx, *base + urls);
  if (!url_list)
    return url_list.error();
  response.url_list = std::move(*url_list);
  auto content = read_body(ctx, index);
  if (!content)
    return content.error();
  response.content = std::move(*content);
  return response;
}

} // namespace offstage

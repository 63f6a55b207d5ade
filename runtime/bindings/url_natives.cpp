// SPDX-License-Identifier: MIT
// URLs for script: the house's one parser, given and taking strings. The URL object of url.js keeps
// the serialised form and asks for its parts.
#include <array>

#include "protocol/url.hpp"
#include "runtime/bindings/natives.hpp"
#include "runtime/engine_native.hpp"
#include "runtime/engine_text.hpp"

namespace offstage {

namespace {

js_result<int> push_string(duk_context* ctx, std::string_view utf8) {
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, utf8); }); !pushed)
    return pushed.error();
  return 1;
}

std::optional<url> url_at(duk_context* ctx, duk_idx_t index) {
  const auto text = string_at(ctx, index);
  return text ? url::parse(*text) : std::nullopt;
}

/// resolveUrl(text, base or undefined): the href, undefined if it does not parse.
js_result<int> resolve(duk_context* ctx) {
  auto text = to_utf8(ctx, 0);
  if (!text)
    return text.error();
  std::optional<url> parsed;
  if (duk_is_undefined(ctx, 1)) {
    parsed = url::parse(*text);
  } else {
    auto base_text = to_utf8(ctx, 1);
    if (!base_text)
      return base_text.error();
    const auto base = url::parse(*base_text);
    if (!base)
      return 0;
    parsed = url::parse(*text, &*base);
  }
  return parsed ? push_string(ctx, parsed->href()) : js_result<int>{0};
}

js_result<int> has_credentials(duk_context* ctx) {
  const auto parsed = url_at(ctx, 0);
  duk_push_boolean(ctx, parsed && (!parsed->username().empty() || !parsed->password().empty()));
  return 1;
}

js_result<int> origin_of(duk_context* ctx) {
  const auto parsed = url_at(ctx, 0);
  return push_string(ctx, parsed ? parsed->origin() : "null");
}

js_result<int> without_fragment(duk_context* ctx) {
  const auto parsed = url_at(ctx, 0);
  return push_string(ctx, parsed ? parsed->href(url::fragment_mode::exclude) : "");
}

js_result<int> is_http(duk_context* ctx) {
  const auto parsed = url_at(ctx, 0);
  duk_push_boolean(ctx, parsed && parsed->is_http());
  return 1;
}

std::string with_prefix(char prefix, const std::optional<std::string>& text) {
  return text && !text->empty() ? prefix + *text : std::string{};
}

std::string port_of(const url& parsed) {
  return parsed.port() ? std::to_string(*parsed.port()) : std::string{};
}

using part_reader = std::string (*)(const url&);
constexpr std::array<part_reader, 11> parts{
    [](const url& x) { return x.origin(); },
    [](const url& x) { return x.scheme() + ":"; },
    [](const url& x) { return x.username(); },
    [](const url& x) { return x.password(); },
    [](const url& x) {
      const auto port = port_of(x);
      return x.host().value_or("") + (port.empty() ? "" : ":" + port);
    },
    [](const url& x) { return x.host().value_or(""); },
    [](const url& x) { return port_of(x); },
    [](const url& x) { return x.pathname(); },
    [](const url& x) { return with_prefix('?', x.query()); },
    [](const url& x) { return with_prefix('#', x.fragment()); },
    [](const url& x) { return x.href(); },
};

/// urlPart(href, number); the numbers are those of url.js.
js_result<int> part(duk_context* ctx) {
  const auto parsed = url_at(ctx, 0);
  const auto number = duk_get_uint(ctx, 1);
  return push_string(ctx, parsed && number < parts.size() ? parts[number](*parsed) : "");
}

using part_writer = void (url::*)(std::string_view);
constexpr std::array<part_writer, 10> writers{
    nullptr,          &url::set_protocol, &url::set_username, &url::set_password,
    &url::set_host,   &url::set_hostname, &url::set_port,     &url::set_pathname,
    &url::set_search, &url::set_hash,
};

/// setUrlPart(href, number, value): the new href.
js_result<int> set_part(duk_context* ctx) {
  auto parsed = url_at(ctx, 0);
  auto value = to_utf8(ctx, 2);
  if (!value)
    return value.error();
  const auto number = duk_get_uint(ctx, 1);
  if (!parsed || number >= writers.size() || writers[number] == nullptr)
    return js_error::type("not a part of a URL");
  ((*parsed).*writers[number])(*value);
  return push_string(ctx, parsed->href());
}

constexpr native_entry functions[] = {
    {"resolveUrl", native<resolve>, 2, 2},  {"hasCredentials", native<has_credentials>, 1, 1},
    {"originOf", native<origin_of>, 1, 1},  {"withoutFragment", native<without_fragment>, 1, 1},
    {"isHttp", native<is_http>, 1, 1},      {"urlPart", native<part>, 2, 2},
    {"setUrlPart", native<set_part>, 3, 3},
};

} // namespace

void install_url_natives(duk_context* ctx) {
  push_host(ctx);
  define_natives(ctx, -1, functions);
  duk_pop(ctx);
}

} // namespace offstage

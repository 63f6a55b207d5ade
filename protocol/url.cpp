// SPDX-License-Identifier: MIT
#include "protocol/url.hpp"

#include "protocol/url_host.hpp"
#include "protocol/url_parser.hpp"

namespace offstage {

using namespace url_detail;

std::optional<url> url::parse(std::string_view input, const url* base) {
  url record;
  if (!url_parser{record, base, std::nullopt}.run(input))
    return std::nullopt;
  return record;
}

// Spec: URL#concept-url-serializer
std::string url::href(fragment_mode mode) const {
  auto text = scheme_ + ":";
  if (host_) {
    text += "//";
    if (!username_.empty() || !password_.empty()) {
      text += username_;
      if (!password_.empty())
        text += ":" + password_;
      text += "@";
    }
    text += *host_;
    if (port_)
      text += ":" + std::to_string(*port_);
  } else if (!opaque_path_ && path_.starts_with("//")) {
    text += "/.";
  }
  text += path_;
  if (query_)
    text += "?" + *query_;
  if (fragment_ && mode == fragment_mode::include)
    text += "#" + *fragment_;
  return text;
}

std::string url::pathname() const {
  return path_;
}

// Spec: URL#concept-url-origin
std::string url::origin() const {
  if (scheme_ == "blob") {
    const auto inner = parse(path_);
    return inner && inner->is_http() ? inner->origin() : "null";
  }
  if (!is_special() || scheme_ == "file" || !host_)
    return "null";
  auto text = scheme_ + "://" + *host_;
  if (port_)
    text += ":" + std::to_string(*port_);
  return text;
}

bool url::is_special() const {
  return scheme_ == "file" || default_port(scheme_).has_value();
}

uint16_t url::effective_port() const {
  return port_ ? *port_ : default_port(scheme_).value_or(0);
}

bool url::is_potentially_trustworthy() const {
  if (scheme_ == "https" || scheme_ == "wss" || scheme_ == "file")
    return true;
  if (!is_special() || !host_)
    return false;
  return host_->starts_with("127.") || *host_ == "[::1]" || *host_ == "localhost"
         || host_->ends_with(".localhost");
}

bool url::set_href(std::string_view value) {
  auto parsed = parse(value);
  if (parsed)
    *this = std::move(*parsed);
  return parsed.has_value();
}

namespace {

bool cannot_have_credentials_or_port(const url& record) {
  return !record.host() || record.host()->empty() || record.scheme() == "file";
}

void apply(url& record, std::string_view value, url_parser::state state) {
  auto copy = record;
  if (url_parser{copy, nullptr, state}.run(value))
    record = std::move(copy);
}

} // namespace

void url::set_protocol(std::string_view value) {
  apply(*this, std::string{value} + ":", url_parser::state::scheme_start);
}

void url::set_username(std::string_view value) {
  if (!cannot_have_credentials_or_port(*this))
    username_ = encode(value, in_userinfo_set);
}

void url::set_password(std::string_view value) {
  if (!cannot_have_credentials_or_port(*this))
    password_ = encode(value, in_userinfo_set);
}

// A bad port after a good host keeps the host, so the host counts even if the parser then fails.
void url::set_host(std::string_view value) {
  if (opaque_path_)
    return;
  auto copy = *this;
  const bool parsed = url_parser{copy, nullptr, url_parser::state::host}.run(value);
  if (parsed || copy.host_ != host_)
    *this = std::move(copy);
}

void url::set_hostname(std::string_view value) {
  if (!opaque_path_)
    apply(*this, value, url_parser::state::hostname);
}

void url::set_port(std::string_view value) {
  if (cannot_have_credentials_or_port(*this))
    return;
  if (value.empty())
    port_.reset();
  else
    apply(*this, value, url_parser::state::port);
}

void url::set_pathname(std::string_view value) {
  if (opaque_path_)
    return;
  auto copy = *this;
  copy.path_.clear();
  if (url_parser{copy, nullptr, url_parser::state::path_start}.run(value))
    *this = std::move(copy);
}

void url::set_search(std::string_view value) {
  if (value.empty()) {
    query_.reset();
    return;
  }
  if (value.starts_with('?'))
    value.remove_prefix(1);
  auto copy = *this;
  copy.query_ = "";
  if (url_parser{copy, nullptr, url_parser::state::query}.run(value))
    *this = std::move(copy);
}

void url::set_hash(std::string_view value) {
  if (value.empty()) {
    fragment_.reset();
    return;
  }
  if (value.starts_with('#'))
    value.remove_prefix(1);
  auto copy = *this;
  copy.fragment_ = "";
  if (url_parser{copy, nullptr, url_parser::state::fragment}.run(value))
    *this = std::move(copy);
}

} // namespace offstage

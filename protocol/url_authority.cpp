// SPDX-License-Identifier: MIT

// The parser's states up to the path: scheme, relative references, authority, host, port and file
// URLs.

#include "protocol/url_host.hpp"
#include "protocol/url_parser.hpp"

namespace offstage {

using namespace url_detail;

namespace {

bool is_alpha(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(int c) {
  return c >= '0' && c <= '9';
}
char lower(int c) {
  return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool is_special_scheme(std::string_view scheme) {
  return scheme == "file" || default_port(scheme).has_value();
}

} // namespace

url_parser::verdict url_parser::on_scheme_start(int c) {
  if (is_alpha(c)) {
    buffer_ += lower(c);
    go(state::scheme);
    return verdict::go_on;
  }
  if (override_)
    return verdict::failure;
  go_back(state::no_scheme);
  return verdict::go_on;
}

url_parser::verdict url_parser::on_scheme(int c) {
  if (is_alpha(c) || is_digit(c) || c == '+' || c == '-' || c == '.') {
    buffer_ += lower(c);
    return verdict::go_on;
  }
  if (c == ':')
    return finish_scheme();
  if (override_)
    return verdict::failure;
  buffer_.clear();
  at_ = -1;
  go(state::no_scheme);
  return verdict::go_on;
}

url_parser::verdict url_parser::finish_scheme() {
  if (override_) {
    if (is_special_scheme(record_.scheme_) != is_special_scheme(buffer_))
      return verdict::done;
    const bool has_credentials_or_port =
        !record_.username_.empty() || !record_.password_.empty() || record_.port_;
    if (has_credentials_or_port && buffer_ == "file")
      return verdict::done;
    if (record_.scheme_ == "file" && (!record_.host_ || record_.host_->empty()))
      return verdict::done;
  }
  record_.scheme_ = std::move(buffer_);
  buffer_.clear();
  if (override_) {
    if (record_.port_ == default_port(record_.scheme_))
      record_.port_.reset();
    return verdict::done;
  }
  if (record_.scheme_ == "file") {
    go(state::file);
  } else if (special()) {
    const bool same = base_ != nullptr && base_->scheme_ == record_.scheme_;
    go(same ? state::special_relative_or_authority : state::special_authority_slashes);
  } else if (remaining().starts_with('/')) {
    go(state::path_or_authority);
    ++at_;
  } else {
    record_.path_.clear();
    record_.opaque_path_ = true;
    go(state::opaque_path);
  }
  return verdict::go_on;
}

url_parser::verdict url_parser::on_no_scheme(int c) {
  if (base_ == nullptr || (base_->opaque_path_ && c != '#'))
    return verdict::failure;
  if (base_->opaque_path_) {
    record_.scheme_ = base_->scheme_;
    record_.path_ = base_->path_;
    record_.opaque_path_ = true;
    record_.query_ = base_->query_;
    record_.fragment_ = "";
    go(state::fragment);
    return verdict::go_on;
  }
  go_back(base_->scheme_ == "file" ? state::file : state::relative);
  return verdict::go_on;
}

url_parser::verdict url_parser::on_special_relative_or_authority(int c) {
  if (c == '/' && remaining().starts_with('/')) {
    go(state::special_authority_ignore_slashes);
    ++at_;
  } else {
    go_back(state::relative);
  }
  return verdict::go_on;
}

url_parser::verdict url_parser::on_path_or_authority(int c) {
  if (c == '/')
    go(state::authority);
  else
    go_back(state::path);
  segments_dirty_ = true;
  return verdict::go_on;
}

url_parser::verdict url_parser::on_relative(int c) {
  record_.scheme_ = base_->scheme_;
  if (c == '/') {
    go(state::relative_slash);
    return verdict::go_on;
  }
  if (is_backslash(c)) {
    go(state::relative_slash);
    return verdict::go_on;
  }
  record_.username_ = base_->username_;
  record_.password_ = base_->password_;
  record_.host_ = base_->host_;
  record_.port_ = base_->port_;
  record_.query_ = base_->query_;
  take_base_path();
  if (c == '?') {
    record_.query_ = "";
    go(state::query);
  } else if (c == '#') {
    record_.fragment_ = "";
    go(state::fragment);
  } else if (c != end_of_input) {
    record_.query_.reset();
    shorten_path();
    go_back(state::path);
  }
  return verdict::go_on;
}

url_parser::verdict url_parser::on_relative_slash(int c) {
  if (special() && (c == '/' || c == '\\')) {
    go(state::special_authority_ignore_slashes);
  } else if (c == '/') {
    go(state::authority);
  } else {
    record_.username_ = base_->username_;
    record_.password_ = base_->password_;
    record_.host_ = base_->host_;
    record_.port_ = base_->port_;
    segments_dirty_ = true;
    go_back(state::path);
  }
  return verdict::go_on;
}

url_parser::verdict url_parser::on_special_authority_slashes(int c) {
  if (c == '/' && remaining().starts_with('/')) {
    go(state::special_authority_ignore_slashes);
    ++at_;
  } else {
    go_back(state::special_authority_ignore_slashes);
  }
  return verdict::go_on;
}

url_parser::verdict url_parser::on_special_authority_ignore_slashes(int c) {
  if (c != '/' && c != '\\')
    go_back(state::authority);
  return verdict::go_on;
}

url_parser::verdict url_parser::on_authority(int c) {
  if (c == '@') {
    if (at_sign_seen_)
      buffer_ = "%40" + buffer_;
    at_sign_seen_ = true;
    for (const char byte : buffer_) {
      if (byte == ':' && !password_token_seen_) {
        password_token_seen_ = true;
        continue;
      }
      append_encoded(password_token_seen_ ? record_.password_ : record_.username_,
                     static_cast<unsigned char>(byte), in_userinfo_set);
    }
    buffer_.clear();
    return verdict::go_on;
  }
  if (ends_authority(c)) {
    if (at_sign_seen_ && buffer_.empty())
      return verdict::failure;
    at_ -= static_cast<ptrdiff_t>(buffer_.size()) + 1;
    buffer_.clear();
    go(state::host);
    return verdict::go_on;
  }
  buffer_ += static_cast<char>(c);
  return verdict::go_on;
}

url_parser::verdict url_parser::on_host(int c) {
  if (override_ && record_.scheme_ == "file") {
    go_back(state::file_host);
    return verdict::go_on;
  }
  if (c == ':' && !inside_brackets_) {
    if (buffer_.empty() || override_ == state::hostname)
      return verdict::failure;
    auto host = parse_host(buffer_, !special());
    if (!host)
      return verdict::failure;
    record_.host_ = std::move(host);
    buffer_.clear();
    go(state::port);
    return verdict::go_on;
  }
  if (ends_authority(c)) {
    --at_;
    if (special() && buffer_.empty())
      return verdict::failure;
    const bool has_credentials_or_port =
        !record_.username_.empty() || !record_.password_.empty() || record_.port_;
    if (override_ && buffer_.empty() && has_credentials_or_port)
      return verdict::failure;
    auto host = buffer_.empty() ? std::optional<std::string>{""} : parse_host(buffer_, !special());
    if (!host)
      return verdict::failure;
    record_.host_ = std::move(host);
    buffer_.clear();
    go(state::path_start);
    return override_ ? verdict::done : verdict::go_on;
  }
  if (c == '[')
    inside_brackets_ = true;
  if (c == ']')
    inside_brackets_ = false;
  buffer_ += static_cast<char>(c);
  return verdict::go_on;
}

url_parser::verdict url_parser::on_port(int c) {
  if (is_digit(c)) {
    buffer_ += static_cast<char>(c);
    return verdict::go_on;
  }
  if (!ends_authority(c) && !override_)
    return verdict::failure;
  if (!buffer_.empty()) {
    uint32_t port = 0;
    for (const char digit : buffer_) {
      port = port * 10 + static_cast<uint32_t>(digit - '0');
      if (port > 65'535)
        return verdict::failure;
    }
    const auto value = static_cast<uint16_t>(port);
    record_.port_ = default_port(record_.scheme_) == value ? std::nullopt : std::optional{value};
    buffer_.clear();
    if (override_)
      return verdict::done;
  }
  if (override_)
    return verdict::failure;
  go_back(state::path_start);
  return verdict::go_on;
}

url_parser::verdict url_parser::on_file(int c) {
  record_.scheme_ = "file";
  record_.host_ = "";
  if (c == '/' || c == '\\') {
    go(state::file_slash);
    return verdict::go_on;
  }
  if (base_ == nullptr || base_->scheme_ != "file") {
    segments_dirty_ = true;
    go_back(state::path);
    return verdict::go_on;
  }
  record_.host_ = base_->host_;
  record_.query_ = base_->query_;
  take_base_path();
  if (c == '?') {
    record_.query_ = "";
    go(state::query);
  } else if (c == '#') {
    record_.fragment_ = "";
    go(state::fragment);
  } else if (c != end_of_input) {
    record_.query_.reset();
    if (windows_drive_letter_ahead(static_cast<size_t>(at_)))
      segments_.clear();
    else
      shorten_path();
    go_back(state::path);
  }
  return verdict::go_on;
}

url_parser::verdict url_parser::on_file_slash(int c) {
  if (c == '/' || c == '\\') {
    go(state::file_host);
    return verdict::go_on;
  }
  segments_dirty_ = true;
  if (base_ != nullptr && base_->scheme_ == "file") {
    record_.host_ = base_->host_;
    const std::string_view path = base_->path_;
    const bool drive = path.size() >= 3 && path[0] == '/' && is_alpha(path[1]) && path[2] == ':'
                       && (path.size() == 3 || path[3] == '/');
    if (drive && !windows_drive_letter_ahead(static_cast<size_t>(at_)))
      segments_.emplace_back(path.substr(1, 2));
  }
  go_back(state::path);
  return verdict::go_on;
}

url_parser::verdict url_parser::on_file_host(int c) {
  const bool ends = c == end_of_input || c == '/' || c == '\\' || c == '?' || c == '#';
  if (!ends) {
    buffer_ += static_cast<char>(c);
    return verdict::go_on;
  }
  --at_;
  const bool drive =
      buffer_.size() == 2 && is_alpha(buffer_[0]) && (buffer_[1] == ':' || buffer_[1] == '|');
  if (!override_ && drive) {
    segments_dirty_ = true;
    go(state::path);
    return verdict::go_on;
  }
  if (buffer_.empty()) {
    record_.host_ = "";
  } else {
    auto host = parse_host(buffer_, !special());
    if (!host)
      return verdict::failure;
    record_.host_ = *host == "localhost" ? "" : std::move(host);
    buffer_.clear();
  }
  if (override_)
    return verdict::done;
  go(state::path_start);
  return verdict::go_on;
}

} // namespace offstage

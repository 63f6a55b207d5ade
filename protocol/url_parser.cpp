// SPDX-License-Identifier: MIT
#include "protocol/url_parser.hpp"

#include <cctype>

#include "protocol/url_host.hpp"

namespace offstage {

using namespace url_detail;

namespace {

bool is_alpha(int c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
char lower(int c) {
  return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
}

bool is_windows_drive_letter(std::string_view text) {
  return text.size() == 2 && is_alpha(text[0]) && (text[1] == ':' || text[1] == '|');
}

bool is_normalized_drive_letter(std::string_view text) {
  return is_windows_drive_letter(text) && text[1] == ':';
}

std::string lower_copy(std::string_view text) {
  std::string result;
  for (const char c : text)
    result += lower(c);
  return result;
}

bool is_single_dot(std::string_view text) {
  return text == "." || lower_copy(text) == "%2e";
}

bool is_double_dot(std::string_view text) {
  const auto low = lower_copy(text);
  return low == ".." || low == ".%2e" || low == "%2e." || low == "%2e%2e";
}

} // namespace

std::optional<uint16_t> default_port(std::string_view scheme) {
  if (scheme == "http" || scheme == "ws")
    return 80;
  if (scheme == "https" || scheme == "wss")
    return 443;
  if (scheme == "ftp")
    return 21;
  return std::nullopt;
}

std::string_view url_parser::remaining() const {
  const auto next = static_cast<size_t>(at_ + 1);
  return next <= input_.size() ? std::string_view{input_}.substr(next) : std::string_view{};
}

// Spec: URL#starts-with-a-windows-drive-letter
bool url_parser::windows_drive_letter_ahead(size_t from) const {
  const auto rest = std::string_view{input_}.substr(from);
  if (rest.size() < 2 || !is_windows_drive_letter(rest.substr(0, 2)))
    return false;
  return rest.size() == 2 || std::string_view{"/\\?#"}.find(rest[2]) != std::string_view::npos;
}

// Spec: URL#pop-a-urls-path
void url_parser::shorten_path() {
  segments_dirty_ = true;
  if (record_.scheme_ == "file" && segments_.size() == 1
      && is_normalized_drive_letter(segments_[0]))
    return;
  if (!segments_.empty())
    segments_.pop_back();
}

void url_parser::take_base_path() {
  segments_.clear();
  segments_dirty_ = true;
  const std::string_view path = base_->path_;
  for (size_t start = 0; start < path.size();) {
    auto end = path.find('/', start + 1);
    if (end == std::string_view::npos)
      end = path.size();
    segments_.emplace_back(path.substr(start + 1, end - start - 1));
    start = end;
  }
}

void url_parser::store_path() {
  if (record_.opaque_path_ || !segments_dirty_)
    return;
  record_.path_.clear();
  for (const auto& segment : segments_)
    record_.path_ += "/" + segment;
}

// Spec: URL#concept-basic-url-parser
bool url_parser::run(std::string_view input) {
  if (!override_) {
    while (!input.empty() && static_cast<unsigned char>(input.front()) <= 0x20)
      input.remove_prefix(1);
    while (!input.empty() && static_cast<unsigned char>(input.back()) <= 0x20)
      input.remove_suffix(1);
  }
  for (const char c : input)
    if (c != '\t' && c != '\n' && c != '\r')
      input_ += c;
  state_ = override_.value_or(state::scheme_start);
  for (at_ = 0;; ++at_) {
    const auto size = static_cast<ptrdiff_t>(input_.size());
    const int c =
        at_ < size ? static_cast<unsigned char>(input_[static_cast<size_t>(at_)]) : end_of_input;
    const auto result = step(c);
    if (result == verdict::failure)
      return false;
    if (result == verdict::done || (c == end_of_input && at_ >= size))
      break;
  }
  store_path();
  return true;
}

url_parser::verdict url_parser::step(int c) {
  switch (state_) {
  case state::scheme_start:
    return on_scheme_start(c);
  case state::scheme:
    return on_scheme(c);
  case state::no_scheme:
    return on_no_scheme(c);
  case state::special_relative_or_authority:
    return on_special_relative_or_authority(c);
  case state::path_or_authority:
    return on_path_or_authority(c);
  case state::relative:
    return on_relative(c);
  case state::relative_slash:
    return on_relative_slash(c);
  case state::special_authority_slashes:
    return on_special_authority_slashes(c);
  case state::special_authority_ignore_slashes:
    return on_special_authority_ignore_slashes(c);
  case state::authority:
    return on_authority(c);
  case state::host:
  case state::hostname:
    return on_host(c);
  case state::port:
    return on_port(c);
  case state::file:
    return on_file(c);
  case state::file_slash:
    return on_file_slash(c);
  case state::file_host:
    return on_file_host(c);
  case state::path_start:
    return on_path_start(c);
  case state::path:
    return on_path(c);
  case state::opaque_path:
    return on_opaque_path(c);
  case state::query:
    return on_query(c);
  case state::fragment:
    return on_fragment(c);
  }
  return verdict::failure;
}

url_parser::verdict url_parser::on_path_start(int c) {
  if (special()) {
    if (c == '/' || c == '\\')
      go(state::path);
    else
      go_back(state::path);
    segments_dirty_ = true;
    return verdict::go_on;
  }
  if (!override_ && c == '?') {
    record_.query_ = "";
    go(state::query);
  } else if (!override_ && c == '#') {
    record_.fragment_ = "";
    go(state::fragment);
  } else if (c != end_of_input) {
    segments_dirty_ = true;
    if (c == '/')
      go(state::path);
    else
      go_back(state::path);
  } else if (override_ && !record_.host_) {
    segments_.emplace_back();
    segments_dirty_ = true;
  }
  return verdict::go_on;
}

void url_parser::end_segment(int c) {
  const bool slash = c == '/' || is_backslash(c);
  if (is_double_dot(buffer_)) {
    shorten_path();
    if (!slash)
      segments_.emplace_back();
  } else if (is_single_dot(buffer_)) {
    if (!slash)
      segments_.emplace_back();
  } else {
    if (record_.scheme_ == "file" && segments_.empty() && is_windows_drive_letter(buffer_))
      buffer_[1] = ':';
    segments_.push_back(buffer_);
  }
  segments_dirty_ = true;
  buffer_.clear();
}

url_parser::verdict url_parser::on_path(int c) {
  const bool ends =
      c == end_of_input || c == '/' || is_backslash(c) || (!override_ && (c == '?' || c == '#'));
  if (!ends) {
    append_encoded(buffer_, static_cast<unsigned char>(c), in_path_set);
    return verdict::go_on;
  }
  end_segment(c);
  if (c == '?') {
    record_.query_ = "";
    go(state::query);
  } else if (c == '#') {
    record_.fragment_ = "";
    go(state::fragment);
  }
  return verdict::go_on;
}

url_parser::verdict url_parser::on_opaque_path(int c) {
  if (c == '?') {
    record_.query_ = "";
    go(state::query);
  } else if (c == '#') {
    record_.fragment_ = "";
    go(state::fragment);
  } else if (c == ' ') {
    const auto rest = remaining();
    record_.path_ += !rest.empty() && (rest[0] == '?' || rest[0] == '#') ? "%20" : " ";
  } else if (c != end_of_input) {
    append_encoded(record_.path_, static_cast<unsigned char>(c), in_c0_control_set);
  }
  return verdict::go_on;
}

url_parser::verdict url_parser::on_query(int c) {
  if ((!override_ && c == '#') || c == end_of_input) {
    *record_.query_ += encode(buffer_, special() ? in_special_query_set : in_query_set);
    buffer_.clear();
    if (c == '#') {
      record_.fragment_ = "";
      go(state::fragment);
    }
    return verdict::go_on;
  }
  buffer_ += static_cast<char>(c);
  return verdict::go_on;
}

url_parser::verdict url_parser::on_fragment(int c) {
  if (c != end_of_input)
    append_encoded(*record_.fragment_, static_cast<unsigned char>(c), in_fragment_set);
  return verdict::go_on;
}

} // namespace offstage

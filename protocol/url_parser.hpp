// SPDX-License-Identifier: MIT
#pragma once

// The basic URL parser as a state machine over bytes; used by url.cpp only. One parser parses one
// input.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/url.hpp"

namespace offstage {

class url_parser {
public:
  enum class state {
    scheme_start,
    scheme,
    no_scheme,
    special_relative_or_authority,
    path_or_authority,
    relative,
    relative_slash,
    special_authority_slashes,
    special_authority_ignore_slashes,
    authority,
    host,
    hostname,
    port,
    file,
    file_slash,
    file_host,
    path_start,
    path,
    opaque_path,
    query,
    fragment,
  };

  enum class verdict { go_on, done, failure };

  url_parser(url& record, const url* base, std::optional<state> override_state)
      : record_(record), base_(base), override_(override_state) {}

  /// False on failure; with a state override the record may then be half changed, so callers work
  /// on a copy.
  bool run(std::string_view input);

private:
  static constexpr int end_of_input = -1;

  verdict step(int c);
  verdict on_scheme_start(int c);
  verdict on_scheme(int c);
  verdict finish_scheme();
  verdict on_no_scheme(int c);
  verdict on_special_relative_or_authority(int c);
  verdict on_path_or_authority(int c);
  verdict on_relative(int c);
  verdict on_relative_slash(int c);
  verdict on_special_authority_slashes(int c);
  verdict on_special_authority_ignore_slashes(int c);
  verdict on_authority(int c);
  verdict on_host(int c);
  verdict on_port(int c);
  verdict on_file(int c);
  verdict on_file_slash(int c);
  verdict on_file_host(int c);
  verdict on_path_start(int c);
  verdict on_path(int c);
  verdict on_opaque_path(int c);
  verdict on_query(int c);
  verdict on_fragment(int c);

  void go(state next) { state_ = next; }
  void go_back(state next) {
    state_ = next;
    --at_;
  }
  bool special() const { return record_.is_special(); }
  bool is_backslash(int c) const { return special() && c == '\\'; }
  bool ends_authority(int c) const {
    return c == end_of_input || c == '/' || c == '?' || c == '#' || is_backslash(c);
  }
  std::string_view remaining() const;
  bool windows_drive_letter_ahead(size_t from) const;
  void shorten_path();
  void take_base_path();
  void end_segment(int c);
  void store_path();

  url& record_;
  const url* base_;
  std::optional<state> override_;
  state state_ = state::scheme_start;
  std::string input_;
  ptrdiff_t at_ = 0;
  std::string buffer_;
  std::vector<std::string> segments_;
  bool segments_dirty_ = false;
  bool at_sign_seen_ = false;
  bool inside_brackets_ = false;
  bool password_token_seen_ = false;
};

/// The default port of a special scheme, if it has one.
std::optional<uint16_t> default_port(std::string_view scheme);

} // namespace offstage

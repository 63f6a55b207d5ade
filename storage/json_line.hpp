// SPDX-License-Identifier: MIT
#pragma once

// Writes one flat or nested JSON value without line breaks. A value; used by storage_export.

#include <cstdint>
#include <string>
#include <string_view>

namespace offstage {

class json_line {
public:
  /// Begins an object with its kind.
  explicit json_line(std::string_view kind) { begin('{').text("kind", kind); }

  json_line& text(std::string_view name, std::string_view value);
  json_line& number(std::string_view name, uint64_t value);
  json_line& boolean(std::string_view name, bool value);
  /// Text if the bytes are UTF-8, else base64 in a member whose name says so.
  json_line& bytes(std::string_view name, std::string_view value);
  /// Always base64.
  json_line& base64(std::string_view name, std::string_view value);

  /// Lists of strings and of pairs.
  json_line& begin_list(std::string_view name);
  json_line& item(std::string_view value);
  json_line& pair(std::string_view first, std::string_view second);
  json_line& end_list();

  std::string take();

private:
  json_line& begin(char bracket);
  void separate();
  void member(std::string_view name);
  void quote(std::string_view value);

  std::string out_;
  bool is_first_ = true;
};

} // namespace offstage

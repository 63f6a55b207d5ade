// SPDX-License-Identifier: MIT
#include "runtime/extras/multipart.hpp"

#include <algorithm>

namespace offstage {

namespace {

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view blanks = " \t";

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string lowered(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

bool skip(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix))
    return false;
  text.remove_prefix(prefix.size());
  return true;
}

// The value of a parameter, quoted or not, up to its end; `text` stands behind the `=`.
std::optional<std::string> take_value(std::string_view& text, bool has_escapes) {
  std::string value;
  if (!skip(text, "\"")) {
    const auto end = std::min(text.find(';'), text.size());
    value = trim(text.substr(0, end));
    text.remove_prefix(end);
    return value;
  }
  while (!text.empty()) {
    const auto c = text.front();
    text.remove_prefix(1);
    if (c == '"')
      return value;
    const bool escapes = has_escapes && c == '\\' && !text.empty();
    value += escapes ? text.front() : c;
    if (escapes)
      text.remove_prefix(1);
  }
  return std::nullopt;
}

// Calls take(name, value) for each `; name=value`. False if the list is broken.
template <class Take>
bool for_parameters(std::string_view text, bool has_escapes, Take take) {
  for (text = trim(text); !text.empty(); text = trim(text)) {
    if (!skip(text, ";"))
      return false;
    const auto equals = text.find('=');
    if (equals == std::string_view::npos)
      return trim(text).empty();
    const auto name = lowered(trim(text.substr(0, equals)));
    text.remove_prefix(equals + 1);
    auto value = take_value(text, has_escapes);
    if (!value)
      return false;
    take(name, std::move(*value));
  }
  return true;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string unescape_name(std::string name) {
  replace_all(name, "%0A", "\n");
  replace_all(name, "%0D", "\r");
  replace_all(name, "%22", "\"");
  return name;
}

std::string escape_name(std::string name) {
  replace_all(name, "\n", "%0A");
  replace_all(name, "\r", "%0D");
  replace_all(name, "\"", "%22");
  return name;
}

bool read_disposition(std::string_view value, form_part& part) {
  bool has_name = false;
  const auto type_end = std::min(value.find(';'), value.size());
  if (lowered(trim(value.substr(0, type_end))) != "form-data")
    return false;
  const bool good = for_parameters(value.substr(type_end), false,
                                   [&](const std::string& name, std::string given) {
                                     if (name == "name") {
                                       part.name = unescape_name(std::move(given));
                                       has_name = true;
                                     } else if (name == "filename") {
                                       part.file_name = unescape_name(std::move(given));
                                     }
                                   });
  return good && has_name;
}

// Reads header lines up to the empty one. False if they are no head of a form's part.
bool read_head(std::string_view head, form_part& part) {
  bool has_disposition = false;
  part.type = "text/plain";
  while (!head.empty()) {
    const auto end = std::min(head.find(line_end), head.size());
    const auto line = head.substr(0, end);
    head.remove_prefix(std::min(end + line_end.size(), head.size()));
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0)
      return false;
    const auto name = lowered(line.substr(0, colon));
    const auto value = trim(line.substr(colon + 1));
    if (name == "content-disposition") {
      if (has_disposition || !read_disposition(value, part))
        return false;
      has_disposition = true;
    } else if (name == "content-type") {
      part.type = value;
    }
  }
  return has_disposition;
}

// Takes one part from behind its boundary up to the line end before the next.
bool take_part(std::string_view& text, std::string_view delimiter, form_part& part) {
  const auto head_end = text.substr(0, form_head_bytes_max).find("\r\n\r\n");
  if (head_end == std::string_view::npos || !read_head(text.substr(0, head_end), part))
    return false;
  text.remove_prefix(head_end + 2 * line_end.size());
  // An empty value has its delimiter's line end in common with nothing: search from here.
  const auto end = text.find(delimiter);
  if (end == std::string_view::npos)
    return false;
  part.bytes = text.substr(0, end);
  text.remove_prefix(end + delimiter.size());
  return true;
}

} // namespace

std::string multipart_boundary(std::string_view content_type) {
  const auto type_end = std::min(content_type.find(';'), content_type.size());
  if (lowered(trim(content_type.substr(0, type_end))) != "multipart/form-data")
    return {};
  std::string boundary;
  const bool good = for_parameters(content_type.substr(type_end), true,
                                   [&](const std::string& name, std::string value) {
                                     if (name == "boundary" && boundary.empty())
                                       boundary = std::move(value);
                                   });
  return good && boundary.size() <= form_boundary_bytes_max ? boundary : std::string{};
}

std::optional<std::vector<form_part>> parse_multipart(std::string_view body,
                                                      std::string_view boundary) {
  std::vector<form_part> parts;
  const auto delimiter = "\r\n--" + std::string{boundary};
  skip(body, line_end);
  if (boundary.empty() || !skip(body, std::string_view{delimiter}.substr(line_end.size())))
    return std::nullopt;
  while (!body.starts_with("--")) {
    form_part part;
    body.remove_prefix(std::min(body.find_first_not_of(blanks), body.size()));
    if (parts.size() == form_parts_max || !skip(body, line_end)
        || !take_part(body, delimiter, part))
      return std::nullopt;
    parts.push_back(std::move(part));
  }
  return parts;
}

void append_part(std::string& body, std::string_view boundary, const form_part& part) {
  body.append("--").append(boundary).append("\r\nContent-Disposition: form-data; name=\"");
  body.append(escape_name(part.name)).append("\"");
  if (part.file_name) {
    body.append("; filename=\"").append(escape_name(*part.file_name));
    body.append("\"\r\nContent-Type: ");
    body.append(part.type.empty() ? "application/octet-stream" : part.type);
  }
  body.append("\r\n\r\n").append(part.bytes).append(line_end);
}

void append_end(std::string& body, std::string_view boundary) {
  body.append("--").append(boundary).append("--\r\n");
}

} // namespace offstage

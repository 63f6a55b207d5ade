// SPDX-License-Identifier: MIT
#include "protocol/headers.hpp"

#include <algorithm>

namespace offstage {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

bool is_token_char(char c) {
  const auto alphanumeric =
      (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  return alphanumeric
         || (c != '\0' && std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos);
}

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

} // namespace

bool equal_names(std::string_view a, std::string_view b) {
  return std::ranges::equal(a, b, [](char x, char y) { return lower(x) == lower(y); });
}

bool is_header_name(std::string_view name) {
  return !name.empty() && std::ranges::all_of(name, is_token_char);
}

bool is_header_value(std::string_view value) {
  if (!value.empty() && (is_blank(value.front()) || is_blank(value.back())))
    return false;
  return std::ranges::none_of(value, [](char c) { return c == '\0' || c == '\n' || c == '\r'; });
}

std::optional<std::string> header_list::get(std::string_view name) const {
  std::optional<std::string> result;
  for (const auto& item : items_) {
    if (!equal_names(item.name, name))
      continue;
    if (result)
      *result += ", " + item.value;
    else
      result = item.value;
  }
  return result;
}

bool header_list::has(std::string_view name) const {
  return std::ranges::any_of(items_, [&](const header& x) { return equal_names(x.name, name); });
}

void header_list::set(std::string_view name, std::string value) {
  const auto same = [&](const header& x) { return equal_names(x.name, name); };
  const auto first = std::ranges::find_if(items_, same);
  if (first == items_.end()) {
    items_.push_back({std::string{name}, std::move(value)});
    return;
  }
  first->value = std::move(value);
  items_.erase(std::remove_if(first + 1, items_.end(), same), items_.end());
}

void header_list::remove(std::string_view name) {
  std::erase_if(items_, [&](const header& x) { return equal_names(x.name, name); });
}

} // namespace offstage

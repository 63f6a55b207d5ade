// SPDX-License-Identifier: MIT
#pragma once

// How scripts spell the enumerations of the protocol.

#include <array>
#include <optional>
#include <string_view>

#include "protocol/client.hpp"
#include "protocol/registration.hpp"
#include "protocol/request.hpp"
#include "protocol/response.hpp"

namespace offstage {

template <class Enum>
struct names_of;

template <>
struct names_of<request_mode> {
  static constexpr std::array<std::string_view, 4> value{"navigate", "same-origin", "no-cors",
                                                         "cors"};
};

template <>
struct names_of<credentials_mode> {
  static constexpr std::array<std::string_view, 3> value{"omit", "same-origin", "include"};
};

template <>
struct names_of<cache_mode> {
  static constexpr std::array<std::string_view, 6> value{
      "default", "no-store", "reload", "no-cache", "force-cache", "only-if-cached"};
};

template <>
struct names_of<redirect_mode> {
  static constexpr std::array<std::string_view, 3> value{"follow", "error", "manual"};
};

template <>
struct names_of<response_type> {
  static constexpr std::array<std::string_view, 6> value{"default", "basic",  "cors",
                                                         "error",   "opaque", "opaqueredirect"};
};

template <>
struct names_of<worker_state> {
  static constexpr std::array<std::string_view, 6> value{"parsed",     "installing", "installed",
                                                         "activating", "activated",  "redundant"};
};

template <>
struct names_of<update_via_cache> {
  static constexpr std::array<std::string_view, 3> value{"imports", "all", "none"};
};

template <>
struct names_of<client_type> {
  static constexpr std::array<std::string_view, 4> value{"window", "worker", "sharedworker", "all"};
};

template <>
struct names_of<frame_type> {
  static constexpr std::array<std::string_view, 4> value{"none", "top-level", "nested",
                                                         "auxiliary"};
};

/// An out-of-range value, which only a broken peer sends, is read as the first one.
template <class Enum>
constexpr std::string_view name_of(Enum value) {
  const auto index = static_cast<size_t>(value);
  constexpr auto& names = names_of<Enum>::value;
  return index < names.size() ? names[index] : names[0];
}

template <class Enum>
constexpr std::optional<Enum> enum_of(std::string_view name) {
  constexpr auto& names = names_of<Enum>::value;
  for (size_t i = 0; i < names.size(); ++i)
    if (names[i] == name)
      return static_cast<Enum>(i);
  return std::nullopt;
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// A header list as Fetch defines it: an ordered list of name-value pairs, names compared without
// case. Guards belong to the script's Headers objects, not to this value. Values are byte strings.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "protocol/bounded.hpp"
#include "protocol/limits_of_wire.hpp"

namespace offstage {

struct header {
  std::string name;
  std::string value;

  friend bool operator==(const header&, const header&) = default;

  template <class Inspector>
  friend auto inspect(Inspector& f, header& x) {
    return f(caf::meta::type_name("header"), x.name, x.value);
  }
};

class header_list {
public:
  const std::vector<header>& items() const { return items_; }
  size_t size() const { return items_.size(); }

  /// All values of a name joined with ", "; nothing if the name is absent.
  std::optional<std::string> get(std::string_view name) const;
  bool has(std::string_view name) const;
  void append(std::string name, std::string value) {
    items_.push_back({std::move(name), std::move(value)});
  }
  /// Replaces the first value and removes the others, or appends.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);

  friend bool operator==(const header_list&, const header_list&) = default;

  template <class Inspector>
  friend auto inspect(Inspector& f, header_list& x) {
    return f(caf::meta::type_name("header_list"), at_most(wire::header_count_max, x.items_));
  }

private:
  std::vector<header> items_;
};

/// ASCII case-insensitive comparison.
bool equal_names(std::string_view a, std::string_view b);

/// Spec-conformant token check of a header name and check of a normalised header value.
bool is_header_name(std::string_view name);
bool is_header_value(std::string_view value);

} // namespace offstage

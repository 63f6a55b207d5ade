// SPDX-License-Identifier: MIT
#pragma once
// \p{...} of JavaScript in PCRE2's words.

#include <optional>
#include <string>
#include <string_view>

namespace offstage {

struct pcre_property_name {
  std::string name;
  bool inverted = false;
};

// Nothing when JavaScript knows no such property. Script names are left for PCRE2 to check.
// ECMAScript: table-nonbinary-unicode-properties
std::optional<pcre_property_name> pcre_property(const std::string& expression);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The partition by which everything is stored: the serialised origin of a worker's script.

#include <compare>
#include <string>

#include <caf/meta/type_name.hpp>

namespace offstage {

struct storage_key {
  std::string origin; ///< "https://host[:port]", as the URL Standard serialises it.

  friend auto operator<=>(const storage_key&, const storage_key&) = default;

  template <class Inspector>
  friend auto inspect(Inspector& f, storage_key& x) {
    return f(caf::meta::type_name("storage_key"), x.origin);
  }
};

} // namespace offstage

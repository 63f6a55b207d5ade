// SPDX-License-Identifier: MIT
#pragma once

// The partition by which everything is stored: the serialised origin of a worker's script.

#include <compare>
#include <cstdint>
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

/// What a storage key uses of what it may use.
struct storage_figures {
  uint64_t usage_bytes = 0;
  uint64_t quota_bytes = 0;
  bool persisted = false; ///< It is not evicted when the node's storage is full.

  template <class Inspector>
  friend auto inspect(Inspector& f, storage_figures& x) {
    return f(caf::meta::type_name("storage_figures"), x.usage_bytes, x.quota_bytes, x.persisted);
  }
};

} // namespace offstage

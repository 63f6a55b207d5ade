// SPDX-License-Identifier: MIT
#pragma once

// A captured value of a script: the bytes of structured serialize, immutable from the moment of
// capture. Only runtime/ reads them; everybody else carries them.

#include <caf/meta/type_name.hpp>

#include "protocol/shared_bytes.hpp"

namespace offstage {

struct structured_clone {
  shared_bytes
      bytes; ///< The format and its version are described in runtime/structured_serialize.cpp.

  template <class Inspector>
  friend auto inspect(Inspector& f, structured_clone& x) {
    return f(caf::meta::type_name("structured_clone"), x.bytes);
  }
};

} // namespace offstage

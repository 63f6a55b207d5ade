// SPDX-License-Identifier: MIT
#pragma once

// A TCP port that nobody listens on: origins are made before the gateway listens, and they name the
// port. Another program may take it in between; the gateway then fails to start with a clear error.

#include <cstdint>
#include <string>

namespace offstage {

/// 0 if there is none.
uint16_t find_free_port(const std::string& address);

} // namespace offstage

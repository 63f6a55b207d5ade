// SPDX-License-Identifier: MIT
#pragma once

// `offstage serve`: a node with its gateway, until SIGINT or SIGTERM.

#include <string>
#include <vector>

namespace offstage {

/// Arguments after the verb. Returns the exit code: 0 after a clean stop, 1 if it could not start,
/// 2 for bad usage.
int serve(const std::vector<std::string>& arguments);

} // namespace offstage

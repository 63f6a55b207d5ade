// SPDX-License-Identifier: MIT
#pragma once

// `offstage storage check|stats|export DIR`: looks at a data directory that no node runs on.

#include <string>
#include <vector>

namespace offstage {

/// Arguments after the verb. Returns the exit code: 0 done and nothing wrong, 1 if the directory
/// has damage, 2 for bad usage, 3 if it cannot be opened or read.
int look_at_storage(const std::vector<std::string>& arguments);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The verb eval: runs scripts in the global scope of a worker, in this process, until nothing is
// pending.

#include <string>
#include <vector>

namespace offstage {

/// The exit code: 0 done, 1 an uncaught error, 2 wrong usage, 3 the time limit, 4 the memory limit,
/// 128 and the number of a signal.
int eval(const std::vector<std::string>& arguments);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The system calls of a worker process, as a list of what is allowed.

namespace offstage {

/// Installs the filter for this thread and those it starts; false with errno if the kernel refuses.
bool filter_system_calls();

} // namespace offstage

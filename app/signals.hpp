// SPDX-License-Identifier: MIT
#pragma once

// SIGINT and SIGTERM as something to wait for. Block them before the first thread exists, so that
// no other thread takes them.

namespace offstage {

void block_stop_signals();

/// Waits for SIGINT or SIGTERM and returns which.
int wait_for_stop_signal();

} // namespace offstage

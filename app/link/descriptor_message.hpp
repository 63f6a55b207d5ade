// SPDX-License-Identifier: MIT
#pragma once

// One short message with one descriptor over a socket that keeps message boundaries. Blocks.

#include <chrono>
#include <string>

#include <caf/expected.hpp>

#include "app/link/descriptor.hpp"

namespace offstage {

struct descriptor_message {
  std::string text;
  descriptor fd; ///< None if the message came without one.
};

/// False if the peer is gone. The descriptor stays the caller's.
bool send_message(int socket, const std::string& text, int fd);

/// Waits for the next message. Errors: aborted (the peer is gone), limit_exceeded (the time is
/// over).
caf::expected<descriptor_message> receive_message(int socket, std::chrono::milliseconds time_max);

/// The same without a limit of time.
caf::expected<descriptor_message> receive_message(int socket);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Makes a structured clone without a script: for embedders that send messages. Pure; any thread.

#include <string_view>

#include <caf/expected.hpp>

#include "protocol/structured_clone.hpp"

namespace offstage {

/// The value that JSON.parse() gives for the text. Errors: bad_configuration if it is not JSON.
caf::expected<structured_clone> clone_of_json(std::string_view json);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The version of a data directory. One number for all of it: a directory that a newer program wrote
// is refused by name, never guessed at.

#include <cstdint>
#include <string>
#include <string_view>

#include <caf/error.hpp>

namespace offstage {

inline constexpr uint32_t storage_format_version = 2;

std::string make_format_record();

/// Errors: corrupted; refused when the directory was written by a newer version.
caf::error check_format(std::string_view record, const std::string& directory);

} // namespace offstage

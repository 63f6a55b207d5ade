// SPDX-License-Identifier: MIT
#pragma once

// SHA-256, by which scripts are addressed.

#include <string>
#include <string_view>

namespace offstage {

/// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

/// Whether the text could be such a digest.
bool is_sha256_hex(std::string_view text);

} // namespace offstage

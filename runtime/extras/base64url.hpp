// SPDX-License-Identifier: MIT
#pragma once
// Base64 for URLs, without padding, as JSON Web Keys have it. Pure functions.

#include <optional>
#include <string>
#include <string_view>

namespace offstage {

std::string encode_base64url(std::string_view bytes);
// Nothing for text with other characters, padding, or a length that no bytes have.
std::optional<std::string> decode_base64url(std::string_view text);

} // namespace offstage

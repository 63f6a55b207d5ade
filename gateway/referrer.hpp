// SPDX-License-Identifier: MIT
#pragma once

// What a request tells about where it comes from, as the Referrer Policy specification has it.
// Functions without state.

#include <optional>
#include <string>
#include <string_view>

#include "protocol/headers.hpp"
#include "protocol/url.hpp"

namespace offstage {

/// The value of the Referer header; nothing if there is to be none. An empty policy is the default.
std::optional<std::string> referrer_for(const url& source, const url& target,
                                        std::string_view policy);

/// The last policy that the header names and we know; empty if there is none.
std::string policy_of_header(const header_list& response);

/// Whether a policy lets a request that is no CORS request name its origin.
/// Spec: Fetch#append-a-request-origin-header
bool policy_shows_origin(const url& origin, const url& target, std::string_view policy);

} // namespace offstage

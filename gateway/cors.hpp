// SPDX-License-Identifier: MIT
#pragma once

// What Fetch asks of cross-origin requests and their responses. Functions without state.

#include <string>
#include <string_view>
#include <vector>

#include "protocol/headers.hpp"
#include "protocol/request.hpp"
#include "protocol/url.hpp"

namespace offstage {

/// Ports that other protocols own. Spec: Fetch#port-blocking
bool is_bad_port(const url& target);

/// Spec: Fetch#concept-cors-check
bool cors_check(const header_list& response, std::string_view origin, credentials_mode credentials);

/// Names of headers that need the server's permission, lower-case and sorted.
std::vector<std::string> unsafe_header_names(const header_list& request);

/// Methods that need no permission.
bool is_safelisted_method(std::string_view method);

/// Whether a preflight's answer permits the request. Spec: Fetch#cors-preflight-fetch
bool preflight_permits(const header_list& answer, const fetch_request& request,
                       const std::vector<std::string>& names);

/// Leaves what the server lets scripts see. Spec: Fetch#concept-filtered-response-cors
header_list cors_visible_headers(const header_list& response, credentials_mode credentials);

} // namespace offstage

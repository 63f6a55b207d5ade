// SPDX-License-Identifier: MIT
#pragma once

// From an HTTP request to Fetch's request, as the browser that sent it would have made it: URL on
// the site's origin, mode and destination from Sec-Fetch-* or, for clients that send none, from
// Accept.

#include <optional>
#include <string_view>

#include "gateway/http_message.hpp"
#include "gateway/site_table.hpp"
#include "protocol/client.hpp"
#include "protocol/request.hpp"

namespace offstage {

/// The request's host: of an absolute target, else the Host header.
std::string_view host_of(const http_request_head& head);

/// Everything but body and client ids. Nothing if the target is no URL of the site.
std::optional<fetch_request> map_request(const http_request_head& head, const gateway_site& site);

/// Non-subresource requests make a client of their own.
bool is_non_subresource(const fetch_request& request);

/// The type of the client that a non-subresource request makes.
client_type reserved_client_type(const fetch_request& request);

/// Requests for a worker's own script never go through a worker.
bool bypasses_workers(const fetch_request& request);

/// HTML for who can show it, else plain text.
bool accepts_html(const header_list& headers);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The rules of URLs, scopes and script responses in the registration algorithms. Pure functions.

#include <optional>
#include <string>
#include <string_view>

#include <caf/expected.hpp>

#include "protocol/registration.hpp"
#include "protocol/request.hpp"
#include "protocol/response.hpp"
#include "protocol/storage_key.hpp"

namespace offstage {

/// A register job whose URLs are valid, absolute and without fragments.
struct checked_request {
  storage_key key;
  registration_request request;
};

/// Spec: ServiceWorker#start-register-algorithm
/// Errors: type_error, security_error.
caf::expected<checked_request> check_registration(const registration_request& request);

/// Whether the scope may be used by a script with this response.
/// Spec: ServiceWorker#update-algorithm
bool scope_allowed(const std::string& scope, const std::string& script_url,
                   const header_list& headers);

/// Spec: ServiceWorker#scope-match-algorithm
inline bool scope_matches(std::string_view scope, std::string_view client_url) {
  return client_url.starts_with(scope);
}

/// The origin of a URL that a url::href() made, without parsing it again; empty if it has none.
std::string_view origin_of(std::string_view href);

/// Whether a Content-Type names JavaScript.
bool is_javascript(const header_list& headers);

/// Why a response cannot be the main script of a worker: type_error or security_error.
caf::error bad_main_script(const fetch_response& head, const std::string& url);

/// Why a response cannot be an imported script.
std::optional<std::string> bad_import(const fetch_response& head);

fetch_request main_script_request(const std::string& url, cache_mode cache);
/// Modules of other origins are fetched with CORS, classic scripts are not.
fetch_request import_request(const std::string& url, worker_type type, std::string_view origin);

} // namespace offstage

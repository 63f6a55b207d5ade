// SPDX-License-Identifier: MIT
#pragma once

// Fills a realm's script resource map. The script thread waits for the parent meanwhile.

#include <string>
#include <vector>

#include "runtime/bindings/realm.hpp"

namespace offstage {

/// Fetches what the map has not; the error says which script is missing and why.
js_result<void> fetch_scripts(realm& owner, const std::vector<std::string>& urls, worker_type type);

} // namespace offstage

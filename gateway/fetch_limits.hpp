// SPDX-License-Identifier: MIT
#pragma once
// Bounds of what one fetcher keeps and sends about requests, each with its reason.

#include <chrono>
#include <cstddef>

namespace offstage::limits {

/// A longer referrer is cut to its origin, as Referrer Policy has it.
inline constexpr std::size_t referrer_bytes_max = 4096;
/// What a preflight permits without saying for how long, as Fetch has it.
inline constexpr std::chrono::seconds preflight_age_default{5};
/// As Chromium has it: long enough to matter, short enough for a server to change its mind.
inline constexpr std::chrono::seconds preflight_age_max{2 * 60 * 60};
/// Targets whose permissions are kept; more than a page's worth of origins and paths.
inline constexpr std::size_t preflights_kept_max = 256;
/// Methods and header names permitted for one target.
inline constexpr std::size_t preflight_names_max = 128;

} // namespace offstage::limits

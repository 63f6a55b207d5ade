// SPDX-License-Identifier: MIT
#pragma once

// Host parsing and percent-encode sets of the URL Standard; used by the URL parser only. Pure
// functions.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace offstage::url_detail {

// The predicates say whether a byte has to be percent-encoded; bytes from 0x80 always have to.
bool in_c0_control_set(unsigned char c);
bool in_fragment_set(unsigned char c);
bool in_query_set(unsigned char c);
bool in_special_query_set(unsigned char c);
bool in_path_set(unsigned char c);
bool in_userinfo_set(unsigned char c);

using encode_set = bool (*)(unsigned char);

void append_encoded(std::string& to, unsigned char c, encode_set set);
std::string encode(std::string_view text, encode_set set);
std::string percent_decode(std::string_view text);

/// Spec: URL#concept-host-parser. The serialised host, or nothing on failure.
std::optional<std::string> parse_host(std::string_view input, bool is_opaque);

} // namespace offstage::url_detail

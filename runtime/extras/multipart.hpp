// SPDX-License-Identifier: MIT
#pragma once
// Bodies of the type multipart/form-data, read and written. Pure functions on bytes that anybody
// may have sent: what is no form, or beyond the limits, is refused as a whole.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace offstage {

// Forms of real pages have tens of fields; a part costs script an object or two.
inline constexpr std::size_t form_parts_max = 10'000;
// The header lines of one part; a file name of 4096 bytes fits four times.
inline constexpr std::size_t form_head_bytes_max = 16u << 10;
// RFC 2046 allows no longer boundary.
inline constexpr std::size_t form_boundary_bytes_max = 70;

// One entry: a file if it has a file name. `bytes` points into what was parsed.
struct form_part {
  std::string name;
  std::optional<std::string> file_name;
  std::string type;
  std::string_view bytes;
};

// The boundary parameter of a content type. Empty if there is none, or the type is another one.
std::string multipart_boundary(std::string_view content_type);

std::optional<std::vector<form_part>> parse_multipart(std::string_view body,
                                                      std::string_view boundary);

// Appends one part. Names are escaped; line ends of values are the caller's business.
void append_part(std::string& body, std::string_view boundary, const form_part& part);
void append_end(std::string& body, std::string_view boundary);

} // namespace offstage

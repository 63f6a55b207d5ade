// SPDX-License-Identifier: MIT
#include "storage/format.hpp"

#include "protocol/errors.hpp"
#include "storage/key_codec.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

std::string make_format_record() {
  return encode_number(record_kind::format, format_key(), storage_format_version);
}

caf::error check_format(std::string_view record, const std::string& directory) {
  const auto version =
      decode_number(record_kind::format, format_key(), shared_bytes{std::string{record}});
  if (!version)
    return fail(storage_error::corrupted, directory + ": format record");
  if (*version > storage_format_version)
    return fail(storage_error::refused, directory + " has storage format "
                                            + std::to_string(*version) + ", this program reads "
                                            + std::to_string(storage_format_version));
  return caf::none;
}

} // namespace offstage

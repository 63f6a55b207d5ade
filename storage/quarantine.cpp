// SPDX-License-Identifier: MIT
#include "storage/quarantine.hpp"

#include "storage/database_tuning.hpp"
#include "storage/key_codec.hpp"

namespace offstage {

std::string describe_row(column where, std::string_view key) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text = column_name(where) + "/";
  for (const auto c : key) {
    const auto byte = static_cast<uint8_t>(c);
    if (byte > 0x20 && byte < 0x7f && c != '\\')
      text += c;
    else
      (text += "\\x") += {digits[byte >> 4], digits[byte & 15]};
  }
  return text;
}

void quarantine_row(write_batch& batch, const database& db, column where, const std::string& key,
                    const storage_logger& log) {
  if (auto raw = db.get(where, key, nullptr, database::caching::pass))
    batch.put(column::quarantine, quarantine_key(where, key), {}, std::move(*raw));
  batch.remove(where, key);
  log(storage_log_level::error, "damaged record moved to quarantine: " + describe_row(where, key));
}

} // namespace offstage

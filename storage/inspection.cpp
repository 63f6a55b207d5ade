// SPDX-License-Identifier: MIT
#include "storage/inspection.hpp"

#include <filesystem>

#include "protocol/errors.hpp"
#include "storage/database_tuning.hpp"
#include "storage/key_codec.hpp"
#include "storage/recovery.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

caf::expected<storage_inspection> storage_inspection::open(const std::string& directory,
                                                           storage_logger log) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored))
    return fail(storage_error::refused, directory + " is not a directory");
  if (!std::filesystem::exists(std::filesystem::path{directory} / "CURRENT", ignored))
    return fail(storage_error::refused, directory + " holds no data of Offstage");
  storage_options options;
  options.directory = directory;
  auto db = database::open(options);
  if (!db)
    return std::move(db.error());
  if (auto recovered = recover(*db, log); !recovered)
    return std::move(recovered.error());
  return storage_inspection{std::move(*db)};
}

caf::expected<storage_stats> storage_inspection::stats() const {
  storage_stats result;
  for (size_t i = 0; i < column_count; ++i) {
    const auto where = static_cast<column>(i);
    auto& figures = result.columns.emplace_back();
    figures.name = column_name(where);
    const auto visit = [&](std::string_view key, std::string_view value) {
      ++figures.rows;
      figures.key_bytes += key.size();
      figures.value_bytes += value.size();
      if (where == column::artifacts)
        result.keys[std::string{key.substr(0, key.find('\0'))}].artifact_bytes += value.size();
      if (where != column::meta || key.empty())
        return true;
      const auto tag = key.front();
      if (tag != 'r' && tag != 'c' && tag != 'u' && tag != 'k')
        return true;
      auto& of_key = result.keys[origin_of_key(key)];
      of_key.registrations += tag == 'r' ? 1 : 0;
      of_key.caches += tag == 'c' ? 1 : 0;
      of_key.persisted = of_key.persisted || tag == 'k';
      if (tag == 'u')
        if (const auto usage =
                decode_number(record_kind::usage, key, shared_bytes{std::string{value}}))
          of_key.cache_bytes = *usage;
      return true;
    };
    if (auto err = db_->scan(where, {}, visit))
      return err;
  }
  return result;
}

} // namespace offstage

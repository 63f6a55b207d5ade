// SPDX-License-Identifier: MIT
#include "storage/cache_catalog.hpp"

#include <algorithm>

#include "storage/key_codec.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

caf::error cache_catalog::load(const database& db, const storage_key& key,
                               std::vector<std::string>& damaged) {
  caches_.clear();
  names_.clear();
  const auto visit = [&](std::string_view row, std::string_view value) {
    const auto parsed = parse_cache_key(row);
    if (!parsed)
      return true;
    add(parsed->cache, parsed->name);
    if (row.front() == 'd')
      doom(parsed->cache);
    if (!decode_number(record_kind::cache_name, row, shared_bytes{std::string{value}}))
      damaged.emplace_back(row);
    return true;
  };
  if (auto err = db.scan(column::meta, cache_name_prefix(key), visit))
    return err;
  if (auto err = db.scan(column::meta, doomed_cache_prefix(key), visit))
    return err;
  for (auto& [id, info] : caches_)
    if (const auto last = db.last_key(column::entries, entry_prefix(id)))
      info.next_sequence = sequence_of_row_key(*last).value_or(0) + 1;
  return caf::none;
}

const cache_catalog::cache_info* cache_catalog::find(cache_id cache) const {
  const auto entry = caches_.find(cache);
  return entry == caches_.end() ? nullptr : &entry->second;
}

std::optional<cache_id> cache_catalog::find(const std::string& name) const {
  const auto entry = names_.find(name);
  if (entry == names_.end())
    return std::nullopt;
  return entry->second;
}

void cache_catalog::add(cache_id cache, std::string name) {
  names_[name] = cache;
  caches_[cache].name = std::move(name);
}

void cache_catalog::doom(cache_id cache) {
  auto& info = caches_[cache];
  info.doomed = true;
  if (const auto entry = names_.find(info.name); entry != names_.end() && entry->second == cache)
    names_.erase(entry);
}

void cache_catalog::erase(cache_id cache) {
  doom(cache);
  caches_.erase(cache);
}

void cache_catalog::advance(cache_id cache, uint64_t next_sequence) {
  auto& info = caches_[cache];
  info.next_sequence = std::max(info.next_sequence, next_sequence);
}

} // namespace offstage

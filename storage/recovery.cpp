// SPDX-License-Identifier: MIT
#include "storage/recovery.hpp"

#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/cache_rows.hpp"
#include "storage/key_codec.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

namespace {

caf::error commit(database& db, write_batch batch) {
  if (batch.empty())
    return caf::none;
  const write_batch_ptr batches[] = {std::make_shared<const write_batch>(std::move(batch))};
  return db.write(batches, durability::relaxed);
}

caf::expected<std::vector<std::string>> keys_of(const database& db, std::string_view prefix) {
  std::vector<std::string> keys;
  const auto visit = [&](std::string_view key, std::string_view) {
    keys.emplace_back(key);
    return true;
  };
  if (auto err = db.scan(column::meta, prefix, visit))
    return err;
  return keys;
}

/// Removes the records of bodies that no put has adopted.
caf::error collect_pending_bodies(database& db, const storage_logger& log) {
  const auto keys = keys_of(db, pending_body_prefix());
  if (!keys)
    return keys.error();
  write_batch batch;
  for (const auto& key : *keys) {
    if (const auto body = parse_pending_body_key(key)) {
      const auto records = body_prefix(*body);
      batch.remove_range(column::bodies, records, prefix_end(records));
    }
    batch.remove(column::meta, key);
  }
  if (!keys->empty())
    log(storage_log_level::info,
        "removed " + std::to_string(keys->size()) + " bodies that had not arrived completely");
  return commit(db, std::move(batch));
}

/// Removes some entries of a cache nobody can reach; answers whether there were any.
caf::expected<bool> reclaim_some(database& db, const parsed_cache_key& cache) {
  cache_change change;
  size_t rows = 0;
  const auto visit = [&](std::string_view key, std::string_view value) {
    cache_hit hit{cache.cache, sequence_of_row_key(key).value_or(0), std::string{key}, {}};
    if (auto row = decode_index_row(key, shared_bytes{std::string{value}}))
      hit.row = std::move(*row);
    remove_entry(change, hit);
    return ++rows < limits::reclaim_rows_max;
  };
  if (auto err = db.scan(column::index, index_prefix(cache.cache), visit))
    return err;
  const auto key = usage_key(cache.key);
  if (const auto record = db.get(column::meta, key))
    if (const auto usage = decode_number(record_kind::usage, key, *record)) {
      const auto rest = *usage - std::min(*usage, change.removed_bytes);
      change.batch.put(column::meta, key, encode_number(record_kind::usage, key, rest));
    }
  if (rows > 0)
    if (auto err = commit(db, std::move(change.batch)))
      return err;
  return rows > 0;
}

caf::error reclaim_doomed_caches(database& db) {
  const auto keys = keys_of(db, "d");
  if (!keys)
    return keys.error();
  for (const auto& key : *keys) {
    const auto cache = parse_cache_key(key);
    if (!cache)
      continue;
    auto more = caf::expected<bool>{true};
    while (more && *more)
      more = reclaim_some(db, *cache);
    if (!more)
      return more.error();
    write_batch batch;
    const auto entries = entry_prefix(cache->cache);
    batch.remove_range(column::entries, entries, prefix_end(entries));
    batch.remove(column::meta, key);
    if (auto err = commit(db, std::move(batch)))
      return err;
  }
  return caf::none;
}

uint64_t next_body_id(const database& db) {
  const auto last = db.last_key(column::bodies, {});
  const auto body = last ? body_of_record_key(*last) : std::nullopt;
  return body ? static_cast<uint64_t>(*body) + 1 : 1;
}

caf::expected<uint64_t> next_cache_id(const database& db) {
  uint64_t greatest = 0;
  const auto keys = keys_of(db, "c");
  if (!keys)
    return keys.error();
  for (const auto& key : *keys)
    if (const auto parsed = parse_cache_key(key))
      greatest = std::max(greatest, static_cast<uint64_t>(parsed->cache));
  for (const auto where : {column::entries, column::index})
    if (const auto last = db.last_key(where, {}))
      if (const auto cache = cache_of_row_key(*last))
        greatest = std::max(greatest, static_cast<uint64_t>(*cache));
  return greatest + 1;
}

caf::expected<uint64_t> next_database_id(const database& db) {
  uint64_t greatest = 0;
  const auto keys = keys_of(db, idb_database_prefix());
  if (!keys)
    return keys.error();
  for (const auto& key : *keys)
    if (const auto parsed = parse_idb_database_key(key))
      greatest = std::max(greatest, static_cast<uint64_t>(parsed->database));
  if (const auto last = db.last_key(column::databases, {}))
    if (const auto database = database_of_row_key(*last))
      greatest = std::max(greatest, static_cast<uint64_t>(*database));
  return greatest + 1;
}

} // namespace

caf::expected<recovered_storage> recover(const database_ptr& db, const storage_logger& log) {
  if (auto err = collect_pending_bodies(*db, log))
    return err;
  if (auto err = reclaim_doomed_caches(*db))
    return err;
  const auto cache = next_cache_id(*db);
  if (!cache)
    return cache.error();
  const auto database = next_database_id(*db);
  if (!database)
    return database.error();
  recovered_storage result;
  result.database_ids = std::make_shared<std::atomic<uint64_t>>(*database);
  result.cache_ids = std::make_shared<std::atomic<uint64_t>>(*cache);
  result.body_ids = std::make_shared<std::atomic<uint64_t>>(next_body_id(*db));
  result.registrations = std::make_shared<registration_table>(db, log);
  write_batch repairs;
  if (auto err = result.registrations->load(repairs))
    return err;
  if (auto err = commit(*db, std::move(repairs)))
    return err;
  return result;
}

} // namespace offstage

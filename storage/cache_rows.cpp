// SPDX-License-Identifier: MIT
#include "storage/cache_rows.hpp"

#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/write_pipeline.hpp"

namespace offstage {

namespace {

std::string search_prefix(cache_id cache, const cache_matcher* matcher) {
  if (matcher == nullptr)
    return index_prefix(cache);
  const auto& parts = matcher->parts();
  if (matcher->ignores_search())
    return index_path_prefix(cache, parts.path);
  return index_url_prefix(cache, parts.path, parts.query);
}

} // namespace

caf::expected<cache_search> find_entries(const database& db, cache_id cache,
                                         const cache_matcher* matcher,
                                         const database_view_ptr& view) {
  cache_search result;
  const auto visit = [&](std::string_view key, std::string_view value) {
    auto row = decode_index_row(key, shared_bytes{std::string{value}});
    if (!row)
      result.damaged.emplace_back(key);
    else if (matcher == nullptr || matcher->matches(*row))
      result.hits.push_back(
          {cache, sequence_of_row_key(key).value_or(0), std::string{key}, std::move(*row)});
    return true;
  };
  if (auto err = db.scan(column::index, search_prefix(cache, matcher), visit, view))
    return err;
  std::ranges::sort(result.hits, {}, &cache_hit::sequence);
  return result;
}

caf::expected<entry_record> read_entry(const database& db, const cache_hit& hit,
                                       const database_view_ptr& view) {
  const auto key = entry_key(hit.cache, hit.sequence);
  auto record = db.get(column::entries, key, view);
  if (record)
    return decode_entry(key, *record);
  if (record.error() == storage_error::not_found)
    return fail(storage_error::corrupted, "an entry's row is missing");
  return record.error();
}

index_row make_index_row(const entry_record& entry, uint64_t entry_bytes) {
  index_row row;
  row.url = without_fragment(entry.request.url);
  row.vary = vary_fields(entry.request, entry.response);
  if (entry.content.where == stored_body::place::records)
    row.content = entry.content;
  // The charge has a fixed width, so the row is as long with it as without.
  row.charge_bytes = entry_bytes + row.content.length + encode({}, row).size();
  return row;
}

caf::error add_entry(cache_change& change, cache_id cache, uint64_t sequence, entry_record entry) {
  const auto key = entry_key(cache, sequence);
  auto value = encode(key, entry);
  if (value.size() > limits::record_bytes_max)
    return fail(storage_error::refused,
                "TypeError: the heads of request and response are too long");
  const auto row = make_index_row(entry, value.size());
  const auto parts = split_url(row.url);
  auto row_key = index_key(cache, parts.path, parts.query, sequence);
  auto row_value = encode(row_key, row);
  change.batch.put(column::entries, key, std::move(value));
  change.batch.put(column::index, std::move(row_key), std::move(row_value));
  adopt_body(change.batch, entry.content);
  change.added_bytes += row.charge_bytes;
  return caf::none;
}

void remove_entry(cache_change& change, const cache_hit& hit) {
  change.batch.remove(column::entries, entry_key(hit.cache, hit.sequence));
  change.batch.remove(column::index, hit.key);
  discard_body(change.batch, hit.row.content);
  change.removed_bytes += hit.row.charge_bytes;
}

caf::expected<uint64_t> count_charges(const database& db, cache_id cache) {
  uint64_t sum = 0;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (const auto row = decode_index_row(key, shared_bytes{std::string{value}}))
      sum += row->charge_bytes;
    return true;
  };
  if (auto err = db.scan(column::index, index_prefix(cache), visit))
    return err;
  return sum;
}

} // namespace offstage

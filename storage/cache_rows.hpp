// SPDX-License-Identifier: MIT
#pragma once

// The request response lists on disk: finds entries by the hash of their URL, reads them, and says
// which rows a change touches. No state and no actor of its own; the cache_storage actor of a
// storage key is the only one that changes its rows.

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "storage/cache_matching.hpp"
#include "storage/database.hpp"
#include "storage/key_codec.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

/// An entry that was found: its index row, and the number by which entries of a cache are ordered.
struct cache_hit {
  cache_id cache{0};
  uint64_t sequence = 0;
  std::string key; ///< Of the index row.
  index_row row;
};

struct cache_search {
  std::vector<cache_hit> hits;      ///< In insertion order.
  std::vector<std::string> damaged; ///< Keys of index rows that do not decode.
};

/// Spec: ServiceWorker#query-cache-algorithm. Without a matcher, everything is found.
caf::expected<cache_search> find_entries(const database& db, cache_id cache,
                                         const cache_matcher* matcher,
                                         const database_view_ptr& view = nullptr);

/// Errors: corrupted (damaged or missing), io_failed.
caf::expected<entry_record> read_entry(const database& db, const cache_hit& hit,
                                       const database_view_ptr& view = nullptr);

/// The rows of one change of a storage key's caches, and what it does to the usage.
struct cache_change {
  write_batch batch;
  uint64_t added_bytes = 0;
  uint64_t removed_bytes = 0;
};

/// Adds an entry with this sequence number. Errors: refused (its record would be too long).
caf::error add_entry(cache_change& change, cache_id cache, uint64_t sequence, entry_record entry);

/// Removes an entry with its body.
void remove_entry(cache_change& change, const cache_hit& hit);

/// The index row of an entry.
index_row make_index_row(const entry_record& entry, uint64_t entry_bytes);

/// The sum of the charges of all entries of a cache that decode.
caf::expected<uint64_t> count_charges(const database& db, cache_id cache);

} // namespace offstage

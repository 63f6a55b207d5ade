// SPDX-License-Identifier: MIT
#pragma once

// The name to cache map of one storage key as its cache_storage actor holds it in memory, with the
// caches whose names were deleted while objects still refer to them. The rows on disk lead; this
// follows once they are committed.

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "protocol/ids.hpp"
#include "protocol/storage_key.hpp"
#include "storage/database.hpp"

namespace offstage {

/// The next cache id of the data directory.
using cache_counter = std::shared_ptr<std::atomic<uint64_t>>;

class cache_catalog {
public:
  struct cache_info {
    std::string name;
    bool doomed = false;        ///< The name is gone, the entries are still in use.
    uint64_t next_sequence = 1; ///< Of the next entry.
  };

  /// Reads the rows of a storage key. `damaged` gets the keys of rows that fail their check; the
  /// caches themselves are fine, because their rows' keys say everything.
  caf::error load(const database& db, const storage_key& key, std::vector<std::string>& damaged);

  /// Nothing if this storage key has no such cache.
  const cache_info* find(cache_id cache) const;
  std::optional<cache_id> find(const std::string& name) const;

  /// In creation order, which is the order of ids.
  const std::map<cache_id, cache_info>& caches() const { return caches_; }
  size_t size() const { return caches_.size(); }

  void add(cache_id cache, std::string name);
  void doom(cache_id cache);
  void erase(cache_id cache);
  void advance(cache_id cache, uint64_t next_sequence);

private:
  std::map<cache_id, cache_info> caches_;
  std::map<std::string, cache_id> names_;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Which transactions of a database may run: each store has a queue of those that want it, in the
// order in which they were made. Passive; a part of the indexed_db actor.

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <set>
#include <utility>
#include <vector>

namespace offstage {

/// Spec: IndexedDB#transaction-scheduling
class idb_locks {
public:
  /// One transaction's place in the queues of its stores. Stays where it is while it is in them.
  class place;

  /// Answers whether it has all its stores.
  bool add(place& who);
  /// Answers those that have all their stores now that this one is gone.
  std::vector<place*> remove(place& who);

  /// Whether somebody may be changing the store.
  bool is_written(uint64_t store) const;

private:
  struct entry {
    place* who = nullptr;
    bool granted = false;
  };
  struct queue {
    std::list<entry> entries;
    size_t writers = 0;
  };

  /// Whether entries behind granted readers may have become free, too.
  enum class reach : uint8_t { front, all };
  static void grant(queue& from, reach how_far, std::vector<place*>& complete);

  std::map<uint64_t, queue> queues_;
};

class idb_locks::place {
public:
  enum class access : uint8_t { read, write };

  place(std::set<uint64_t> stores, access how) : stores_(std::move(stores)), how_(how) {}
  place(const place&) = delete;
  place& operator=(const place&) = delete;
  ~place() = default;

  const std::set<uint64_t>& stores() const { return stores_; }

private:
  friend class idb_locks;

  std::set<uint64_t> stores_;
  access how_;
  size_t missing_ = 0;
  std::vector<std::list<entry>::iterator> entries_; ///< In the order of the stores.
};

} // namespace offstage

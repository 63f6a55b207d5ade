// SPDX-License-Identifier: MIT
#pragma once
// The hash table behind Map and Set: keys in insertion order, found by identity. It lives in memory
// given by its user (a Duktape buffer, so that it counts against the heap limit and dies with its
// object) and owns nothing. Format: header, then `capacity` entries, then `capacity` bucket heads;
// entry and bucket links are entry number plus 1. Invariant: entries are ordered by sequence, also
// after compaction, so an iterator that remembers a sequence finds its place again.

#include <cstddef>
#include <cstdint>

namespace offstage {

// SameValueZero on what a script value is made of: strings are interned, so a pointer is enough for
// every heap value.
struct table_key {
  std::uint64_t bits;
  std::uint8_t tag;
  friend bool operator==(const table_key&, const table_key&) = default;
};

struct table_entry {
  std::uint64_t bits;
  std::uint64_t sequence;
  std::uint32_t next;
  std::uint8_t tag; // deleted_tag: a hole
};

inline constexpr std::uint8_t deleted_tag = 0;
inline constexpr std::uint32_t table_capacity_min = 4;
inline constexpr std::uint32_t no_entry = UINT32_MAX;

class ordered_table {
public:
  static std::size_t bytes_for(std::uint32_t capacity);
  // Makes an empty table in `memory` of bytes_for(capacity); sequence numbers go on from
  // `first_sequence`.
  static void create(void* memory, std::uint32_t capacity, std::uint64_t first_sequence);

  explicit ordered_table(void* memory) : memory_(static_cast<std::byte*>(memory)) {}

  std::uint32_t size() const { return head().live; }
  std::uint32_t used() const { return head().used; }
  std::uint32_t capacity() const { return head().capacity; }
  std::uint64_t next_sequence() const { return head().next_sequence; }
  bool full() const { return head().used == head().capacity; }
  const table_entry& entry(std::uint32_t index) const { return entries()[index]; }

  std::uint32_t find(table_key key) const;
  // The table must not be full.
  std::uint32_t append(table_key key);
  void append_with_sequence(table_key key, std::uint64_t sequence);
  void erase(std::uint32_t index);
  // The first entry, live or not, whose sequence is at least this.
  std::uint32_t lower_bound(std::uint64_t sequence) const;

private:
  struct header {
    std::uint64_t next_sequence;
    std::uint32_t capacity;
    std::uint32_t used;
    std::uint32_t live;
    std::uint32_t padding;
  };

  header& head() const { return *reinterpret_cast<header*>(memory_); }
  table_entry* entries() const { return reinterpret_cast<table_entry*>(memory_ + sizeof(header)); }
  std::uint32_t* buckets() const {
    return reinterpret_cast<std::uint32_t*>(entries() + head().capacity);
  }
  std::uint32_t& bucket_of(table_key key) const;

  std::byte* memory_;
};

} // namespace offstage

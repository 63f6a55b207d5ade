// SPDX-License-Identifier: MIT
#include "runtime/natives/ordered_table.hpp"

#include <cstring>

namespace offstage {

std::size_t ordered_table::bytes_for(std::uint32_t capacity) {
  return sizeof(header) + std::size_t{capacity} * (sizeof(table_entry) + sizeof(std::uint32_t));
}

void ordered_table::create(void* memory, std::uint32_t capacity, std::uint64_t first_sequence) {
  std::memset(memory, 0, bytes_for(capacity));
  auto& head = *static_cast<header*>(memory);
  head.capacity = capacity;
  head.next_sequence = first_sequence;
}

// The capacity is a power of two.
std::uint32_t& ordered_table::bucket_of(table_key key) const {
  auto hash = (key.bits ^ key.tag) * 0x9E3779B97F4A7C15ull;
  hash ^= hash >> 32;
  return buckets()[hash & (head().capacity - 1)];
}

std::uint32_t ordered_table::find(table_key key) const {
  const auto* all = entries();
  for (auto link = bucket_of(key); link != 0; link = all[link - 1].next)
    if (all[link - 1].bits == key.bits && all[link - 1].tag == key.tag)
      return link - 1;
  return no_entry;
}

std::uint32_t ordered_table::append(table_key key) {
  const auto index = head().used;
  append_with_sequence(key, head().next_sequence++);
  return index;
}

void ordered_table::append_with_sequence(table_key key, std::uint64_t sequence) {
  auto& bucket = bucket_of(key);
  const auto index = head().used++;
  entries()[index] = {key.bits, sequence, bucket, key.tag};
  bucket = index + 1;
  ++head().live;
}

void ordered_table::erase(std::uint32_t index) {
  auto* all = entries();
  auto* link = &bucket_of({all[index].bits, all[index].tag});
  while (*link != index + 1)
    link = &all[*link - 1].next;
  *link = all[index].next;
  all[index].tag = deleted_tag;
  --head().live;
}

std::uint32_t ordered_table::lower_bound(std::uint64_t sequence) const {
  std::uint32_t low = 0;
  auto high = head().used;
  while (low < high) {
    const auto middle = low + (high - low) / 2;
    if (entries()[middle].sequence < sequence)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

} // namespace offstage

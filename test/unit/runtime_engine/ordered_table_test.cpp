// SPDX-License-Identifier: MIT
#include <cstddef>
#include <vector>

#include <doctest/doctest.h>

#include "runtime/natives/ordered_table.hpp"

namespace offstage::test {

namespace {

struct table_memory {
  explicit table_memory(std::uint32_t capacity)
      : words(ordered_table::bytes_for(capacity) / sizeof(std::uint64_t) + 1) {
    ordered_table::create(words.data(), capacity, 1);
  }
  ordered_table table() { return ordered_table{words.data()}; }
  std::vector<std::uint64_t> words;
};

} // namespace

TEST_CASE("a table finds what was appended and not what was erased") {
  table_memory memory{8};
  auto table = memory.table();
  for (std::uint64_t i = 0; i < 8; ++i)
    CHECK(table.append({i * 64, 1}) == i);
  CHECK(table.full());
  table.erase(3);
  CHECK(table.size() == 7);
  CHECK(table.find({3 * 64, 1}) == no_entry);
  CHECK(table.find({4 * 64, 1}) == 4);
  CHECK(table.find({4 * 64, 2}) == no_entry);
}

TEST_CASE("a sequence leads to the first entry that is not older") {
  table_memory memory{8};
  auto table = memory.table();
  table.append_with_sequence({1, 1}, 5);
  table.append_with_sequence({2, 1}, 9);
  CHECK(table.lower_bound(1) == 0);
  CHECK(table.lower_bound(6) == 1);
  CHECK(table.lower_bound(9) == 1);
  CHECK(table.lower_bound(10) == 2);
}

} // namespace offstage::test

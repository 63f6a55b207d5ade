// SPDX-License-Identifier: MIT
#include <algorithm>
#include <cstring>
#include <random>
#include <set>
#include <vector>

#include <doctest/doctest.h>

#include "runtime/small_blocks.hpp"

using namespace offstage;

#if !defined(__SANITIZE_ADDRESS__)

TEST_CASE("a small block holds what was asked for and knows its size") {
  small_blocks blocks;
  for (size_t bytes = 1; bytes <= small_blocks::block_bytes_max; ++bytes) {
    auto* block = blocks.allocate(bytes);
    REQUIRE(block != nullptr);
    CHECK(small_blocks::owns(block));
    CHECK(small_blocks::size_of(block) >= bytes);
    CHECK(small_blocks::size_of(block) < bytes + small_blocks::step_bytes);
    std::memset(block, 0xa5, bytes);
  }
}

TEST_CASE("no block of malloc is taken for a small one") {
  for (size_t bytes = 1; bytes < 5'000; bytes += 7) {
    auto* block = std::malloc(bytes);
    CHECK(!small_blocks::owns(block));
    std::free(block);
  }
}

TEST_CASE("blocks never overlap, whatever the order of taking and giving back") {
  struct block {
    unsigned char* data;
    size_t bytes;
    unsigned char mark;
  };
  small_blocks blocks;
  std::mt19937 random{7};
  std::vector<block> taken;
  size_t damaged = 0;
  for (int step = 0; step < 200'000; ++step) {
    if (step % 50'000 == 49'999)
      blocks.trim();
    if (taken.empty() || (random() % 100 < 52 && step < 150'000)) {
      const auto bytes = 1 + random() % small_blocks::block_bytes_max;
      const auto mark = static_cast<unsigned char>(random());
      auto* data = static_cast<unsigned char*>(blocks.allocate(bytes));
      REQUIRE(data != nullptr);
      std::memset(data, mark, bytes);
      taken.push_back({data, bytes, mark});
      continue;
    }
    std::swap(taken[random() % taken.size()], taken.back());
    const auto& given = taken.back();
    damaged += std::all_of(given.data, given.data + given.bytes,
                           [&](unsigned char x) { return x == given.mark; })
                   ? 0u
                   : 1u;
    blocks.release(given.data);
    taken.pop_back();
  }
  CHECK(damaged == 0);
}

TEST_CASE("memory that was given back is used again, also after a trim") {
  small_blocks blocks;
  std::set<void*> first;
  std::vector<void*> taken;
  for (int i = 0; i < 10'000; ++i)
    taken.push_back(*first.insert(blocks.allocate(48)).first);
  for (auto* block : taken)
    blocks.release(block);
  blocks.trim();
  size_t known = 0;
  for (int i = 0; i < 10'000; ++i)
    known += first.count(blocks.allocate(48));
  CHECK(known > 9'000);
}

#endif

// SPDX-License-Identifier: MIT
#pragma once

// A body source for tests: gives a known pattern in chunks and ends as it was told to.

#include <atomic>
#include <cstdint>
#include <memory>

#include <caf/actor_system.hpp>

#include "protocol/body.hpp"

namespace offstage::test {

enum class producer_end : uint8_t {
  complete,  ///< The last chunk says so.
  error,     ///< Answers with an error instead of a last chunk.
  death,     ///< Takes the pull, never answers it, and dies.
  silence,   ///< Takes the pull and never answers it.
  no_end,    ///< Gives empty chunks for ever.
  overdrawn, ///< Answers with more than was asked for.
};

struct producer_plan {
  uint64_t length = 0; ///< Bytes until the end.
  uint32_t chunk_bytes = 1 << 16;
  producer_end end = producer_end::complete;
};

/// What became of it; shared with the test.
struct producer_record {
  std::atomic<uint64_t> given_bytes{0};
  std::atomic<bool> cancelled{false};
};

body_source_actor spawn_producer(caf::actor_system& system, producer_plan plan,
                                 std::shared_ptr<producer_record> record = nullptr);

/// What a producer gives.
shared_bytes produced_bytes(uint64_t offset, size_t count);
bool is_produced(std::string_view bytes, uint64_t length);

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#pragma once

// The descriptors of one link: those that wait to be sent, and those that arrived and nobody has
// claimed. Both are bounded. Shared by the link's scribe (the multiplexer's thread) and by actors;
// thread-safe. Descriptors are numbered from 1 in the order in which they are pushed, and arrive in
// that order, so both ends agree on the numbers without sending them.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <vector>

#include <caf/expected.hpp>

#include "app/link/descriptor.hpp"

namespace offstage {

class descriptor_table {
public:
  /// Queues a descriptor. It leaves with or before every byte that is sent after this call. Errors:
  /// limit_exceeded, aborted after close().
  caf::expected<uint64_t> push(descriptor fd);

  /// Takes the next descriptors that have to leave, at most so many.
  std::vector<descriptor> next_batch(size_t count_max);

  /// The batch could not be sent and is the next one again.
  void put_back(std::vector<descriptor> batch);

  bool has_unsent() const;

  /// False if more descriptors, or more bytes in them, are unclaimed than allowed; the descriptor
  /// is closed then.
  [[nodiscard]] bool arrived(descriptor fd);

  /// The peer sent what it may not: too many descriptors, or too many at once.
  void refuse();
  bool refused() const;

  /// The descriptor with this number, or none.
  descriptor take(uint64_t sequence);

  /// The link is gone: closes all descriptors and refuses further ones.
  void close();
  bool is_closed() const;

private:
  mutable std::mutex mutex_;
  std::deque<descriptor> unsent_;
  struct payload {
    descriptor fd;
    uint64_t bytes = 0; ///< What it counts.
  };

  std::map<uint64_t, payload> unclaimed_;
  uint64_t unclaimed_bytes_ = 0;
  uint64_t sent_count_ = 0;
  uint64_t arrived_count_ = 0;
  bool closed_ = false;
  bool refused_ = false;
};

} // namespace offstage

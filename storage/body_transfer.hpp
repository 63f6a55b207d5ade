// SPDX-License-Identifier: MIT
#pragma once

// One body on its way in, as the write pipeline sees it: what arrived, what is on its way to the
// disk, and the records it becomes. No actor, no clock, no database: a value that the pipeline
// drives.

#include <cstddef>
#include <cstdint>
#include <vector>

#include "protocol/body.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

struct body_transfer {
  uint64_t put = 0;         ///< The put it belongs to.
  size_t position = 0;      ///< Among the bodies of its put.
  body_source_actor source; ///< Null when all bytes are in memory already.
  int64_t announced = -1;   ///< The producer's word; -1 if it gave none.
  uint64_t received = 0;
  uint32_t asked_bytes = 0; ///< By the pull that is outstanding.
  uint32_t empty_chunks = 0;
  bool pulling = false;
  bool waiting = false; ///< Stands in the queue for credit.
  bool ended = false;   ///< The producer has given everything.

  std::vector<shared_bytes> parts; ///< Arrived, not yet handed to the writer.
  size_t part_bytes = 0;
  size_t writing_bytes = 0; ///< Handed to the writer, not yet acknowledged.
  body_id id{0};            ///< 0 until the first record.
  uint32_t records = 0;

  bool is_too_long() const { return announced >= 0 && received > static_cast<uint64_t>(announced); }
  bool has_other_length() const {
    return announced >= 0 && received != static_cast<uint64_t>(announced);
  }
  bool is_done() const { return ended && parts.empty() && writing_bytes == 0; }

  void add(shared_bytes bytes);

  /// Takes at most so many of the bytes that wait, as one piece.
  shared_bytes take(size_t count);

  /// Where the body is once is_done(), or which records to remove when it failed.
  stored_body result() const;
};

} // namespace offstage

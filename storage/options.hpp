// SPDX-License-Identifier: MIT
#pragma once

// What storage needs to know at its start: plain values and the injected log. Filled by app/, lives
// in the node's process only.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "config/limits.hpp"

namespace rocksdb {
class Env;
}

namespace offstage {

enum class storage_log_level : uint8_t { info, warning, error };

/// Called from the threads of storage's actors, also at the same time.
using storage_logger = std::function<void(storage_log_level, const std::string&)>;

/// Whether a strict write reaches the disk. `skipped` exists for the test that shows that the crash
/// tests notice a missing sync; it makes every promise about durability void.
enum class sync_policy : uint8_t { honest, skipped };

/// Whether the writer has a thread of its own. A scenario with virtual time runs it on the
/// scheduler.
enum class writer_thread : uint8_t { own, scheduler };

struct storage_options {
  std::string directory; ///< Created if it does not exist.
  uint64_t quota_bytes = limits::quota_bytes_default;
  uint64_t budget_bytes = limits::storage_budget_bytes_default; ///< Of all storage keys.
  size_t block_cache_bytes = limits::block_cache_bytes_default;
  writer_thread writer = writer_thread::own;
  sync_policy sync = sync_policy::honest;
  std::shared_ptr<rocksdb::Env> env; ///< Null: the machine's own file system.
};

} // namespace offstage

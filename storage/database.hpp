// SPDX-License-Identifier: MIT
#pragma once

// The one wrapper of RocksDB: nobody else sees its types or its status. Thread-safe. Shared by
// storage's actors; closes when the last of them lets go. Rows are byte strings here; what they
// mean is told by key_codec and value_codec.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include "protocol/shared_bytes.hpp"
#include "storage/options.hpp"
#include "storage/write_batch.hpp"

namespace offstage {

class database;
using database_ptr = std::shared_ptr<database>;

/// The rows as they were when it was taken. Keeps the database open.
class database_view;
using database_view_ptr = std::shared_ptr<const database_view>;

/// Walks rows in both directions. Views are good until the next move.
class database_cursor {
public:
  virtual ~database_cursor() = default;

  virtual void seek(std::string_view key) = 0;        ///< To the first row at the key or behind it.
  virtual void seek_before(std::string_view key) = 0; ///< To the last row before the key.
  virtual void next() = 0;
  virtual void previous() = 0;
  virtual bool valid() const = 0;
  virtual std::string_view key() const = 0;
  virtual std::string_view value() const = 0;
  virtual caf::error status() const = 0;
};

class database {
public:
  /// Opens or creates. Errors: refused (in use by another process, written by a newer version),
  /// corrupted, io_failed; the context names the directory.
  static caf::expected<database_ptr> open(const storage_options& options);

  /// Whether a read leaves its blocks in the cache. Bodies do not, they would push out the rest.
  enum class caching : uint8_t { keep, pass };

  /// Errors: not_found, corrupted, io_failed.
  caf::expected<shared_bytes> get(column where, std::string_view key,
                                  const database_view_ptr& view = nullptr,
                                  caching blocks = caching::keep) const;

  /// Returns false to end the scan.
  using visitor = std::function<bool(std::string_view key, std::string_view value)>;

  /// Visits the rows whose key starts with the prefix, from `start` (a key) on, in key order.
  caf::error scan(column where, std::string_view prefix, const visitor& visit,
                  const database_view_ptr& view = nullptr, std::string_view start = {}) const;

  /// A cursor over the rows from `begin` to before `end`, which are not empty.
  std::unique_ptr<database_cursor> cursor(column where, std::string begin, std::string end,
                                          const database_view_ptr& view = nullptr) const;

  /// The greatest key that starts with the prefix.
  std::optional<std::string> last_key(column where, std::string_view prefix) const;

  /// Writes all batches as one. Strict waits for the disk, also for everything written before.
  caf::error write(std::span<const write_batch_ptr> batches, durability level);

  database_view_ptr view() const;

  /// After an error that made the database read-only: tries to make it writable again.
  caf::error resume();

  struct impl;
  explicit database(std::shared_ptr<impl> state) : impl_(std::move(state)) {}

private:
  std::shared_ptr<impl> impl_;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Registrations and their scripts on disk. Scripts are addressed by the digest of their bytes, so
// equal ones are stored once; one that no registration names any more is removed in the batch that
// took its last name away. A script that was put and is not named yet belongs to an installing
// worker and stays; the next start removes it if nothing named it. Artifacts belong to a worker of
// a storage key and go with it. Used by the storage actor only;
// says which rows to write and follows once they are on their way.

#include <cstdint>
#include <set>
#include <string>

#include <caf/expected.hpp>

#include "protocol/registration.hpp"
#include "storage/database.hpp"
#include "storage/name_counts.hpp"

namespace offstage {

class registration_table {
public:
  registration_table(database_ptr db, storage_logger log);

  /// Reads all registrations to count which scripts they name. `repairs` gets the moves of damaged
  /// ones into quarantine and the removals of scripts that nothing names.
  caf::error load(write_batch& repairs);

  /// Every registration that decodes.
  caf::expected<stored_registration_list> list() const;

  /// The rows that replace a registration. Errors: refused.
  caf::expected<write_batch> store(const stored_registration& registration);

  /// The rows that remove it; an empty batch if there is none.
  write_batch remove(const storage_key& key, const std::string& scope);

  /// The rows that store a script under its digest.
  write_batch put_script(const std::string& digest, shared_bytes bytes);

  /// Verified against its digest. Errors: not_found, corrupted, io_failed.
  caf::expected<shared_bytes> get_script(const std::string& digest) const;

  /// Trusts the record's own checksum, which covers the digest as its key.
  caf::expected<shared_bytes> read_script(const std::string& digest) const;

  /// Errors: not_found, if there is none by this engine build; corrupted, io_failed.
  caf::expected<shared_bytes> get_artifact(const artifact_name& name) const;

  /// The row that keeps an artifact. Errors: refused, if its worker's main script is not stored.
  caf::expected<write_batch> put_artifact(const artifact_name& name, shared_bytes bytes) const;

  /// What the registrations of a storage key, their scripts and artifacts take on disk.
  caf::expected<uint64_t> bytes_of(const storage_key& key) const;

  /// The move of a damaged script into quarantine.
  write_batch quarantine_script(const std::string& digest);

  /// A counter's next value and the row that makes it durable. Values are never given twice.
  caf::expected<uint64_t> take_worker_id(write_batch& batch);

private:
  void name(const std::string& row, const stored_registration& registration, write_batch& batch);
  caf::error remove_unnamed(write_batch& batch);
  uint64_t guess_worker_id() const;

  database_ptr db_;
  storage_logger log_;
  name_counts scripts_;         ///< By digest.
  name_counts workers_;         ///< By the prefix of their artifacts.
  std::set<std::string> fresh_; ///< Scripts put since the start and not named yet.
  uint64_t next_worker_id_ = 0;
};

} // namespace offstage

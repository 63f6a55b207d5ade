// SPDX-License-Identifier: MIT
#pragma once

// Registrations and their scripts on disk. Scripts are addressed by the digest of their bytes, so
// equal ones are stored once; one that no registration names any more is removed in the batch that
// took its last name away. A script that was put and is not named yet belongs to an installing
// worker and stays; the next start removes it if nothing named it. Used by the storage actor only;
// says which rows to write and follows once they are on their way.

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <caf/expected.hpp>

#include "protocol/registration.hpp"
#include "storage/database.hpp"

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

  /// The move of a damaged script into quarantine.
  write_batch quarantine_script(const std::string& digest);

  /// A counter's next value and the row that makes it durable. Values are never given twice.
  caf::expected<uint64_t> take_worker_id(write_batch& batch);

private:
  using digests = std::set<std::string>;

  void name(const std::string& row, digests scripts, write_batch& batch);
  caf::error remove_unnamed_scripts(write_batch& batch);
  uint64_t guess_worker_id() const;

  database_ptr db_;
  storage_logger log_;
  std::map<std::string, digests> scripts_of_row_;
  std::map<std::string, uint32_t> names_of_script_;
  digests fresh_; ///< Put since the start and not named yet.
  uint64_t next_worker_id_ = 0;
};

} // namespace offstage

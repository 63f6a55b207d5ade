// SPDX-License-Identifier: MIT
#pragma once

// What each storage key uses, may use and has of rights: its quota account, whether it is
// persisted, when it was used last, and who runs script of it. Says which key has to go when the
// node's storage is full. A part of the storage actor.

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include <caf/actor_addr.hpp>

#include "protocol/storage_key.hpp"
#include "storage/database.hpp"
#include "storage/quota.hpp"
#include "storage/record.hpp"
#include "storage/registration_table.hpp"

namespace offstage {

class key_ledger {
public:
  struct bounds {
    uint64_t quota_bytes = 0;  ///< Of one storage key.
    uint64_t budget_bytes = 0; ///< Of all.
  };

  key_ledger(database_ptr db, std::shared_ptr<registration_table> registrations, bounds most)
      : db_(std::move(db)), registrations_(std::move(registrations)), bounds_(most) {}

  /// Errors: refused, if no key can hold the origin; io_failed.
  caf::expected<quota_account_ptr> account(const storage_key& key);

  /// Counts registrations, scripts and artifacts anew, after they changed.
  void recount(const storage_key& key);

  caf::expected<storage_figures> figures(const storage_key& key);

  /// The row that says it.
  static void persist(write_batch& batch, const storage_key& key, bool persisted);
  bool is_persisted(const storage_key& key) const;

  /// The key is used now. The row is written if the last one is old.
  void touch(write_batch& batch, const storage_key& key);

  /// The key was evicted; until it is used again it is not named again.
  void evicted(const storage_key& key) { evicted_.insert(key.origin); }

  void run(const caf::actor_addr& who, const storage_key& key) { running_[who] = key.origin; }
  /// Answers whether it ran anything.
  bool stopped(const caf::actor_addr& who) { return running_.erase(who) > 0; }

  /// The key that was used least recently of those that may go; nothing while all is within the
  /// budget, or if none may.
  caf::expected<std::optional<storage_key>> to_evict();

private:
  std::optional<uint64_t> number_at(record_kind kind, const std::string& key) const;
  uint64_t last_use(const std::string& origin) const;
  bool is_running(const std::string& origin) const;
  caf::expected<std::map<std::string, uint64_t>> bytes_of_all() const;

  database_ptr db_;
  std::shared_ptr<registration_table> registrations_;
  bounds bounds_;
  std::map<std::string, quota_account_ptr> accounts_;
  std::map<std::string, uint64_t> used_ms_;    ///< Milliseconds since 1970.
  std::map<std::string, uint64_t> written_ms_; ///< As the rows have it.
  std::map<caf::actor_addr, std::string> running_;
  std::set<std::string> evicted_;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "storage/key_ledger.hpp"

#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/idb_keeper.hpp"
#include "storage/key_codec.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

namespace {

uint64_t now_ms() {
  using namespace std::chrono;
  const auto since = system_clock::now().time_since_epoch();
  return static_cast<uint64_t>(duration_cast<milliseconds>(since).count());
}

} // namespace

std::optional<uint64_t> key_ledger::number_at(record_kind kind, const std::string& key) const {
  const auto record = db_->get(column::meta, key);
  if (!record)
    return std::nullopt;
  const auto number = decode_number(kind, key, *record);
  return number ? std::optional{*number} : std::nullopt;
}

caf::expected<quota_account_ptr> key_ledger::account(const storage_key& key) {
  if (!is_storable(key))
    return fail(storage_error::refused, "TypeError: the storage key cannot be stored");
  auto& account = accounts_[key.origin];
  if (account)
    return account;
  const auto scripts = registrations_->bytes_of(key);
  if (!scripts)
    return scripts.error();
  const auto databases = count_databases_usage(*db_, key);
  if (!databases)
    return databases.error();
  account = std::make_shared<quota_account>(bounds_.quota_bytes);
  account->set_scripts_usage(*scripts);
  account->change_databases_usage(static_cast<int64_t>(*databases));
  account->set_usage(number_at(record_kind::usage, usage_key(key)).value_or(0));
  return account;
}

// A key without an account is counted when it gets one.
void key_ledger::recount(const storage_key& key) {
  const auto found = accounts_.find(key.origin);
  if (found == accounts_.end() || !found->second)
    return;
  if (const auto bytes = registrations_->bytes_of(key))
    found->second->set_scripts_usage(*bytes);
}

caf::expected<storage_figures> key_ledger::figures(const storage_key& key) {
  const auto known = account(key);
  if (!known)
    return known.error();
  storage_figures result;
  result.usage_bytes = (*known)->total_usage();
  result.quota_bytes = (*known)->quota();
  result.persisted = is_persisted(key);
  return result;
}

void key_ledger::persist(write_batch& batch, const storage_key& key, bool persisted) {
  const auto row = persisted_key(key);
  if (persisted)
    batch.put(column::meta, row, encode_number(record_kind::persisted, row, 1));
  else
    batch.remove(column::meta, row);
}

bool key_ledger::is_persisted(const storage_key& key) const {
  return number_at(record_kind::persisted, persisted_key(key)).has_value();
}

void key_ledger::touch(write_batch& batch, const storage_key& key) {
  using std::chrono::milliseconds;
  const auto now = now_ms();
  used_ms_[key.origin] = now;
  evicted_.erase(key.origin);
  auto& written = written_ms_[key.origin];
  if (now - written < static_cast<uint64_t>(milliseconds{limits::last_use_resolution}.count()))
    return;
  written = now;
  const auto row = last_use_key(key);
  batch.put(column::meta, row, encode_number(record_kind::last_use, row, now));
}

uint64_t key_ledger::last_use(const std::string& origin) const {
  const auto used = used_ms_.find(origin);
  if (used != used_ms_.end())
    return used->second;
  return number_at(record_kind::last_use, last_use_key({origin})).value_or(0);
}

bool key_ledger::is_running(const std::string& origin) const {
  return std::ranges::any_of(running_, [&](const auto& item) { return item.second == origin; });
}

caf::expected<std::map<std::string, uint64_t>> key_ledger::bytes_of_all() const {
  std::map<std::string, uint64_t> bytes;
  const auto visit = [&](std::string_view key, std::string_view value) {
    const auto usage = decode_number(record_kind::usage, key, shared_bytes{std::string{value}});
    bytes[origin_of_key(key)] = usage ? *usage : 0;
    return true;
  };
  if (auto err = db_->scan(column::meta, usage_prefix(), visit))
    return err;
  std::set<std::string> with_databases;
  const auto database = [&](std::string_view key, std::string_view) {
    with_databases.insert(origin_of_key(key));
    return true;
  };
  if (auto err = db_->scan(column::meta, idb_database_prefix(), database))
    return err;
  for (const auto& origin : with_databases)
    if (const auto used = count_databases_usage(*db_, {origin}))
      bytes[origin] += *used;
  for (const auto& [origin, account] : accounts_)
    if (account)
      bytes[origin] = account->total_usage();
  return bytes;
}

caf::expected<std::optional<storage_key>> key_ledger::to_evict() {
  const auto bytes = bytes_of_all();
  if (!bytes)
    return bytes.error();
  uint64_t total = 0;
  std::optional<storage_key> oldest;
  uint64_t oldest_use = 0;
  for (const auto& [origin, used] : *bytes) {
    total += used;
    const storage_key key{origin};
    if (used == 0 || is_running(origin) || evicted_.contains(origin) || is_persisted(key))
      continue;
    const auto when = last_use(origin);
    if (oldest && when >= oldest_use)
      continue;
    oldest = key;
    oldest_use = when;
  }
  if (total <= bounds_.budget_bytes)
    return std::optional<storage_key>{};
  return oldest;
}

} // namespace offstage

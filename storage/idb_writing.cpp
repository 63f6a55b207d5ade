// SPDX-License-Identifier: MIT
#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "protocol/idb_key.hpp"
#include "storage/idb_transaction.hpp"

// The writing operations of a transaction. Each finds out what it is going to do, and whether that
// is allowed and fits, before it changes anything.

namespace offstage {

namespace {

/// What an index's row has beside its keys: frame and length.
constexpr size_t index_row_value_bytes = frame_bytes + sizeof(uint32_t);

const idb_index* find_index(const idb_store& store, uint64_t id) {
  const auto found = std::ranges::find(store.indexes, id, &idb_index::id);
  return found != store.indexes.end() ? &*found : nullptr;
}

void sort_once(std::vector<std::string>& keys) {
  std::ranges::sort(keys);
  const auto rest = std::ranges::unique(keys);
  keys.erase(rest.begin(), rest.end());
}

idb_failure no_room() {
  return {"QuotaExceededError", "the quota of the origin is used up"};
}

} // namespace

/// What a put is going to do.
struct idb_transaction::change {
  std::string key;
  uint64_t next_number = 0;
  std::string row_key;
  std::optional<idb_stored_record> old;
  std::vector<idb_index_entry> index_keys;
  idb_row_value row;
  int64_t growth = 0;
};

// -- put() and add()

// Spec: IndexedDB#object-store-storage-operation
idb_outcome idb_transaction::apply(idb_put& x) {
  const auto where = find(x.store, 0, access::write);
  if (!where)
    return refusal(access::write);
  change planned;
  if (auto failure = plan(*where, x, planned))
    return std::move(*failure);
  if (!charge(planned.growth))
    return no_room();
  if (planned.old)
    remove_record(*where, planned.key, *planned.old);
  auto& store = changed_state(x.store);
  store.next_number = planned.next_number;
  auto& rows = store.trees[x.store];
  ++rows.rows;
  rows.bytes += planned.row_key.size() + planned.row.size();
  overlay_.put(std::move(planned.row_key), std::move(planned.row));
  add_index_rows(*where->store, planned.index_keys, planned.key);
  return idb_key{std::move(planned.key)};
}

std::optional<idb_failure> idb_transaction::plan(const tree& where, idb_put& x, change& planned) {
  planned.next_number = state(x.store).next_number;
  if (x.generate) {
    if (planned.next_number > idb_number_max)
      return idb_failure{"ConstraintError", "the key generator has reached its end"};
    planned.key = idb_number_key(static_cast<double>(planned.next_number++));
  } else {
    planned.key = std::move(x.key);
    if (where.store->auto_increment)
      planned.next_number = idb_number_after(planned.key, planned.next_number);
  }
  if (planned.key.empty())
    return idb_failure{"DataError", "there is no key"};
  planned.row_key = where.prefix + planned.key;
  auto old = find_record(sight_, planned.row_key);
  if (!old)
    return failure_of(old.error(), planned.row_key);
  planned.old = std::move(*old);
  if (planned.old && x.no_overwrite)
    return idb_failure{"ConstraintError", "there is a record with this key"};
  if (auto failure = plan_index_keys(where, x, planned))
    return failure;
  planned.row = encode_idb_record(planned.row_key, planned.index_keys, std::move(x.value));
  planned.growth = static_cast<int64_t>(planned.row_key.size() + planned.row.size())
                   + index_bytes(*where.store, planned.index_keys, planned.key);
  if (overlay_.bytes() + planned.row.size() > limits::idb_changes_bytes_max)
    return idb_failure{"QuotaExceededError", "the transaction has changed too much"};
  if (planned.old)
    planned.growth -= record_bytes(where, planned.key, *planned.old);
  return std::nullopt;
}

std::optional<idb_failure> idb_transaction::plan_index_keys(const tree& where, idb_put& x,
                                                            change& planned) {
  for (auto& given : x.index_keys) {
    const auto* index = find_index(*where.store, given.index);
    if (index == nullptr)
      return refusal(access::read);
    auto keys = std::move(given.keys);
    for (auto& key : keys) {
      if (!x.generate)
        continue;
      if (!is_idb_key(key, idb_generated::allowed))
        return idb_failure{"DataError", "a key of an index is no key"};
      key = idb_key_with_number(key, *number_of_idb_key(planned.key));
    }
    if (given.is_primary)
      keys.push_back(planned.key);
    sort_once(keys);
    if (index->unique)
      if (auto failure = check_unique(*index, keys, planned.key))
        return failure;
    planned.index_keys.push_back({given.index, std::move(keys)});
  }
  return std::nullopt;
}

std::optional<idb_failure> idb_transaction::check_unique(const idb_index& index,
                                                         const std::vector<std::string>& keys,
                                                         std::string_view primary_key) {
  for (const auto& key : keys) {
    const auto begin = prefix_of(index.id) + key;
    idb_cursor cursor{sight_, begin, prefix_end(begin)};
    for (cursor.seek(begin); cursor.valid(); cursor.next())
      if (cursor.key().substr(begin.size()) != primary_key)
        return idb_failure{"ConstraintError",
                           "another record has this key in the unique index " + index.name};
    if (auto err = cursor.status())
      return failure_of(err, {});
  }
  return std::nullopt;
}

// -- Rows of indexes

int64_t idb_transaction::index_bytes(const idb_store& store,
                                     const std::vector<idb_index_entry>& entries,
                                     std::string_view primary_key) const {
  size_t sum = 0;
  for (const auto& entry : entries)
    if (find_index(store, entry.index) != nullptr)
      for (const auto& key : entry.keys)
        sum += idb_tree_prefix_bytes + key.size() + primary_key.size() + index_row_value_bytes;
  return static_cast<int64_t>(sum);
}

void idb_transaction::add_index_rows(const idb_store& store,
                                     const std::vector<idb_index_entry>& entries,
                                     const std::string& primary_key) {
  for (const auto& entry : entries) {
    auto& rows = changed_state(store.id).trees[entry.index];
    for (const auto& key : entry.keys) {
      auto row_key = prefix_of(entry.index) + key + primary_key;
      auto row = encode_idb_index_row(row_key, key.size());
      ++rows.rows;
      rows.bytes += row_key.size() + row.size();
      overlay_.put(std::move(row_key), {std::move(row), {}});
    }
  }
}

void idb_transaction::remove_index_rows(const idb_store& store,
                                        const std::vector<idb_index_entry>& entries,
                                        std::string_view primary_key) {
  for (const auto& entry : entries) {
    if (find_index(store, entry.index) == nullptr)
      continue;
    auto& rows = changed_state(store.id).trees[entry.index];
    for (const auto& key : entry.keys) {
      auto row_key = (prefix_of(entry.index) + key).append(primary_key);
      --rows.rows;
      rows.bytes -= row_key.size() + index_row_value_bytes;
      overlay_.remove(std::move(row_key));
    }
  }
}

/// What it counts, with its index rows.
int64_t idb_transaction::record_bytes(const tree& where, std::string_view primary_key,
                                      const idb_stored_record& record) const {
  return static_cast<int64_t>(where.prefix.size() + primary_key.size() + record.row_bytes)
         + index_bytes(*where.store, record.index_keys, primary_key);
}

/// With its index rows. The charge is the caller's.
void idb_transaction::remove_record(const tree& where, const std::string& primary_key,
                                    const idb_stored_record& record) {
  auto row_key = where.prefix + primary_key;
  auto& rows = changed_state(where.store->id).trees[where.store->id];
  --rows.rows;
  rows.bytes -= row_key.size() + record.row_bytes;
  overlay_.remove(std::move(row_key));
  remove_index_rows(*where.store, record.index_keys, primary_key);
}

// -- delete() and clear()

// Spec: IndexedDB#object-store-deletion-operation
idb_outcome idb_transaction::apply(idb_delete& x) {
  const auto where = find(x.store, 0, access::write);
  if (!where)
    return refusal(access::write);
  const auto& range = x.range;
  if (!range.has_lower && !range.has_upper)
    return clear(*where->store);
  if (!range.has_upper || range.lower != range.upper || !range.has_lower) {
    if (auto failure = remove_range(*where, range))
      return std::move(*failure);
    return idb_done{};
  }
  const auto key = where->prefix + range.lower;
  const auto record = find_record(sight_, key);
  if (!record)
    return failure_of(record.error(), key);
  if (*record && !range.lower_open && !range.upper_open) {
    charge(-record_bytes(*where, range.lower, **record));
    remove_record(*where, range.lower, **record);
  }
  return idb_done{};
}

std::optional<idb_failure> idb_transaction::remove_range(const tree& where,
                                                         const idb_key_range& range) {
  const auto rows = rows_of(where, range);
  if (rows.empty())
    return std::nullopt;
  std::vector<std::pair<std::string, idb_stored_record>> doomed;
  idb_cursor cursor{sight_, rows.begin, rows.end};
  for (cursor.seek(rows.begin); cursor.valid(); cursor.next()) {
    auto record = cursor.record();
    if (!record)
      return failure_of(record.error(), cursor.key());
    record->value = {};
    doomed.emplace_back(cursor.key().substr(idb_tree_prefix_bytes), std::move(*record));
  }
  if (auto err = cursor.status())
    return failure_of(err, {});
  for (const auto& [key, record] : doomed) {
    charge(-record_bytes(where, key, record));
    remove_record(where, key, record);
  }
  return std::nullopt;
}

// Spec: IndexedDB#object-store-clear-operation
idb_outcome idb_transaction::apply(idb_clear& x) {
  const auto where = find(x.store, 0, access::write);
  if (!where)
    return refusal(access::write);
  return clear(*where->store);
}

idb_outcome idb_transaction::clear(const idb_store& store) {
  clear_tree(store.id, store.id);
  for (const auto& index : store.indexes)
    clear_tree(store.id, index.id);
  return idb_done{};
}

// -- Records that an index finds when it is created

idb_outcome idb_transaction::apply(idb_fill_index& x) {
  const auto where = find(x.store, 0, access::upgrade);
  const auto* index = where ? find_index(*where->store, x.index) : nullptr;
  if (index == nullptr)
    return refusal(access::upgrade);
  const auto row_key = where->prefix + x.primary_key;
  auto record = find_record(sight_, row_key);
  if (!record)
    return failure_of(record.error(), row_key);
  if (!*record)
    return idb_done{};
  auto entries = (*record)->index_keys;
  if (std::ranges::find(entries, x.index, &idb_index_entry::index) != entries.end())
    return idb_failure{"UnknownError", "the record is in the index already"};
  sort_once(x.keys);
  if (index->unique)
    if (auto failure = check_unique(*index, x.keys, x.primary_key))
      return std::move(*failure);
  const std::vector<idb_index_entry> added{{x.index, std::move(x.keys)}};
  entries.push_back(added.front());
  auto row = encode_idb_record(row_key, entries, (*record)->value);
  const auto growth = static_cast<int64_t>(row.size()) - static_cast<int64_t>((*record)->row_bytes);
  if (!charge(growth + index_bytes(*where->store, added, x.primary_key)))
    return no_room();
  auto& rows = changed_state(x.store).trees[x.store];
  rows.bytes = static_cast<uint64_t>(static_cast<int64_t>(rows.bytes) + growth);
  overlay_.put(row_key, std::move(row));
  add_index_rows(*where->store, added, x.primary_key);
  return idb_done{};
}

} // namespace offstage

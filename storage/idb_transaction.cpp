// SPDX-License-Identifier: MIT
#include "storage/idb_transaction.hpp"

#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

uint64_t idb_schema_bytes(const idb_contents& contents, const idb_database& schema) {
  if (schema.version == 0)
    return 0;
  const auto key = idb_database_key(contents.key, contents.id, schema.name);
  return key.size() + encode_idb_database(key, schema).size();
}

uint64_t idb_contents::bytes() const {
  auto sum = idb_schema_bytes(*this, *schema);
  for (const auto& [number, store] : stores)
    sum += store.bytes();
  return sum;
}

idb_transaction::idb_transaction(database_ptr db, const idb_contents& committed, idb_terms how,
                                 quota_account_ptr quota)
    : db_(std::move(db)),
      committed_(committed),
      how_(std::move(how)),
      quota_(quota),
      reservation_(std::move(quota)),
      sight_{*db_, nullptr, overlay_},
      schema_(committed.schema) {}

// -- What operations touch

std::optional<idb_transaction::tree> idb_transaction::find(uint64_t store, uint64_t index,
                                                           access how) const {
  const auto is_upgrade = how_.mode == idb_mode::version_change;
  if (how == access::upgrade ? !is_upgrade : !is_upgrade && !how_.scope.contains(store))
    return std::nullopt;
  if (how == access::write && how_.mode == idb_mode::read_only)
    return std::nullopt;
  const auto found = std::ranges::find(schema_->stores, store, &idb_store::id);
  if (found == schema_->stores.end())
    return std::nullopt;
  tree result{&*found, nullptr, {}};
  if (index != 0) {
    const auto inner = std::ranges::find(found->indexes, index, &idb_index::id);
    if (inner == found->indexes.end())
      return std::nullopt;
    result.index = &*inner;
  }
  result.prefix = prefix_of(result.id());
  return result;
}

/// A correct worker never hears it: it checks before it asks.
idb_failure idb_transaction::refusal(access how) const {
  if (how == access::write && how_.mode == idb_mode::read_only)
    return {"ReadOnlyError", "the transaction is read-only"};
  if (how == access::upgrade && how_.mode != idb_mode::version_change)
    return {"InvalidStateError", "the transaction is not an upgrade"};
  return {"NotFoundError", "there is no such store or index in the transaction's scope"};
}

const idb_store_state& idb_transaction::state(uint64_t store) const {
  static const idb_store_state fresh;
  if (const auto found = changed_.find(store); found != changed_.end())
    return found->second;
  const auto found = committed_.stores.find(store);
  return found != committed_.stores.end() ? found->second : fresh;
}

idb_store_state& idb_transaction::changed_state(uint64_t store) {
  const auto found = changed_.find(store);
  return found != changed_.end() ? found->second
                                 : changed_.emplace(store, state(store)).first->second;
}

idb_failure idb_transaction::failure_of(const caf::error& err, std::string_view row_key) {
  if (err == storage_error::corrupted) {
    damaged_.emplace_back(row_key);
    return {"UnknownError", "a stored record is damaged"};
  }
  return {"UnknownError", describe(err)};
}

// Invariant: what is reserved covers the growth, so a commit never exceeds the quota.
bool idb_transaction::charge(int64_t growth) {
  const auto after = growth_ + growth;
  if (after > static_cast<int64_t>(reserved_)) {
    const auto missing = static_cast<uint64_t>(after) - reserved_;
    if (!reservation_.add(missing))
      return false;
    reserved_ += missing;
  }
  growth_ = after;
  return true;
}

std::vector<idb_outcome> idb_transaction::run(std::vector<idb_operation>& operations) {
  std::vector<idb_outcome> outcomes;
  outcomes.reserve(operations.size());
  answer_bytes_ = 0;
  for (auto& operation : operations)
    outcomes.push_back(caf::visit([this](auto& x) { return apply(x); }, operation));
  return outcomes;
}

// -- Commit

caf::expected<write_batch> idb_transaction::changes() {
  write_batch batch;
  overlay_.write_to(batch);
  for (const auto& [store, changed] : changed_) {
    const auto key = idb_store_state_key(committed_.key, committed_.id, store);
    batch.put(column::meta, key, encode_idb_store(key, changed));
  }
  for (const auto store : deleted_stores_)
    batch.remove(column::meta, idb_store_state_key(committed_.key, committed_.id, store));
  if (!own_schema_)
    return batch;
  const auto before = idb_schema_bytes(committed_, *committed_.schema);
  const auto after = idb_schema_bytes(committed_, *own_schema_);
  if (!charge(static_cast<int64_t>(after) - static_cast<int64_t>(before)))
    return fail(storage_error::quota_exceeded, "the description of the database");
  const auto key = idb_database_key(committed_.key, committed_.id, own_schema_->name);
  batch.put(column::meta, key, encode_idb_database(key, *own_schema_));
  return batch;
}

void idb_transaction::adopt_into(idb_contents& committed) {
  for (auto& [store, changed] : changed_)
    committed.stores.insert_or_assign(store, std::move(changed));
  for (const auto store : deleted_stores_)
    committed.stores.erase(store);
  committed.schema = schema_;
  quota_->change_databases_usage(growth_);
  reservation_.give_back();
}

// -- Upgrading

idb_database& idb_transaction::changed_schema() {
  if (!own_schema_) {
    own_schema_ = std::make_shared<idb_database>(*schema_);
    schema_ = own_schema_;
  }
  return *own_schema_;
}

void idb_transaction::set_version(uint64_t version) {
  changed_schema().version = version;
}

void idb_transaction::clear_tree(uint64_t store, uint64_t tree_id) {
  auto& changed = changed_state(store).trees[tree_id];
  charge(-static_cast<int64_t>(changed.bytes));
  changed = {};
  overlay_.clear_tree(prefix_of(tree_id));
}

idb_outcome idb_transaction::apply(idb_create_store& x) {
  if (how_.mode != idb_mode::version_change)
    return refusal(access::upgrade);
  auto& schema = changed_schema();
  if (x.store.id < schema.next_id || schema.stores.size() >= wire::idb_stores_max
      || x.store.id >= limits::idb_ids_max)
    return idb_failure{"UnknownError", "too many stores"};
  if (std::ranges::find(schema.stores, x.store.name, &idb_store::name) != schema.stores.end())
    return idb_failure{"ConstraintError", "there is a store with this name"};
  schema.next_id = x.store.id + 1;
  x.store.indexes.clear();
  changed_state(x.store.id).trees[x.store.id] = {};
  schema.stores.push_back(std::move(x.store));
  return idb_done{};
}

idb_outcome idb_transaction::apply(idb_create_index& x) {
  const auto where = find(x.store, 0, access::upgrade);
  if (!where)
    return refusal(access::upgrade);
  auto& schema = changed_schema();
  auto& store = *std::ranges::find(schema.stores, x.store, &idb_store::id);
  if (x.index.id < schema.next_id || store.indexes.size() >= wire::idb_indexes_max
      || x.index.id >= limits::idb_ids_max)
    return idb_failure{"UnknownError", "too many indexes"};
  if (std::ranges::find(store.indexes, x.index.name, &idb_index::name) != store.indexes.end())
    return idb_failure{"ConstraintError", "there is an index with this name"};
  schema.next_id = x.index.id + 1;
  changed_state(x.store).trees[x.index.id] = {};
  store.indexes.push_back(std::move(x.index));
  return idb_done{};
}

// Records keep the keys of an index that is gone; ids are never used again.
idb_outcome idb_transaction::apply(idb_delete_schema& x) {
  if (!find(x.store, x.index, access::upgrade))
    return refusal(access::upgrade);
  auto& schema = changed_schema();
  const auto store = std::ranges::find(schema.stores, x.store, &idb_store::id);
  if (x.index != 0) {
    clear_tree(x.store, x.index);
    changed_state(x.store).trees.erase(x.index);
    std::erase_if(store->indexes, [&](const idb_index& one) { return one.id == x.index; });
    return idb_done{};
  }
  clear(*store);
  changed_.erase(x.store);
  deleted_stores_.insert(x.store);
  schema.stores.erase(store);
  return idb_done{};
}

idb_outcome idb_transaction::apply(idb_rename_schema& x) {
  if (!find(x.store, x.index, access::upgrade))
    return refusal(access::upgrade);
  auto& store = *std::ranges::find(changed_schema().stores, x.store, &idb_store::id);
  if (x.index == 0)
    store.name = std::move(x.name);
  else
    std::ranges::find(store.indexes, x.index, &idb_index::id)->name = std::move(x.name);
  return idb_done{};
}

} // namespace offstage

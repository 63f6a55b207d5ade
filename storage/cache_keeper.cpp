// SPDX-License-Identifier: MIT
#include "storage/cache_keeper.hpp"

#include <algorithm>

#include <caf/send.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/quarantine.hpp"

namespace offstage {

cache_keeper_actor::behavior_type cache_keeper::start(cache_keeper_actor::pointer self,
                                                      const storage_parts& parts,
                                                      const storage_key& key,
                                                      quota_account_ptr account) {
  self_ = self;
  parts_ = parts;
  key_ = key;
  account_ = std::move(account);
  sources_ = std::make_shared<std::vector<caf::actor_addr>>();
  if (auto err = reload()) {
    parts_.log(storage_log_level::error, key_.origin + ": " + describe(err));
    self_->quit(err);
  }
  self_->set_down_handler([this](const caf::down_msg& down) { holder_down(down.source); });
  self_->attach_functor([sources = sources_](const caf::error&) {
    for (const auto& source : *sources)
      caf::anon_send_exit(source, caf::exit_reason::user_shutdown);
  });
  for (const auto& [cache, info] : catalog_.caches())
    reclaim_if_unused(cache);
  return {
      [this](cache_atom, cache_operation& operation) { return run(operation); },
      [this](remove_atom) { return enqueue([this] { return plan_clear(); }); },
      [this](drain_atom) { return wait_for_reclaim(); },
      [this](report_atom, damaged_record& damage) {
        enqueue_repair([this, damage] { return plan_removal_of_damage(damage); });
      },
  };
}

/// Takes over what is on disk: at the start, and after a write whose outcome is not known.
caf::error cache_keeper::reload() {
  std::vector<std::string> damaged;
  if (auto err = catalog_.load(*parts_.db, key_, damaged))
    return err;
  const auto usage = load_usage();
  if (!usage)
    return usage.error();
  account_->set_usage(*usage);
  if (!damaged.empty())
    enqueue_repair([this, damaged] { return plan_repair_of_names(damaged); });
  return caf::none;
}

caf::expected<uint64_t> cache_keeper::load_usage() const {
  const auto key = usage_key(key_);
  const auto record = parts_.db->get(column::meta, key);
  if (!record && record.error() == storage_error::io_failed)
    return record.error();
  if (!record)
    return count_usage();
  auto usage = decode_number(record_kind::usage, key, *record);
  if (usage)
    return usage;
  parts_.log(storage_log_level::error, "damaged usage of " + key_.origin + " is counted anew");
  return count_usage();
}

// -- The queue of changes

caf::result<cache_result>
cache_keeper::enqueue(std::function<caf::expected<planned_change>()> plan) {
  auto promise = self_->make_response_promise<cache_result>();
  enqueue({std::move(plan), [promise](caf::expected<cache_result> outcome) mutable {
             if (outcome)
               promise.deliver(std::move(*outcome));
             else
               promise.deliver(std::move(outcome.error()));
           }});
  return promise;
}

void cache_keeper::enqueue(queued_change change) {
  queue_.push_back(std::move(change));
  run_queue();
}

// Invariant: at most one change of a storage key is at the writer, so a plan sees every change
// before it. Test: "puts that are not awaited are applied in order".
void cache_keeper::run_queue() {
  if (planning_)
    return; // A plan or its outcome has put something into the queue.
  planning_ = true;
  while (!writing_ && !queue_.empty()) {
    auto change = std::move(queue_.front());
    queue_.pop_front();
    auto plan = change.plan();
    if (!plan)
      change.done(plan.error());
    else if (plan->rows.batch.empty())
      committed(change, *plan);
    else
      write(change, std::move(*plan));
  }
  planning_ = false;
}

void cache_keeper::write(const queued_change& change, planned_change plan) {
  const auto key = usage_key(key_);
  plan.usage = usage_after(plan);
  plan.rows.batch.put(column::meta, key, encode_number(record_kind::usage, key, *plan.usage));
  auto batch = std::make_shared<const write_batch>(std::move(plan.rows.batch));
  writing_ = true;
  self_
      ->request(parts_.writer, limits::write_time_max, store_atom_v, write_batch_ptr{batch},
                durability::relaxed)
      .then(
          [this, change, plan](bool) mutable {
            writing_ = false;
            account_->set_usage(*plan.usage);
            committed(change, plan);
            run_queue();
          },
          [this, change](const caf::error& err) {
            writing_ = false;
            if (auto failure = reload())
              parts_.log(storage_log_level::error, key_.origin + ": " + describe(failure));
            change.done(write_failure(err));
            run_queue();
          });
}

void cache_keeper::committed(const queued_change& change, planned_change& plan) {
  if (plan.apply)
    plan.apply();
  change.done(std::move(plan.result));
  tell_if_reclaimed();
}

uint64_t cache_keeper::usage_after(const planned_change& plan) const {
  if (plan.usage)
    return *plan.usage;
  const auto before = account_->usage() + plan.rows.added_bytes;
  const auto less =
      plan.rows.removed_bytes + static_cast<uint64_t>(std::max<int64_t>(-plan.name_bytes, 0));
  const auto more = static_cast<uint64_t>(std::max<int64_t>(plan.name_bytes, 0));
  return before + more > less ? before + more - less : 0;
}

void cache_keeper::discard(const std::vector<stored_body>& bodies) {
  auto batch = std::make_shared<write_batch>();
  for (const auto& content : bodies)
    discard_body(*batch, content);
  if (!batch->empty())
    self_
        ->request(parts_.writer, limits::write_time_max, store_atom_v,
                  write_batch_ptr{std::move(batch)}, durability::relaxed)
        .then([](bool) {},
              [](const caf::error&) {
                // The records stay pending, and the next start collects them.
              });
}

// -- Caches without a name

/// Whoever opened a cache may use it until it dies.
void cache_keeper::hold(cache_id cache, const caf::strong_actor_ptr& holder) {
  if (!holder)
    return;
  const auto [entry, is_new] = holders_.try_emplace(caf::actor_cast<caf::actor_addr>(holder));
  if (is_new)
    self_->monitor(holder);
  entry->second.insert(cache);
}

void cache_keeper::holder_down(const caf::actor_addr& holder) {
  const auto entry = holders_.find(holder);
  if (entry == holders_.end())
    return;
  const auto held = std::move(entry->second);
  holders_.erase(entry);
  for (const auto cache : held)
    reclaim_if_unused(cache);
}

bool cache_keeper::is_held(cache_id cache) const {
  return std::ranges::any_of(holders_, [&](const auto& x) { return x.second.contains(cache); });
}

void cache_keeper::reclaim_if_unused(cache_id cache) {
  const auto* info = catalog_.find(cache);
  if (info != nullptr && info->doomed && !is_held(cache))
    enqueue_repair([this, cache] { return plan_reclaim(cache); });
}

bool cache_keeper::is_reclaiming() const {
  return std::ranges::any_of(
      catalog_.caches(), [this](const auto& x) { return x.second.doomed && !is_held(x.first); });
}

caf::result<bool> cache_keeper::wait_for_reclaim() {
  reclaim_waiters_.push_back(self_->make_response_promise<bool>());
  auto promise = reclaim_waiters_.back();
  tell_if_reclaimed();
  return promise;
}

void cache_keeper::tell_if_reclaimed() {
  if (reclaim_waiters_.empty() || is_reclaiming())
    return;
  for (auto& waiter : std::exchange(reclaim_waiters_, {}))
    waiter.deliver(true);
}

caf::expected<planned_change> cache_keeper::plan_clear() {
  planned_change plan;
  std::vector<cache_id> all;
  for (const auto& [cache, info] : catalog_.caches()) {
    all.push_back(cache);
    if (info.doomed)
      continue;
    plan.name_bytes -= static_cast<int64_t>(info.name.size());
    plan.rows.batch.remove(column::meta, cache_name_key(key_, cache, info.name));
    const auto key = doomed_cache_key(key_, cache);
    plan.rows.batch.put(column::meta, key, encode_number(record_kind::cache_name, key, 0));
  }
  plan.result.found = !all.empty();
  plan.apply = [this, all] {
    holders_.clear();
    for (const auto cache : all)
      if (catalog_.find(cache) != nullptr) {
        catalog_.doom(cache);
        reclaim_if_unused(cache);
      }
  };
  return plan;
}

caf::expected<planned_change> cache_keeper::plan_reclaim(cache_id cache) {
  planned_change plan;
  if (catalog_.find(cache) == nullptr)
    return plan;
  size_t rows = 0;
  bool is_last = true;
  bool is_damaged = false;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (rows++ == limits::reclaim_rows_max)
      return is_last = false;
    cache_hit hit{cache, sequence_of_row_key(key).value_or(0), std::string{key}, {}};
    if (auto row = decode_index_row(key, shared_bytes{std::string{value}}))
      hit.row = std::move(*row);
    else
      is_damaged = true;
    remove_entry(plan.rows, hit);
    return true;
  };
  if (auto err = parts_.db->scan(column::index, index_prefix(cache), visit))
    return err;
  if (is_damaged) {
    const auto usage = count_usage();
    if (!usage)
      return usage.error();
    plan.usage = *usage - plan.rows.removed_bytes;
  }
  if (is_last) {
    const auto entries = entry_prefix(cache);
    plan.rows.batch.remove_range(column::entries, entries, prefix_end(entries));
    plan.rows.batch.remove(column::meta, doomed_cache_key(key_, cache));
    plan.apply = [this, cache] { catalog_.erase(cache); };
  } else {
    plan.apply = [this, cache] { reclaim_if_unused(cache); };
  }
  return plan;
}

// -- Damage

void cache_keeper::enqueue_repair(std::function<caf::expected<planned_change>()> plan) {
  enqueue({std::move(plan), [this](const caf::expected<cache_result>& outcome) {
             if (!outcome)
               parts_.log(storage_log_level::error,
                          key_.origin + ": repair failed: " + describe(outcome.error()));
           }});
}

void cache_keeper::report(const cache_hit& hit, column where, const std::string& key) {
  const damaged_record damage{hit.cache, hit.key, where, key};
  enqueue_repair([this, damage] { return plan_removal_of_damage(damage); });
}

void cache_keeper::report_index_row(cache_id cache, const std::string& key) {
  enqueue_repair([this, cache, key] { return plan_repair_of_index(cache, key); });
}

caf::expected<planned_change> cache_keeper::plan_removal_of_damage(const damaged_record& damage) {
  planned_change plan;
  const auto record = parts_.db->get(column::index, damage.index_key);
  if (!record)
    return plan; // The entry was removed meanwhile.
  auto row = decode_index_row(damage.index_key, *record);
  if (!row)
    return plan; // It has a repair of its own.
  remove_entry(plan.rows, {damage.cache, sequence_of_row_key(damage.index_key).value_or(0),
                           damage.index_key, std::move(*row)});
  quarantine_row(plan.rows.batch, *parts_.db, damage.where, damage.key, parts_.log);
  return plan;
}

/// An index row can be made again from its entry.
caf::expected<planned_change> cache_keeper::plan_repair_of_index(cache_id cache,
                                                                 const std::string& key) {
  planned_change plan;
  const auto record = parts_.db->get(column::index, key);
  if (record ? static_cast<bool>(decode_index_row(key, *record))
             : record.error() == storage_error::not_found)
    return plan;
  quarantine_row(plan.rows.batch, *parts_.db, column::index, key, parts_.log);
  auto usage = count_usage();
  if (!usage)
    return usage.error();
  const auto row_key = entry_key(cache, sequence_of_row_key(key).value_or(0));
  const auto entry_value = parts_.db->get(column::entries, row_key);
  const auto entry = entry_value ? decode_entry(row_key, *entry_value) : entry_value.error();
  if (entry) {
    const auto row = make_index_row(*entry, entry_value->size());
    plan.rows.batch.put(column::index, key, encode(key, row));
    *usage += row.charge_bytes;
  } else {
    quarantine_row(plan.rows.batch, *parts_.db, column::entries, row_key, parts_.log);
  }
  plan.usage = *usage;
  return plan;
}

caf::expected<planned_change>
cache_keeper::plan_repair_of_names(const std::vector<std::string>& keys) {
  planned_change plan;
  for (const auto& key : keys) {
    quarantine_row(plan.rows.batch, *parts_.db, column::meta, key, parts_.log);
    plan.rows.batch.put(column::meta, key, encode_number(record_kind::cache_name, key, 0));
  }
  return plan;
}

caf::expected<uint64_t> cache_keeper::count_usage() const {
  uint64_t sum = 0;
  for (const auto& [cache, info] : catalog_.caches()) {
    const auto charges = count_charges(*parts_.db, cache);
    if (!charges)
      return charges.error();
    sum += *charges + (info.doomed ? 0 : info.name.size());
  }
  return sum;
}

void cache_keeper::remember_source(const body_source_actor& source) {
  if (sources_->size() >= sources_checked_) {
    std::erase_if(*sources_, [](const caf::actor_addr& address) {
      return !caf::actor_cast<caf::strong_actor_ptr>(address);
    });
    sources_checked_ = std::max<size_t>(64, 2 * sources_->size());
  }
  sources_->push_back(source.address());
}

namespace {

cache_keeper_actor::behavior_type
cache_storage(cache_keeper_actor::stateful_pointer<cache_keeper> self, const storage_parts& parts,
              const storage_key& key, const quota_account_ptr& account) {
  return self->state.start(self, parts, key, account);
}

} // namespace

cache_keeper_actor spawn_cache_storage(caf::actor_system& system, const storage_parts& parts,
                                       const storage_key& key, quota_account_ptr account) {
  return system.spawn(cache_storage, parts, key, std::move(account));
}

} // namespace offstage

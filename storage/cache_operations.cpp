// SPDX-License-Identifier: MIT
// The Cache API of a cache_storage actor.
#include <algorithm>

#include <caf/send.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/cache_keeper.hpp"
#include "storage/stored_body_source.hpp"

namespace offstage {

namespace {

bool is_short(const body& content) {
  if (content.kind == body_kind::none)
    return true;
  const auto size = content.bytes.size();
  return content.kind == body_kind::inline_bytes && !content.bytes.is_detached()
         && size <= limits::body_inline_bytes_max
         && (content.length < 0 || static_cast<uint64_t>(content.length) == size);
}

stored_body beside(const body& content) {
  stored_body result;
  if (content.kind == body_kind::none)
    return result;
  result.where = stored_body::place::beside;
  result.bytes = content.bytes;
  result.length = content.bytes.size();
  return result;
}

void cancel(const body& content) {
  if (content.source)
    caf::anon_send(content.source, cancel_atom_v);
}

void cancel_all(const std::vector<cache_entry>& entries) {
  for (const auto& entry : entries) {
    cancel(entry.request.content);
    cancel(entry.response.content);
  }
}

caf::error no_such_cache() {
  return fail(storage_error::refused, "InvalidStateError: there is no such cache");
}

} // namespace

caf::result<cache_result> cache_keeper::run(cache_operation& operation) {
  if (auto* x = caf::get_if<cache_query>(&operation))
    return operator_query(*x);
  if (auto* x = caf::get_if<cache_storage_match>(&operation))
    return operator_match(*x);
  if (auto* x = caf::get_if<cache_put>(&operation))
    return operator_put(*x);
  if (auto* x = caf::get_if<cache_open>(&operation))
    return operator_open(*x);
  if (auto* x = caf::get_if<cache_remove>(&operation))
    return operator_remove(*x);
  if (auto* x = caf::get_if<cache_drop>(&operation))
    return operator_drop(*x);
  if (auto* x = caf::get_if<cache_has>(&operation)) {
    cache_result result;
    result.found = catalog_.find(x->name).has_value();
    return result;
  }
  return list_names();
}

// -- The name to cache map

// Spec: ServiceWorker#cache-storage-open
caf::result<cache_result> cache_keeper::operator_open(cache_open& operation) {
  if (const auto cache = catalog_.find(operation.name)) {
    hold(*cache, self_->current_sender());
    cache_result result;
    result.found = true;
    result.cache = *cache;
    return result;
  }
  if (operation.name.size() > limits::cache_name_bytes_max)
    return fail(storage_error::refused, "TypeError: the cache's name is too long");
  return enqueue([this, cache_name = operation.name, opener = self_->current_sender()] {
    return plan_open(cache_name, opener);
  });
}

caf::expected<planned_change> cache_keeper::plan_open(const std::string& cache_name,
                                                      const caf::strong_actor_ptr& opener) {
  planned_change plan;
  plan.result.found = true;
  if (const auto cache = catalog_.find(cache_name)) {
    hold(*cache, opener);
    plan.result.cache = *cache;
    return plan;
  }
  if (catalog_.size() >= limits::caches_per_key_max)
    return fail(storage_error::quota_exceeded, "too many caches");
  const cache_id cache{parts_.cache_ids->fetch_add(1)};
  const auto key = cache_name_key(key_, cache, cache_name);
  plan.rows.batch.put(column::meta, key, encode_number(record_kind::cache_name, key, 0));
  plan.name_bytes = static_cast<int64_t>(cache_name.size());
  plan.result.cache = cache;
  plan.apply = [this, cache, cache_name, opener] {
    catalog_.add(cache, cache_name);
    hold(cache, opener);
  };
  if (auto err = check_quota(plan))
    return err;
  return plan;
}

// Spec: ServiceWorker#cache-storage-delete
caf::result<cache_result> cache_keeper::operator_drop(cache_drop& operation) {
  return enqueue([this, cache_name = operation.name] { return plan_drop(cache_name); });
}

caf::expected<planned_change> cache_keeper::plan_drop(const std::string& cache_name) {
  planned_change plan;
  const auto found = catalog_.find(cache_name);
  if (!found)
    return plan;
  const auto cache = *found;
  plan.result.found = true;
  plan.name_bytes = -static_cast<int64_t>(cache_name.size());
  plan.rows.batch.remove(column::meta, cache_name_key(key_, cache, cache_name));
  const auto key = doomed_cache_key(key_, cache);
  plan.rows.batch.put(column::meta, key, encode_number(record_kind::cache_name, key, 0));
  plan.apply = [this, cache] {
    catalog_.doom(cache);
    reclaim_if_unused(cache);
  };
  return plan;
}

// Spec: ServiceWorker#cache-storage-keys
cache_result cache_keeper::list_names() const {
  cache_result result;
  for (const auto& [cache, info] : catalog_.caches())
    if (!info.doomed)
      result.names.push_back(info.name);
  return result;
}

// -- Queries

// Spec: ServiceWorker#cache-storage-match
caf::result<cache_result> cache_keeper::operator_match(cache_storage_match& operation) {
  cache_result result;
  lookup wanted;
  wanted.request = &operation.request;
  wanted.options = operation.options;
  wanted.first_only = true;
  for (const auto& [cache, info] : catalog_.caches()) {
    if (info.doomed || (operation.has_name && info.name != operation.name))
      continue;
    wanted.cache = cache;
    if (auto err = collect(wanted, result))
      return err;
    if (result.found)
      break;
  }
  return result;
}

// Spec: ServiceWorker#cache-matchall, ServiceWorker#cache-keys
caf::result<cache_result> cache_keeper::operator_query(cache_query& operation) {
  cache_result result;
  lookup wanted;
  wanted.cache = operation.cache;
  wanted.request = operation.has_request ? &operation.request : nullptr;
  wanted.options = operation.options;
  wanted.first_only = operation.first_only;
  wanted.want_responses = operation.want_responses;
  if (auto err = collect(wanted, result))
    return err;
  return result;
}

caf::error cache_keeper::collect(const lookup& wanted, cache_result& result) {
  const auto* info = catalog_.find(wanted.cache);
  if (info == nullptr || (info->doomed && !is_held(wanted.cache)))
    return no_such_cache();
  std::optional<cache_matcher> matcher;
  if (wanted.request != nullptr)
    matcher.emplace(*wanted.request, wanted.options);
  if (matcher && !matcher->can_match())
    return caf::none;
  const auto view = parts_.db->view();
  auto found = find_entries(*parts_.db, wanted.cache, matcher ? &*matcher : nullptr, view);
  if (!found)
    return found.error();
  for (const auto& key : found->damaged)
    report_index_row(wanted.cache, key);
  for (const auto& hit : found->hits) {
    auto entry = read_entry(*parts_.db, hit, view);
    if (!entry && entry.error() != storage_error::corrupted)
      return entry.error();
    if (!entry) {
      report(hit, column::entries, entry_key(hit.cache, hit.sequence));
      continue;
    }
    result.found = true;
    if (wanted.want_responses)
      result.responses.push_back(make_response(hit, *entry, view));
    else
      result.requests.push_back(std::move(entry->request));
    if (wanted.first_only)
      break;
  }
  return caf::none;
}

fetch_response cache_keeper::make_response(const cache_hit& hit, entry_record& entry,
                                           const database_view_ptr& view) {
  auto response = std::move(entry.response);
  response.content = open_body(hit, entry.content, view);
  return response;
}

body cache_keeper::open_body(const cache_hit& hit, const stored_body& content,
                             const database_view_ptr& view) {
  if (content.where == stored_body::place::none)
    return {};
  if (content.where == stored_body::place::beside)
    return body::of(content.bytes);
  const auto keeper = caf::actor_cast<cache_keeper_actor>(self_);
  auto report = [keeper, cache = hit.cache, index_key = hit.key](const std::string& record_key) {
    const damaged_record damage{cache, index_key, column::bodies, record_key};
    caf::anon_send(keeper, report_atom_v, damage);
  };
  auto source =
      spawn_stored_body_source(self_->system(), parts_.db, view, content, std::move(report));
  remember_source(source);
  return body::of(std::move(source), static_cast<int64_t>(content.length));
}

// -- Changes

// Spec: ServiceWorker#cache-put, ServiceWorker#cache-add
caf::result<cache_result> cache_keeper::operator_put(cache_put& operation) {
  auto err =
      catalog_.find(operation.cache) == nullptr ? no_such_cache() : check_batch(operation.entries);
  if (err) {
    cancel_all(operation.entries);
    return err;
  }
  auto promise = self_->make_response_promise<cache_result>();
  const auto entries = std::make_shared<std::vector<cache_entry>>(std::move(operation.entries));
  const auto cache = operation.cache;
  body_intake intake;
  arrived_bodies arrived;
  bool all_short = true;
  for (auto& entry : *entries) {
    cancel(entry.request.content); // GET has no body.
    // One client's cookies must not be replayed to the others.
    entry.response.headers.remove("set-cookie");
    entry.response.headers.remove("set-cookie2");
    all_short = all_short && is_short(entry.response.content);
    arrived.bodies.push_back(beside(entry.response.content));
    intake.bodies.push_back(std::move(entry.response.content));
  }
  if (all_short) {
    store(cache, entries, std::move(arrived), promise);
    return promise;
  }
  intake.account = account_;
  self_->request(parts_.pipeline, limits::put_time_max, store_atom_v, std::move(intake))
      .then([this, cache, entries,
             promise](arrived_bodies& all) { store(cache, entries, std::move(all), promise); },
            [promise](const caf::error& failure) mutable {
              promise.deliver(write_failure(failure));
            });
  return promise;
}

/// All bodies are there: their rows are next.
void cache_keeper::store(cache_id cache, const entries_ptr& entries, arrived_bodies arrived,
                         promise_type promise) {
  const auto bodies = std::make_shared<arrived_bodies>(std::move(arrived));
  enqueue({[this, cache, entries, bodies] { return plan_put(cache, entries, bodies->bodies); },
           [this, bodies, promise](caf::expected<cache_result> outcome) mutable {
             if (outcome) {
               promise.deliver(std::move(*outcome));
               return;
             }
             discard(bodies->bodies);
             promise.deliver(std::move(outcome.error()));
           }});
}

// Spec: ServiceWorker#batch-cache-operations-algorithm
caf::expected<planned_change> cache_keeper::plan_put(cache_id cache, const entries_ptr& entries,
                                                     const std::vector<stored_body>& bodies) {
  planned_change plan;
  const auto* info = catalog_.find(cache);
  if (info == nullptr)
    return no_such_cache();
  auto sequence = info->next_sequence;
  std::set<std::string> removed;
  const cache_query_options exact;
  for (size_t i = 0; i < entries->size(); ++i) {
    const auto& entry = (*entries)[i];
    const cache_matcher matcher{entry.request, exact};
    const auto found = find_entries(*parts_.db, cache, &matcher);
    if (!found)
      return found.error();
    // Two entries of a batch that differ by Vary may replace the same stored one.
    for (const auto& hit : found->hits)
      if (removed.insert(hit.key).second)
        remove_entry(plan.rows, hit);
    for (const auto& key : found->damaged)
      report_index_row(cache, key);
    entry_record record{entry.request, entry.response, bodies[i]};
    record.request.url = without_fragment(record.request.url);
    if (auto err = add_entry(plan.rows, cache, sequence++, std::move(record)))
      return err;
  }
  if (auto err = check_quota(plan))
    return err;
  plan.apply = [this, cache, sequence] { catalog_.advance(cache, sequence); };
  return plan;
}

caf::error cache_keeper::check_quota(const planned_change& plan) const {
  const auto others = account_->total_usage() - account_->usage();
  if (usage_after(plan) + others <= account_->quota())
    return caf::none;
  return fail(storage_error::quota_exceeded,
              key_.origin + " may use " + std::to_string(account_->quota()) + " bytes");
}

// Spec: ServiceWorker#cache-delete
caf::result<cache_result> cache_keeper::operator_remove(cache_remove& operation) {
  const auto wanted = std::make_shared<cache_remove>(std::move(operation));
  return enqueue([this, wanted] { return plan_remove(*wanted); });
}

caf::expected<planned_change> cache_keeper::plan_remove(const cache_remove& operation) {
  planned_change plan;
  if (catalog_.find(operation.cache) == nullptr)
    return no_such_cache();
  const cache_matcher matcher{operation.request, operation.options};
  if (!matcher.can_match())
    return plan;
  const auto found = find_entries(*parts_.db, operation.cache, &matcher);
  if (!found)
    return found.error();
  for (const auto& hit : found->hits)
    remove_entry(plan.rows, hit);
  for (const auto& key : found->damaged)
    report_index_row(operation.cache, key);
  plan.result.found = !found->hits.empty();
  return plan;
}

} // namespace offstage

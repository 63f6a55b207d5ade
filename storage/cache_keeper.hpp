// SPDX-License-Identifier: MIT
#pragma once

// State of a cache_storage actor. See cache_storage.hpp for what the actor is; this header is for
// its two source files: cache_keeper.cpp (the queue of changes, damage, life) and
// cache_operations.cpp (the Cache API).

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include <caf/typed_event_based_actor.hpp>

#include "storage/cache_rows.hpp"
#include "storage/cache_storage.hpp"

namespace offstage {

/// A change that was planned against the committed rows.
struct planned_change {
  cache_change rows;             ///< Empty: nothing to write.
  cache_result result;           ///< The answer once it is committed.
  std::function<void()> apply;   ///< Brings the memory up to date; may be empty.
  int64_t name_bytes = 0;        ///< How the usage by names changes.
  std::optional<uint64_t> usage; ///< The usage is set to this instead of being changed.
};

/// A step in the queue: planned when its turn comes, because what it does depends on the committed
/// rows.
struct queued_change {
  std::function<caf::expected<planned_change>()> plan;
  std::function<void(caf::expected<cache_result>)> done;
};

class cache_keeper {
public:
  static inline const char* name = "storage.caches";

  cache_keeper_actor::behavior_type start(cache_keeper_actor::pointer self,
                                          const storage_parts& parts, const storage_key& key,
                                          quota_account_ptr account);

private:
  using promise_type = caf::typed_response_promise<cache_result>;

  // The Cache API.
  caf::result<cache_result> run(cache_operation& operation);
  caf::result<cache_result> operator_open(cache_open& operation);
  caf::result<cache_result> operator_drop(cache_drop& operation);
  caf::result<cache_result> operator_match(cache_storage_match& operation);
  caf::result<cache_result> operator_query(cache_query& operation);
  caf::result<cache_result> operator_put(cache_put& operation);
  caf::result<cache_result> operator_remove(cache_remove& operation);
  cache_result list_names() const;

  struct lookup {
    cache_id cache{0};
    const fetch_request* request = nullptr; ///< Null: everything matches.
    cache_query_options options;
    bool first_only = false;
    bool want_responses = true;
  };
  caf::error collect(const lookup& wanted, cache_result& result);
  fetch_response make_response(const cache_hit& hit, entry_record& entry,
                               const database_view_ptr& view);
  body open_body(const cache_hit& hit, const stored_body& content, const database_view_ptr& view);

  using entries_ptr = std::shared_ptr<std::vector<cache_entry>>;
  void store(cache_id cache, const entries_ptr& entries, arrived_bodies arrived,
             promise_type promise);
  caf::expected<planned_change> plan_open(const std::string& cache_name,
                                          const caf::strong_actor_ptr& opener);
  caf::expected<planned_change> plan_drop(const std::string& cache_name);
  caf::expected<planned_change> plan_put(cache_id cache, const entries_ptr& entries,
                                         const std::vector<stored_body>& bodies);
  caf::expected<planned_change> plan_remove(const cache_remove& operation);
  caf::error check_quota(const planned_change& plan) const;

  // The queue of changes.
  caf::result<cache_result> enqueue(std::function<caf::expected<planned_change>()> plan);
  void enqueue(queued_change change);
  void run_queue();
  void write(const queued_change& change, planned_change plan);
  void committed(const queued_change& change, planned_change& plan);
  void discard(const std::vector<stored_body>& bodies);
  caf::error reload();
  caf::expected<uint64_t> load_usage() const;
  uint64_t usage_after(const planned_change& plan) const;

  // Caches without a name, and who holds them.
  void hold(cache_id cache, const caf::strong_actor_ptr& holder);
  void holder_down(const caf::actor_addr& holder);
  bool is_held(cache_id cache) const;
  void reclaim_if_unused(cache_id cache);
  caf::expected<planned_change> plan_clear();
  caf::result<bool> wait_for_reclaim();
  void tell_if_reclaimed();
  bool is_reclaiming() const;
  caf::expected<planned_change> plan_reclaim(cache_id cache);

  // Damage.
  void report(const cache_hit& hit, column where, const std::string& key);
  void report_index_row(cache_id cache, const std::string& key);
  caf::expected<planned_change> plan_removal_of_damage(const damaged_record& damage);
  caf::expected<planned_change> plan_repair_of_index(cache_id cache, const std::string& key);
  caf::expected<planned_change> plan_repair_of_names(const std::vector<std::string>& keys);
  caf::expected<uint64_t> count_usage() const;
  void enqueue_repair(std::function<caf::expected<planned_change>()> plan);

  void remember_source(const body_source_actor& source);

  cache_keeper_actor::pointer self_ = nullptr;
  storage_parts parts_;
  storage_key key_;
  cache_catalog catalog_;
  quota_account_ptr account_;
  std::deque<queued_change> queue_;
  std::vector<caf::typed_response_promise<bool>> reclaim_waiters_;
  bool writing_ = false;  ///< A change is at the writer.
  bool planning_ = false; ///< run_queue() is at work further up the stack.
  std::map<caf::actor_addr, std::set<cache_id>> holders_;
  std::shared_ptr<std::vector<caf::actor_addr>> sources_;
  size_t sources_checked_ = 64;
};

} // namespace offstage

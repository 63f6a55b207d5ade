// SPDX-License-Identifier: MIT
#include <algorithm>
#include <array>
#include <map>
#include <random>

#include <caf/typed_event_based_actor.hpp>
#include <doctest/doctest.h>
#include <rocksdb/env.h>

#include "config/limits.hpp"
#include "protocol/idb_key.hpp"
#include "test/crash/crash_fs.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

constexpr uint64_t store_count = 3;
constexpr uint64_t marker_key = 1'000;

using contents = std::map<uint64_t, std::string>;

/// What one transaction does to every store of its scope.
struct planned_transaction {
  uint64_t number = 0;
  std::vector<uint64_t> scope;
  bool is_strict = false;
  bool aborts = false;
  std::vector<std::pair<uint64_t, std::string>> puts; ///< An empty value: deletes.

  void apply_to(contents& store) const {
    for (const auto& [key, value] : puts)
      if (value.empty())
        store.erase(key);
      else
        store[key] = value;
    store[marker_key] = std::to_string(number);
  }
};

notice_sink_actor::behavior_type deaf(notice_sink_actor::pointer) {
  return {[](notify_atom, const service_notice&) {}};
}

/// Several workers whose transactions run and wait at the same time, and a power that goes at
/// random.
class crashing_databases {
public:
  crashing_databases(sync_policy sync, uint64_t seed) : random_(seed), house_(options(sync)) {}

  /// One life. False if a store is in no state that there was, if a transaction is there in one
  /// store and not in another one, or if one is missing that was acknowledged as strict.
  bool live_and_crash() {
    connect();
    done_.clear();
    strict_.clear();
    const auto before = stores_;
    const auto count = 1 + random_() % 60;
    for (uint64_t i = 0; i < count; ++i) {
      send(plan());
      while (random_() % 3 != 0 && hear())
        continue;
    }
    crash();
    return compare(before);
  }

  storage_audit audit() { return house_.audit(); }
  uint64_t lost_bytes() const { return lost_bytes_; }
  uint64_t strict_commits() const { return strict_commits_; }

private:
  storage_options options(sync_policy sync) {
    storage_options result;
    result.env = env_;
    result.sync = sync;
    return result;
  }

  // -- Requests

  idb_result ask(const notice_sink_actor& sink, idb_request request) {
    auto answer =
        house_.ask<idb_answer>(databases_, call_atom_v, sink, idb_call{std::move(request)});
    REQUIRE_MESSAGE(answer, describe(answer.error()));
    return std::move(answer->result);
  }

  void connect() {
    auto found = house_.ask<indexed_db_actor>(house_.storage(), connect_atom_v,
                                              storage_key{"https://a.example"});
    REQUIRE_MESSAGE(found, describe(found.error()));
    databases_ = *found;
    for (auto& sink : sinks_)
      sink = house_.system().spawn(deaf);
    const auto there = ask(sinks_[0], idb_list_databases{});
    is_lost_ = is_made_ && caf::get<idb_database_names>(there).databases.empty();
    if (!is_made_ || is_lost_)
      make();
    for (auto& sink : sinks_)
      REQUIRE(caf::holds_alternative<idb_opened>(
          ask(sink, idb_open{idb_connection_id{2}, "notes", 0})));
  }

  void make() {
    house_.self()->send(databases_, call_atom_v, sinks_[0],
                        idb_call{idb_open{idb_connection_id{1}, "notes", 1}});
    idb_submit submit;
    submit.connection = idb_connection_id{1};
    for (uint64_t id = 1; id <= store_count; ++id) {
      idb_store store;
      store.id = id;
      store.name = std::to_string(id);
      submit.operations.emplace_back(idb_create_store{store});
    }
    for (uint64_t id = 1; id <= store_count; ++id) {
      idb_index index;
      index.id = index_of(id);
      index.name = "by value";
      submit.operations.emplace_back(idb_create_index{id, index});
    }
    submit.finish = idb_finish::commit;
    REQUIRE(caf::holds_alternative<idb_results>(ask(sinks_[0], std::move(submit))));
    // The tables of the database are on disk before the first crash.
    REQUIRE(house_.ask<bool>(house_.storage(), flush_atom_v));
    is_made_ = true;
  }

  static uint64_t index_of(uint64_t store) { return store + store_count; }

  // -- Transactions

  planned_transaction plan() {
    planned_transaction result;
    result.number = ++last_number_;
    for (uint64_t store = 1; store <= store_count; ++store)
      if (random_() % 2 == 0)
        result.scope.push_back(store);
    if (result.scope.empty())
      result.scope.push_back(1 + random_() % store_count);
    result.is_strict = random_() % 4 == 0;
    result.aborts = random_() % 8 == 0;
    for (uint64_t i = 0; i < random_() % 6; ++i) {
      const auto length = random_() % 4 == 0 ? 0 : 1 + random_() % 3'000;
      result.puts.emplace_back(random_() % 20, pattern(length, random_()));
    }
    return result;
  }

  void send(planned_transaction x) {
    idb_submit submit;
    submit.connection = idb_connection_id{2};
    submit.transaction = idb_transaction_id{x.number};
    submit.begin = true;
    submit.mode = idb_mode::read_write;
    submit.durability = x.is_strict ? idb_durability::strict : idb_durability::relaxed;
    submit.scope = x.scope;
    submit.finish = idb_finish::commit;
    for (const auto store : x.scope) {
      for (const auto& [key, value] : x.puts)
        submit.operations.push_back(operation(store, key, value));
      submit.operations.push_back(operation(store, marker_key, std::to_string(x.number)));
    }
    // The answer tells whose it is.
    idb_read marker;
    marker.store = x.scope.front();
    marker.want_values = true;
    marker.range = only(marker_key);
    submit.operations.emplace_back(std::move(marker));
    if (x.aborts) {
      submit.finish = idb_finish::none;
      post(submit);
      submit = {};
      submit.connection = idb_connection_id{2};
      submit.transaction = idb_transaction_id{x.number};
      submit.finish = idb_finish::abort;
      post(submit);
      return;
    }
    post(submit);
    strict_[x.number] = x.is_strict;
    done_.push_back(std::move(x));
  }

  static idb_key_range only(uint64_t key) {
    const auto encoded = idb_number_key(static_cast<double>(key));
    return {true, true, false, false, encoded, encoded};
  }

  static idb_operation operation(uint64_t store, uint64_t key, const std::string& value) {
    if (value.empty())
      return idb_delete{store, only(key)};
    idb_put put;
    put.store = store;
    put.key = idb_number_key(static_cast<double>(key));
    put.value = shared_bytes{value};
    put.index_keys = {
        {index_of(store), false, {idb_number_key(static_cast<double>(value.size()))}}};
    return put;
  }

  /// By the worker whose turn it is. One sender for all of them, so that they arrive in order.
  void post(const idb_submit& submit) {
    const auto& sink = sinks_[static_cast<uint64_t>(submit.transaction) % sinks_.size()];
    house_.self()->send(databases_, call_atom_v, sink, idb_call{submit});
    ++unheard_;
  }

  /// Waits for one answer; false if none is missing.
  bool hear() {
    if (unheard_ == 0)
      return false;
    --unheard_;
    house_.self()->receive([&](const idb_answer& answer) {
      const auto* results = caf::get_if<idb_results>(&answer.result);
      if (results == nullptr || results->outcomes.empty())
        return;
      const auto& marker = caf::get<idb_records>(results->outcomes.back()).records.at(0);
      const auto number = std::stoull(marker.value.to_string());
      if (strict_[number])
        acknowledged_.push_back(number);
    });
    return true;
  }

  void crash() {
    fs_->power_loss();
    databases_ = nullptr;
    sinks_ = {};
    house_.close();
    unheard_ = 0;
    lost_bytes_ += fs_->lose_unsynced_data();
    house_.open();
  }

  // -- What is left

  contents read_store(uint64_t store) {
    idb_submit submit;
    submit.connection = idb_connection_id{2};
    submit.transaction = idb_transaction_id{++last_number_};
    submit.begin = true;
    submit.scope = {store};
    idb_read all;
    all.store = store;
    all.want_values = true;
    submit.operations.emplace_back(all);
    submit.finish = idb_finish::commit;
    const auto result = ask(sinks_[0], std::move(submit));
    contents found;
    for (const auto& record :
         caf::get<idb_records>(caf::get<idb_results>(result).outcomes.at(0)).records)
      found[static_cast<uint64_t>(*number_of_idb_key(record.key))] = record.value.to_string();
    return found;
  }

  bool compare(const std::map<uint64_t, contents>& before) {
    connect();
    bool is_good = !is_lost_;
    std::map<uint64_t, uint64_t> last;
    for (uint64_t store = 1; store <= store_count; ++store) {
      stores_[store] = read_store(store);
      const auto marker = stores_[store].find(marker_key);
      last[store] = marker != stores_[store].end() ? std::stoull(marker->second) : 0;
    }
    for (uint64_t store = 1; store <= store_count; ++store) {
      const auto old = before.find(store);
      auto expected = old != before.end() ? old->second : contents{};
      for (const auto& one : done_)
        if (one.number <= last[store] && touches(one, store))
          one.apply_to(expected);
      is_good &= expected == stores_[store];
    }
    for (const auto& one : done_)
      for (const auto store : one.scope)
        is_good &= (one.number <= last[store]) == (one.number <= last[one.scope.front()]);
    for (const auto number : std::exchange(acknowledged_, {}))
      for (const auto& one : done_)
        if (one.number == number) {
          ++strict_commits_;
          is_good &= number <= last[one.scope.front()];
        }
    for (auto& sink : sinks_)
      house_.self()->send_exit(sink, caf::exit_reason::user_shutdown);
    return is_good;
  }

  static bool touches(const planned_transaction& one, uint64_t store) {
    return std::ranges::find(one.scope, store) != one.scope.end();
  }

  std::mt19937_64 random_;
  std::shared_ptr<crash_fs> fs_ = std::make_shared<crash_fs>(rocksdb::FileSystem::Default());
  std::shared_ptr<rocksdb::Env> env_{rocksdb::NewCompositeEnv(fs_)};
  storage_house house_;
  indexed_db_actor databases_;
  std::array<notice_sink_actor, 3> sinks_;
  bool is_made_ = false;
  bool is_lost_ = false; ///< The whole database, which was flushed.
  uint64_t last_number_ = 0;
  uint64_t unheard_ = 0;
  std::vector<planned_transaction> done_; ///< Of this life, in the order in which they were made.
  std::map<uint64_t, bool> strict_;
  std::vector<uint64_t> acknowledged_;
  std::map<uint64_t, contents> stores_;
  uint64_t lost_bytes_ = 0;
  uint64_t strict_commits_ = 0;
};

void survive(uint64_t seed, int cycles) {
  crashing_databases house{sync_policy::honest, seed};
  for (int cycle = 0; cycle < cycles; ++cycle) {
    CAPTURE(seed);
    CAPTURE(cycle);
    CHECK(house.live_and_crash());
    if (cycle % 5 == 4) {
      CHECK(problems_of(house.audit()) == "");
    }
  }
  CHECK(house.lost_bytes() > 0);
  CHECK(house.strict_commits() > 0);
}

} // namespace

TEST_CASE("after a power loss every store holds whole transactions in their order, with all that "
          "were strict") {
  survive(1, 40);
}

TEST_CASE("databases: the same for many more lives" * doctest::skip()) {
  for (uint64_t seed = 2; seed < 8; ++seed)
    survive(seed, 50);
}

TEST_CASE("databases: a storage that skips its syncs is caught") {
  int violations = 0;
  crashing_databases house{sync_policy::skipped, 1};
  for (int cycle = 0; cycle < 10; ++cycle)
    violations += house.live_and_crash() ? 0 : 1;
  CHECK(violations > 0);
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

#include "storage/key_codec.hpp"
#include "storage/key_ledger.hpp"
#include "storage/value_codec.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

/// A ledger over a directory in which keys use so many bytes and were used at these times.
struct opened_ledger {
  struct row {
    std::string origin;
    uint64_t bytes = 0;
    uint64_t used_ms = 0;
  };

  explicit opened_ledger(uint64_t budget_bytes, const std::vector<row>& rows) {
    house.close();
    auto opened = database::open(house.options());
    REQUIRE(opened);
    db = *opened;
    auto batch = std::make_shared<write_batch>();
    for (const auto& x : rows) {
      const auto usage = usage_key({x.origin});
      batch->put(column::meta, usage, encode_number(record_kind::usage, usage, x.bytes));
      const auto use = last_use_key({x.origin});
      batch->put(column::meta, use, encode_number(record_kind::last_use, use, x.used_ms));
    }
    write(batch);
    const auto table =
        std::make_shared<registration_table>(db, [](storage_log_level, const std::string&) {});
    ledger.emplace(db, table, key_ledger::bounds{1000, budget_bytes});
  }

  void write(const write_batch_ptr& batch) {
    const write_batch_ptr batches[] = {batch};
    REQUIRE_FALSE(db->write(batches, durability::relaxed));
  }

  std::string next() {
    const auto key = ledger->to_evict();
    REQUIRE(key);
    return *key ? (*key)->origin : "";
  }

  storage_house house;
  database_ptr db;
  std::optional<key_ledger> ledger;
};

} // namespace

TEST_CASE("the key that was used longest ago goes first, whatever it uses") {
  opened_ledger x{100, {{"a", 50, 30}, {"b", 40, 10}, {"c", 30, 20}}};
  CHECK(x.next() == "b");
  x.ledger->evicted({"b"});
  CHECK(x.next() == "c");
}

TEST_CASE("a key of which script runs stays, until nothing runs any more") {
  opened_ledger x{100, {{"a", 50, 30}, {"b", 60, 10}}};
  house_config config;
  caf::actor_system system{config};
  caf::scoped_actor runner{system};
  x.ledger->run(runner.address(), {"b"});
  CHECK(x.next() == "a");
  CHECK(x.ledger->stopped(runner.address()));
  CHECK_FALSE(x.ledger->stopped(runner.address()));
  CHECK(x.next() == "b");
}

TEST_CASE("using a key makes it the last to go") {
  opened_ledger x{100, {{"a", 50, 30}, {"b", 60, 10}}};
  write_batch batch;
  x.ledger->touch(batch, {"b"});
  CHECK(batch.operations().size() == 1);
  CHECK(x.next() == "a");
  write_batch again;
  x.ledger->touch(again, {"b"});
  CHECK(again.empty());
}

TEST_CASE("nothing goes while all is within the budget") {
  opened_ledger x{110, {{"a", 50, 30}, {"b", 60, 10}}};
  CHECK(x.next() == "");
}

} // namespace offstage::test

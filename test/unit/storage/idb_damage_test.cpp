// SPDX-License-Identifier: MIT
#include <algorithm>

#include <doctest/doctest.h>

#include "storage/database.hpp"
#include "storage/idb_rows.hpp"
#include "test/unit/storage/idb_house.hpp"

namespace offstage::test {

namespace {

struct damaged_house : idb_house {
  damaged_house() {
    auto a = worker();
    auto texts = store(1, "texts", true);
    texts.indexes = {index(2, "by size")};
    make_database(a, 1, "notes", {texts});
    for (int i = 1; i <= 3; ++i)
      a.write(1, {put(1, key(i), std::string(10, 'x'), {{2, false, {key(i * 10)}}})});
    a.die();
  }

  /// Spoils the rows of a column that start with this.
  void spoil(column where, const std::string& prefix) {
    close_storage();
    {
      const auto db = database::open(options);
      REQUIRE(db);
      auto batch = std::make_shared<write_batch>();
      const auto visit = [&](std::string_view row_key, std::string_view value) {
        auto spoiled = std::string{value};
        spoiled.back() ^= 1;
        batch->put(where, std::string{row_key}, spoiled);
        return true;
      };
      REQUIRE_FALSE((*db)->scan(where, prefix, visit));
      REQUIRE_FALSE(batch->empty());
      const write_batch_ptr batches[] = {batch};
      REQUIRE_FALSE((*db)->write(batches, durability::strict));
    }
    open_storage();
  }

  bool was_logged(const std::string& text) const {
    return std::ranges::any_of(
        log, [&](const std::string& line) { return line.find(text) != std::string::npos; });
  }
};

std::string row(uint64_t tree, const std::string& key) {
  return idb_tree_prefix(database_id{1}, tree) + key;
}

} // namespace

TEST_CASE("a damaged record fails its readers once, and costs nothing else") {
  damaged_house house;
  house.spoil(column::databases, row(1, key(2)));
  auto a = house.worker();
  REQUIRE(failure_of(a.open(1, "notes")) == "");
  const auto outcomes =
      result_of<idb_results>(a.begin(1, 1, idb_mode::read_only, {1},
                                     {read(1, only(key(2))), read(1), read_index(1, 2),
                                      read(1, only(key(1))), read(1, only(key(3)))}))
          .outcomes;
  CHECK(failure_of(outcomes[0]) == "UnknownError");
  CHECK(failure_of(outcomes[1]) == "UnknownError");
  CHECK(failure_of(outcomes[2]) == "UnknownError");
  CHECK(keys_of(outcomes[3]) == "1");
  CHECK(keys_of(outcomes[4]) == "3");
  CHECK(house.was_logged("https://a.example: damaged record: databases/"));
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(house.was_logged("moved to quarantine"));
  const auto found = a.read(1, {read(1), read_index(1, 2), idb_count{1, 0, {}}});
  CHECK(keys_of(found[0]) == "1 3");
  CHECK(keys_of(found[1]) == "10/1 30/3");
  CHECK(number_of(found[2]) == 2);
  const auto audit = house.audit();
  CHECK(audit.problems.empty());
  CHECK(audit.quarantined == 1);
}

TEST_CASE("a damaged row of an index is made again from its record") {
  damaged_house house;
  house.spoil(column::databases, row(2, key(20)));
  auto a = house.worker();
  REQUIRE(failure_of(a.open(1, "notes")) == "");
  const auto outcomes =
      result_of<idb_results>(a.begin(1, 1, idb_mode::read_only, {1}, {read_index(1, 2)})).outcomes;
  CHECK(failure_of(outcomes[0]) == "UnknownError");
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(keys_of(a.read(1, {read_index(1, 2)})[0]) == "10/1 20/2 30/3");
  const auto audit = house.audit();
  CHECK(audit.problems.empty());
  CHECK(audit.quarantined == 0);
}

TEST_CASE("a repair waits for who writes to the store") {
  damaged_house house;
  house.spoil(column::databases, row(1, key(2)));
  auto a = house.worker();
  REQUIRE(failure_of(a.open(1, "notes")) == "");
  a.begin(1, 1, idb_mode::read_write, {1}, {read(1, only(key(2))), put(1, key(9), "new")});
  CHECK_FALSE(house.was_logged("moved to quarantine"));
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(house.was_logged("moved to quarantine"));
  CHECK(keys_of(a.read(1, {read(1)})[0]) == "1 3 9");
  CHECK(house.audit().problems.empty());
}

TEST_CASE("the damaged state of a store is counted anew") {
  damaged_house house;
  house.spoil(column::meta, idb_store_state_key({"https://a.example"}, database_id{1}, 1));
  auto a = house.worker();
  REQUIRE(failure_of(a.open(1, "notes")) == "");
  CHECK(house.was_logged("damaged state of a store is counted anew"));
  CHECK(number_of(a.read(1, {idb_count{1, 0, {}}})[0]) == 3);
  a.write(1, {generate(1, "next")});
  CHECK(keys_of(a.read(1, {read(1)})[0]) == "1 2 3 4");
  CHECK(house.audit().problems.empty());
}

TEST_CASE("a database whose description is damaged is gone, and others are not") {
  damaged_house house;
  auto b = house.worker();
  house.make_database(b, 1, "other", {store(1, "texts")});
  b.write(1, {put(1, key(1), "kept")});
  house.spoil(column::meta, idb_database_key({"https://a.example"}, database_id{1}, "notes"));
  auto a = house.worker();
  a.open(1, "notes", 1);
  CHECK(a.heard() == "upgrade 0 to 1");
  result_of<idb_opened>(a.open(2, "other"));
  CHECK(records_of(a.read(2, {read(1)})[0]) == "1=kept");
  a.go_on(1, 0, {}, idb_finish::abort);
  const auto audit = house.audit();
  CHECK(audit.problems.empty());
  CHECK(audit.quarantined == 1);
}

} // namespace offstage::test

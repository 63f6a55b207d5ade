// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/storage/idb_house.hpp"

namespace offstage::test {

TEST_CASE("a new database is there once its upgrade is committed") {
  idb_house house;
  auto a = house.worker();
  const auto opening = a.open(1, "notes", 3);
  CHECK(is_open(opening));
  CHECK(a.heard() == "upgrade 0 to 3");
  CHECK(result_of<idb_database_names>(a.ask(idb_list_databases{})).databases.empty());
  const auto commit = a.go_on(1, 0, {idb_create_store{store(1, "texts")}}, idb_finish::commit);
  CHECK(result_of<idb_results>(commit).outcomes.size() == 1);
  const auto opened = result_of<idb_opened>(opening).database;
  CHECK(opened.version == 3);
  CHECK(opened.next_id == 2);
  REQUIRE(opened.stores.size() == 1);
  CHECK(opened.stores[0].name == "texts");
  const auto names = result_of<idb_database_names>(a.ask(idb_list_databases{})).databases;
  REQUIRE(names.size() == 1);
  CHECK(names[0].name == "notes");
  CHECK(names[0].version == 3);
}

TEST_CASE("a database opens again with its version, also after a restart") {
  idb_house house;
  auto a = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts", true)});
  CHECK(result_of<idb_opened>(a.open(2, "notes")).database.version == 1);
  house.reopen();
  auto b = house.worker();
  const auto opened = result_of<idb_opened>(b.open(1, "notes", 1)).database;
  CHECK(opened.stores[0].name == "texts");
  CHECK(opened.stores[0].auto_increment);
  CHECK(b.heard() == "");
}

TEST_CASE("a lower version is a VersionError") {
  idb_house house;
  auto a = house.worker();
  const auto opening = a.open(1, "notes", 5);
  a.go_on(1, 0, {}, idb_finish::commit);
  CHECK(failure_of(a.open(2, "notes", 4)) == "VersionError");
  CHECK(failure_of(a.open(2, "notes", 5)) == "");
}

TEST_CASE("databases of one origin are not those of another") {
  idb_house house;
  auto a = house.worker();
  auto b = house.worker("https://b.example");
  house.make_database(a, 1, "notes", {store(1, "texts")});
  CHECK(result_of<idb_database_names>(b.ask(idb_list_databases{})).databases.empty());
  b.open(1, "notes", 1);
  CHECK(b.heard() == "upgrade 0 to 1");
}

TEST_CASE("an aborted upgrade leaves nothing of a new database") {
  idb_house house;
  auto a = house.worker();
  const auto opening = a.open(1, "notes", 1);
  a.go_on(1, 0, {idb_create_store{store(1, "texts")}, put(1, key(1), "lost")});
  a.go_on(1, 0, {}, idb_finish::abort);
  CHECK(failure_of(opening) == "AbortError");
  CHECK(result_of<idb_database_names>(a.ask(idb_list_databases{})).databases.empty());
  CHECK(house.audit().problems.empty());
  auto b = house.worker();
  b.open(1, "notes", 1);
  CHECK(b.heard() == "upgrade 0 to 1");
}

TEST_CASE("an aborted upgrade takes back schema, data, version and key generators") {
  idb_house house;
  auto a = house.worker();
  auto texts = store(1, "texts", true);
  texts.indexes = {index(2, "by size")};
  house.make_database(a, 1, "notes", {texts});
  a.write(1, {generate(1, "first")});
  a.close(1);
  const auto opening = a.open(2, "notes", 2);
  const auto results = result_of<idb_results>(
      a.go_on(2, 0,
              {generate(1, "second"), idb_delete_schema{1, 2}, idb_rename_schema{1, 0, "words"},
               idb_create_store{store(3, "more")}, put(3, key(1), "x"), idb_clear{1}}));
  for (const auto& outcome : results.outcomes)
    CHECK(failure_of(outcome) == "");
  a.go_on(2, 0, {}, idb_finish::abort);
  CHECK(failure_of(opening) == "AbortError");
  const auto opened = result_of<idb_opened>(a.open(3, "notes")).database;
  CHECK(opened.version == 1);
  CHECK(opened.next_id == 3);
  REQUIRE(opened.stores.size() == 1);
  CHECK(opened.stores[0].name == "texts");
  CHECK(opened.stores[0].indexes.size() == 1);
  CHECK(records_of(a.read(3, {read(1)})[0]) == "1=first");
  a.write(3, {generate(1, "next")});
  CHECK(records_of(a.read(3, {read(1)})[0]) == "1=first 2=next");
}

TEST_CASE("an upgrade waits until others have heard and closed") {
  idb_house house;
  auto a = house.worker();
  auto b = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  const auto upgrade = b.open(1, "notes", 2);
  CHECK(a.heard() == "upgrade 0 to 1, change 1 to 2");
  CHECK(b.heard() == "");
  a.acknowledge(1);
  CHECK(b.heard() == "blocked 1 to 2");
  const auto later = a.open(2, "notes");
  CHECK(is_open(later));
  a.close(1);
  CHECK(b.heard() == "blocked 1 to 2, upgrade 1 to 2");
  CHECK(is_open(later));
  b.go_on(1, 0, {}, idb_finish::commit);
  CHECK(result_of<idb_opened>(upgrade).database.version == 2);
  CHECK(result_of<idb_opened>(later).database.version == 2);
}

TEST_CASE("an upgrade is not blocked when others close in their versionchange event") {
  idb_house house;
  auto a = house.worker();
  auto b = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  b.open(1, "notes", 2);
  a.close(1);
  a.acknowledge(1);
  CHECK(b.heard() == "upgrade 1 to 2");
}

TEST_CASE("a connection that closes lets its transactions finish first") {
  idb_house house;
  auto a = house.worker();
  auto b = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  a.begin(1, 1, idb_mode::read_write, {1}, {put(1, key(1), "kept")});
  a.close(1);
  b.open(1, "notes", 2);
  CHECK(a.heard() == "upgrade 0 to 1");
  CHECK(b.heard() == "blocked 1 to 2");
  CHECK(failure_of(a.begin(1, 2, idb_mode::read_only, {1}, {})) == "InvalidStateError");
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(b.heard() == "blocked 1 to 2, upgrade 1 to 2");
  const auto results = result_of<idb_results>(b.go_on(1, 0, {read(1)}));
  CHECK(records_of(results.outcomes[0]) == "1=kept");
}

TEST_CASE("a worker's death closes its connections, aborts its transactions and frees others") {
  idb_house house;
  auto a = house.worker();
  auto b = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  a.begin(1, 1, idb_mode::read_write, {1}, {put(1, key(1), "lost")});
  a.open(2, "notes", 9); // Waits for its own first connection.
  const auto opening = b.open(1, "notes", 2);
  CHECK(is_open(opening));
  a.die();
  CHECK(b.heard() == "upgrade 1 to 2");
  CHECK(records_of(result_of<idb_results>(b.go_on(1, 0, {read(1)})).outcomes[0]) == "");
}

TEST_CASE("a worker's death aborts its upgrade") {
  idb_house house;
  auto a = house.worker();
  auto b = house.worker();
  a.open(1, "notes", 1);
  a.go_on(1, 0, {idb_create_store{store(1, "texts")}});
  b.open(1, "notes", 1);
  CHECK(b.heard() == "");
  a.die();
  CHECK(b.heard() == "upgrade 0 to 1");
}

TEST_CASE("deleting waits for connections, answers the old version and leaves nothing") {
  idb_house house;
  auto a = house.worker();
  auto b = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  a.write(1, {put(1, key(1), "gone")});
  const auto erasing = b.erase(1, "notes");
  CHECK(a.heard() == "upgrade 0 to 1, change 1 to 0");
  a.acknowledge(1);
  CHECK(b.heard() == "blocked 1 to 0");
  a.close(1);
  CHECK(result_of<idb_deleted>(erasing).old_version == 1);
  CHECK(result_of<idb_deleted>(b.erase(1, "notes")).old_version == 0);
  CHECK(house.audit().problems.empty());
  auto c = house.worker();
  c.open(1, "notes", 1);
  CHECK(c.heard() == "upgrade 0 to 1");
  c.go_on(1, 0, {idb_create_store{store(1, "texts")}}, idb_finish::commit);
  CHECK(records_of(c.read(1, {read(1)})[0]) == "");
}

TEST_CASE("a connection that its upgrade closes is not opened, and the version stays") {
  idb_house house;
  auto a = house.worker();
  const auto opening = a.open(1, "notes", 4);
  a.close(1);
  CHECK(is_open(opening));
  a.go_on(1, 0, {}, idb_finish::commit);
  CHECK(failure_of(opening) == "AbortError");
  CHECK(result_of<idb_opened>(a.open(2, "notes")).database.version == 4);
}

TEST_CASE("what is open when storage ends is answered as failed") {
  idb_house house;
  auto a = house.worker();
  auto b = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  const auto blocked = b.open(1, "notes", 2);
  a.begin(1, 1, idb_mode::read_write, {1}, {});
  const auto waiting = a.begin(1, 2, idb_mode::read_write, {1}, {});
  CHECK(is_open(waiting));
  house.close_storage();
  CHECK(failure_of(blocked) == "AbortError");
  CHECK(failure_of(waiting) == "AbortError");
}

} // namespace offstage::test

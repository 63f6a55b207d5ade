// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "storage/idb_locks.hpp"
#include "test/unit/storage/idb_house.hpp"

namespace offstage::test {

namespace {

struct two_stores : idb_house {
  two_stores() {
    make_database(a, 1, "notes", {store(1, "texts"), store(2, "drafts")});
    REQUIRE(failure_of(b.open(1, "notes")) == "");
  }

  client a = worker();
  client b = worker();
};

} // namespace

TEST_CASE("a transaction that writes waits for those before it with the same store") {
  two_stores house;
  auto& a = house.a;
  auto& b = house.b;
  a.begin(1, 1, idb_mode::read_write, {1}, {put(1, key(1), "a")});
  const auto second = b.begin(1, 1, idb_mode::read_write, {1, 2}, {read(1)});
  const auto third = a.begin(1, 2, idb_mode::read_only, {2}, {read(2)});
  const auto apart = a.begin(1, 3, idb_mode::read_only, {}, {});
  CHECK(is_open(second));
  CHECK(is_open(third)); // Behind the second one.
  CHECK(!is_open(apart));
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(records_of(result_of<idb_results>(second).outcomes[0]) == "1=a");
  CHECK(is_open(third));
  b.go_on(1, 1, {put(2, key(7), "b")}, idb_finish::commit);
  CHECK(records_of(result_of<idb_results>(third).outcomes[0]) == "7=b");
}

TEST_CASE("readers run together, and a writer waits for all of them") {
  two_stores house;
  auto& a = house.a;
  auto& b = house.b;
  const auto one = a.begin(1, 1, idb_mode::read_only, {1}, {});
  const auto two = b.begin(1, 1, idb_mode::read_only, {1, 2}, {});
  const auto writer = a.begin(1, 2, idb_mode::read_write, {1}, {put(1, key(1), "x")});
  const auto late = b.begin(1, 2, idb_mode::read_only, {1}, {read(1)});
  CHECK(!is_open(one));
  CHECK(!is_open(two));
  CHECK(is_open(writer));
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(is_open(writer));
  b.go_on(1, 1, {}, idb_finish::abort);
  CHECK(!is_open(writer));
  CHECK(is_open(late));
  a.go_on(1, 2, {}, idb_finish::commit);
  CHECK(records_of(result_of<idb_results>(late).outcomes[0]) == "1=x");
}

TEST_CASE("readers in front of a writer run together") {
  using place = idb_locks::place;
  idb_locks locks;
  place first{{1}, place::access::read};
  place writer{{1}, place::access::write};
  place second{{1}, place::access::read};
  place third{{1, 2}, place::access::read};
  CHECK(locks.add(first));
  CHECK_FALSE(locks.add(writer));
  CHECK_FALSE(locks.add(second));
  CHECK_FALSE(locks.add(third));
  CHECK(locks.remove(writer) == std::vector<place*>{&second, &third});
  CHECK(locks.remove(second).empty());
  place last{{1}, place::access::write};
  CHECK_FALSE(locks.add(last));
  CHECK(locks.remove(first).empty());
  CHECK(locks.remove(third) == std::vector<place*>{&last});
}

TEST_CASE("submits of a transaction that waits are run in order when it starts") {
  two_stores house;
  auto& a = house.a;
  auto& b = house.b;
  a.begin(1, 1, idb_mode::read_write, {1}, {});
  b.begin(1, 1, idb_mode::read_write, {1}, {put(1, key(1), "first")});
  b.go_on(1, 1, {put(1, key(1), "second")});
  const auto last = b.go_on(1, 1, {read(1)}, idb_finish::commit);
  CHECK(is_open(last));
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(records_of(result_of<idb_results>(last).outcomes[0]) == "1=second");
}

TEST_CASE("an aborted transaction leaves nothing, and its open submits fail") {
  two_stores house;
  auto& a = house.a;
  auto& b = house.b;
  a.write(1, {put(1, key(1), "kept")});
  a.begin(1, 1, idb_mode::read_write, {1}, {put(1, key(1), "lost"), put(1, key(2), "lost")});
  const auto waiting = b.begin(1, 1, idb_mode::read_write, {1}, {});
  const auto more = b.go_on(1, 1, {put(1, key(3), "lost")});
  b.go_on(1, 1, {}, idb_finish::abort);
  a.go_on(1, 1, {}, idb_finish::abort);
  CHECK(failure_of(a.go_on(1, 1, {})) == "AbortError");
  CHECK(!is_open(waiting));
  CHECK(!is_open(more));
  CHECK(records_of(a.read(1, {read(1)})[0]) == "1=kept");
}

TEST_CASE("a transaction sees its own changes and nobody else's") {
  two_stores house;
  auto& a = house.a;
  auto& b = house.b;
  a.write(1, {put(1, key(1), "a"), put(1, key(2), "b"), put(1, key(3), "c")});
  const auto results = result_of<idb_results>(
      a.begin(1, 1, idb_mode::read_write, {1},
              {idb_delete{1, only(key(2))}, put(1, key(1), "A"), put(1, key(2.5), "new"), read(1),
               read(1, {}, idb_direction::prev), idb_count{1, 0, {}},
               idb_count{1, 0, between(key(2), key(9))}}));
  CHECK(records_of(results.outcomes[3]) == "1=A 2.5=new 3=c");
  CHECK(records_of(results.outcomes[4]) == "3=c 2.5=new 1=A");
  CHECK(number_of(results.outcomes[5]) == 3);
  CHECK(number_of(results.outcomes[6]) == 2);
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(records_of(b.read(1, {read(1)})[0]) == "1=A 2.5=new 3=c");
  CHECK(house.audit().problems.empty());
}

TEST_CASE("a commit with a failed operation in the same submit leaves the transaction open") {
  two_stores house;
  auto& a = house.a;
  auto& b = house.b;
  const auto results = result_of<idb_results>(
      a.begin(1, 1, idb_mode::read_write, {1},
              {add(1, key(1), "a"), add(1, key(1), "b"), add(1, key(2), "c")}, idb_finish::commit));
  CHECK(failure_of(results.outcomes[1]) == "ConstraintError");
  const auto waiting = b.begin(1, 1, idb_mode::read_only, {1}, {read(1)});
  CHECK(is_open(waiting));
  a.go_on(1, 1, {}, idb_finish::commit);
  CHECK(records_of(result_of<idb_results>(waiting).outcomes[0]) == "1=a 2=c");
}

TEST_CASE("committed changes survive a restart") {
  two_stores house;
  auto& a = house.a;
  result_of<idb_results>(a.begin(1, 1, idb_mode::read_write, {1, 2},
                                 {put(1, key(1), "one"), put(2, key(2), "two")}, idb_finish::commit,
                                 idb_durability::strict));
  house.reopen();
  auto c = house.worker();
  result_of<idb_opened>(c.open(1, "notes"));
  const auto found = c.read(1, {read(1), read(2)});
  CHECK(records_of(found[0]) == "1=one");
  CHECK(records_of(found[1]) == "2=two");
}

TEST_CASE("operations outside of the scope or the mode are refused") {
  two_stores house;
  auto& a = house.a;
  auto& b = house.b;
  const auto results = result_of<idb_results>(
      a.begin(1, 1, idb_mode::read_only, {1},
              {put(1, key(1), "x"), read(2), read(9), read_index(1, 7), idb_clear{1},
               idb_create_store{store(7, "x")}, idb_fill_index{1, 7, key(1), {}}}));
  CHECK(failure_of(results.outcomes[0]) == "ReadOnlyError");
  CHECK(failure_of(results.outcomes[1]) == "NotFoundError");
  CHECK(failure_of(results.outcomes[2]) == "NotFoundError");
  CHECK(failure_of(results.outcomes[3]) == "NotFoundError");
  CHECK(failure_of(results.outcomes[4]) == "ReadOnlyError");
  CHECK(failure_of(results.outcomes[5]) == "InvalidStateError");
  CHECK(failure_of(results.outcomes[6]) == "InvalidStateError");
  CHECK(failure_of(b.go_on(9, 1, {})) == "InvalidStateError");
  CHECK(failure_of(b.go_on(1, 9, {})) == "AbortError");
}

TEST_CASE("the quota counts databases, and nothing is written beyond it") {
  storage_options options;
  options.quota_bytes = 4'000;
  idb_house house{options};
  auto a = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  a.write(1, {put(1, key(1), std::string(2'000, 'x'))});
  const auto results = result_of<idb_results>(
      a.begin(1, 1, idb_mode::read_write, {1},
              {put(1, key(2), std::string(3'000, 'y')), put(1, key(3), "small"),
               put(1, key(1), std::string(2'500, 'z')), idb_delete{1, only(key(1))},
               put(1, key(2), std::string(3'000, 'y'))}));
  CHECK(failure_of(results.outcomes[0]) == "QuotaExceededError");
  CHECK(failure_of(results.outcomes[1]) == "");
  CHECK(failure_of(results.outcomes[2]) == "");
  CHECK(failure_of(results.outcomes[4]) == "");
  a.go_on(1, 1, {}, idb_finish::abort);
  CHECK(number_of(a.read(1, {idb_count{1, 0, {}}})[0]) == 1);
  // What an aborted transaction had reserved is free again.
  a.write(1, {put(1, key(2), std::string(1'000, 'y'))});
  CHECK(house.audit().problems.empty());
}

} // namespace offstage::test

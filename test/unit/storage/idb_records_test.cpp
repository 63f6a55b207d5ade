// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "config/limits.hpp"
#include "test/unit/storage/idb_house.hpp"

namespace offstage::test {

namespace {

/// A store with a plain index (2), a unique one (3) and one of several keys (4).
struct indexed_store : idb_house {
  indexed_store() {
    auto people = store(1, "people", true);
    people.indexes = {index(2, "age"), index(3, "mail", true), index(4, "tags")};
    people.indexes[2].multi_entry = true;
    make_database(a, 1, "people", {people});
  }

  std::vector<idb_outcome> run(std::vector<idb_operation> operations) {
    return result_of<idb_results>(
               a.begin(1, ++a.last_transaction, idb_mode::read_write, {1}, std::move(operations)))
        .outcomes;
  }
  void end(idb_finish how) { a.go_on(1, a.last_transaction, {}, how); }

  client a = worker();
};

idb_put person(double id, double age, const std::string& mail, std::vector<std::string> tags = {}) {
  auto result = put(1, key(id), "p" + text_of_key(key(id)));
  result.index_keys = {{2, false, {key(age)}}, {3, false, {mail}}, {4, false, std::move(tags)}};
  return result;
}

std::string text_key(const std::string& text) {
  std::string result;
  idb_key_writer{result}.text(text);
  return result;
}

idb_read limited(idb_read x, uint32_t limit) {
  x.limit = limit;
  return x;
}

idb_read after(idb_read x, const std::string& key, const std::string& primary_key = {}) {
  x.has_after = true;
  x.after_key = key;
  x.after_primary_key = primary_key;
  return x;
}

constexpr auto prev = idb_direction::prev;
constexpr auto next_unique = idb_direction::next_unique;
constexpr auto prev_unique = idb_direction::prev_unique;

} // namespace

TEST_CASE("records are read by key and by range, in both directions") {
  idb_house house;
  auto a = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  a.write(1, {put(1, key(3), "c"), put(1, key(-1), "z"), put(1, key(1), "a"), put(1, key(2), "b")});
  auto open_range = between(key(1), key(3));
  open_range.lower_open = open_range.upper_open = true;
  idb_key_range up;
  up.has_lower = true;
  up.lower = key(2);
  const auto found =
      a.read(1, {read(1), read(1, {}, prev), read(1, only(key(2))), read(1, only(key(9))),
                 read(1, between(key(1), key(2))), read(1, open_range), read(1, up, prev),
                 limited(read(1), 2), limited(after(read(1), key(1)), 2),
                 after(read(1, {}, prev), key(1)), read(1, between(key(3), key(1)))});
  CHECK(records_of(found[0]) == "-1=z 1=a 2=b 3=c");
  CHECK(records_of(found[1]) == "3=c 2=b 1=a -1=z");
  CHECK(records_of(found[2]) == "2=b");
  CHECK(records_of(found[3]) == "");
  CHECK(records_of(found[4]) == "1=a 2=b");
  CHECK(records_of(found[5]) == "2=b");
  CHECK(records_of(found[6]) == "3=c 2=b");
  CHECK(records_of(found[7]) == "-1=z 1=a");
  CHECK(records_of(found[8]) == "2=b 3=c");
  CHECK(records_of(found[9]) == "-1=z");
  CHECK(records_of(found[10]) == "");
}

TEST_CASE("an index is read in four directions, and goes on behind a record") {
  indexed_store house;
  house.run({person(1, 30, "a"), person(2, 20, "b"), person(3, 30, "c"), person(4, 20, "d"),
             person(5, 40, "e")});
  const auto check = [&](const std::vector<idb_outcome>& found) {
    CHECK(keys_of(found[0]) == "20/2 20/4 30/1 30/3 40/5");
    CHECK(keys_of(found[1]) == "40/5 30/3 30/1 20/4 20/2");
    CHECK(keys_of(found[2]) == "20/2 30/1 40/5");
    CHECK(keys_of(found[3]) == "40/5 30/1 20/2");
    CHECK(keys_of(found[4]) == "30/3 40/5");
    CHECK(keys_of(found[5]) == "30/1 20/4 20/2");
    CHECK(keys_of(found[6]) == "30/1 40/5");
    CHECK(keys_of(found[7]) == "20/2");
    CHECK(keys_of(found[8]) == "40/5");
    CHECK(records_of(found[9]) == "1=p1 3=p3");
    CHECK(number_of(found[10]) == 5);
    CHECK(number_of(found[11]) == 2);
  };
  const std::vector<idb_operation> reads{read_index(1, 2),
                                         read_index(1, 2, {}, prev),
                                         read_index(1, 2, {}, next_unique),
                                         read_index(1, 2, {}, prev_unique),
                                         after(read_index(1, 2), key(30), key(1)),
                                         after(read_index(1, 2, {}, prev), key(30), key(3)),
                                         after(read_index(1, 2, {}, next_unique), key(20), key(2)),
                                         after(read_index(1, 2, {}, prev_unique), key(30), key(1)),
                                         after(read_index(1, 2), key(30)),
                                         read_index(1, 2, only(key(30))),
                                         idb_count{1, 2, {}},
                                         idb_count{1, 2, only(key(20))}};
  check(result_of<idb_results>(house.a.go_on(1, house.a.last_transaction, reads)).outcomes);
  house.end(idb_finish::commit);
  check(house.a.read(1, reads));
  CHECK(house.audit().problems.empty());
}

TEST_CASE("a record that is replaced or deleted takes its index rows with it") {
  indexed_store house;
  house.run({person(1, 30, "a", {"x", "y", "x"}), person(2, 20, "b", {"y"})});
  house.end(idb_finish::commit);
  house.run({person(1, 31, "a", {"z"}), idb_delete{1, only(key(2))}});
  house.end(idb_finish::commit);
  const auto found =
      house.a.read(1, {read_index(1, 2), read_index(1, 3), read_index(1, 4), idb_count{1, 4, {}}});
  CHECK(keys_of(found[0]) == "31/1");
  CHECK(keys_of(found[1]) == "a/1");
  CHECK(keys_of(found[2]) == "z/1");
  CHECK(number_of(found[3]) == 1);
  CHECK(house.audit().problems.empty());
}

TEST_CASE("a unique index refuses a second record with its key, without any change") {
  indexed_store house;
  house.run({person(1, 30, text_key("a")), person(2, 20, text_key("b"))});
  house.end(idb_finish::commit);
  auto taken = generate(1, "new");
  taken.index_keys = {{2, false, {key(50)}}, {3, false, {text_key("a")}}};
  const auto outcomes =
      house.run({person(2, 99, text_key("a")), person(1, 31, text_key("a")), taken,
                 read_index(1, 2), generate(1, "next"), idb_count{1, 0, {}}});
  CHECK(failure_of(outcomes[0]) == "ConstraintError");
  CHECK(failure_of(outcomes[1]) == "");
  CHECK(failure_of(outcomes[2]) == "ConstraintError");
  CHECK(keys_of(outcomes[3]) == "20/2 31/1");
  // Spec: IndexedDB#key-generator-construct. A failed operation takes its number back.
  CHECK(text_of_key(caf::get<idb_key>(outcomes[4]).key) == "3");
  CHECK(number_of(outcomes[5]) == 3);
  house.end(idb_finish::commit);
  CHECK(house.audit().problems.empty());
}

TEST_CASE("a key generator counts on from explicit numbers and ends at its limit") {
  indexed_store house;
  const auto add_with_key = [](double number) { return put(1, key(number), "x"); };
  const auto outcomes =
      house.run({generate(1, "a"), add_with_key(10.7), generate(1, "b"), add_with_key(5),
                 generate(1, "c"), add_with_key(-100), put(1, "text", "x"), generate(1, "d")});
  CHECK(text_of_key(caf::get<idb_key>(outcomes[0]).key) == "1");
  CHECK(text_of_key(caf::get<idb_key>(outcomes[2]).key) == "11");
  CHECK(text_of_key(caf::get<idb_key>(outcomes[4]).key) == "12");
  CHECK(text_of_key(caf::get<idb_key>(outcomes[7]).key) == "13");
  house.end(idb_finish::commit);
  house.run({idb_clear{1}, generate(1, "e")});
  house.end(idb_finish::commit);
  CHECK(records_of(house.a.read(1, {read(1)})[0]) == "14=e");
  const auto last = house.run({add_with_key(9007199254740991.0), generate(1, "last"),
                               generate(1, "too many"), add_with_key(1), generate(1, "never")});
  CHECK(text_of_key(caf::get<idb_key>(last[1]).key) == "9007199254740992");
  CHECK(failure_of(last[2]) == "ConstraintError");
  CHECK(failure_of(last[3]) == "");
  CHECK(failure_of(last[4]) == "ConstraintError");
  house.end(idb_finish::abort);
  house.run({generate(1, "f")});
  house.end(idb_finish::commit);
  CHECK(records_of(house.a.read(1, {read(1)})[0]) == "14=e 15=f");
  CHECK(house.audit().problems.empty());
}

TEST_CASE("an index gets the generated key where the worker left a place for it") {
  indexed_store house;
  auto first = generate(1, "a");
  first.index_keys = {{2, true, {}}};
  std::string pair;
  idb_key_writer writer{pair};
  writer.begin_array();
  writer.generated();
  writer.text("x");
  writer.end_array();
  auto second = generate(1, "b");
  second.index_keys = {{4, true, {pair, text_key("tag")}}};
  house.run({first, second});
  house.end(idb_finish::commit);
  const auto found = house.a.read(1, {read_index(1, 2), read_index(1, 4, only(text_key("tag"))),
                                      read_index(1, 4, only(idb_key_with_number(pair, 2))),
                                      read_index(1, 4, only(key(2)))});
  CHECK(keys_of(found[0]) == "1");
  CHECK(records_of(found[1]) == "2=b");
  CHECK(records_of(found[2]) == "2=b");
  CHECK(records_of(found[3]) == "2=b");
  CHECK(house.audit().problems.empty());
}

TEST_CASE("a range is deleted with its index rows, and a store is cleared with all of them") {
  indexed_store house;
  house.run({person(1, 30, "a"), person(2, 20, "b"), person(3, 30, "c"), person(4, 20, "d")});
  house.end(idb_finish::commit);
  const auto outcomes = house.run({person(2.5, 10, "n"), idb_delete{1, between(key(2), key(3))},
                                   read_index(1, 2), read_index(1, 3)});
  CHECK(keys_of(outcomes[2]) == "20/4 30/1");
  CHECK(keys_of(outcomes[3]) == "a/1 d/4");
  house.end(idb_finish::commit);
  CHECK(house.audit().problems.empty());
  auto a = house.worker();
  REQUIRE(failure_of(a.open(1, "people")) == "");
  const auto cleared = result_of<idb_results>(
      a.begin(1, 1, idb_mode::read_write, {1},
              {idb_clear{1}, read_index(1, 2), person(9, 1, "a"), read(1), idb_count{1, 2, {}}},
              idb_finish::commit));
  CHECK(keys_of(cleared.outcomes[1]) == "");
  CHECK(records_of(cleared.outcomes[3]) == "9=p9");
  CHECK(number_of(cleared.outcomes[4]) == 1);
  CHECK(records_of(a.read(1, {read_index(1, 3)})[0]) == "9=p9");
  CHECK(house.audit().problems.empty());
}

TEST_CASE("an index that is created later is filled, and a deleted one is gone") {
  indexed_store house;
  house.run({person(1, 30, "a"), person(2, 20, "b")});
  house.end(idb_finish::commit);
  house.a.close(1);
  const auto opening = house.a.open(2, "people", 2);
  const auto results = result_of<idb_results>(house.a.go_on(
      2, 0,
      {idb_create_index{1, index(5, "height", true)}, idb_fill_index{1, 5, key(1), {key(180)}},
       idb_fill_index{1, 5, key(2), {key(180)}}, idb_fill_index{1, 5, key(2), {key(190)}},
       idb_fill_index{1, 5, key(7), {key(200)}}, idb_delete_schema{1, 2}}));
  CHECK(failure_of(results.outcomes[2]) == "ConstraintError");
  CHECK(failure_of(results.outcomes[3]) == "");
  house.a.go_on(2, 0, {}, idb_finish::commit);
  CHECK(result_of<idb_opened>(opening).database.stores[0].indexes.size() == 3);
  const auto found = result_of<idb_results>(house.a.begin(2, 49, idb_mode::read_only, {1},
                                                          {read_index(1, 5), read_index(1, 2)}))
                         .outcomes;
  CHECK(keys_of(found[0]) == "180/1 190/2");
  CHECK(failure_of(found[1]) == "NotFoundError");
  house.a.go_on(2, 49, {}, idb_finish::commit);
  house.a.begin(2, 50, idb_mode::read_write, {1}, {idb_delete{1, only(key(1))}},
                idb_finish::commit);
  CHECK(keys_of(house.a.read(2, {read_index(1, 5)})[0]) == "190/2");
  CHECK(house.audit().problems.empty());
}

TEST_CASE("a store that is deleted takes its indexes with it") {
  indexed_store house;
  house.run({person(1, 30, "a"), person(2, 20, "b")});
  house.end(idb_finish::commit);
  house.a.close(1);
  house.a.open(2, "people", 2);
  house.a.go_on(2, 0, {idb_delete_schema{1, 0}}, idb_finish::commit);
  const auto audit = house.audit();
  CHECK(audit.problems.empty());
  CHECK(audit.records == 0);
}

TEST_CASE("a read ahead stops at its size and says that there is more") {
  idb_house house;
  auto a = house.worker();
  house.make_database(a, 1, "notes", {store(1, "texts")});
  const std::string large(limits::idb_ahead_bytes / 2, 'x');
  a.write(1, {put(1, key(1), large), put(1, key(2), large), put(1, key(3), large)});
  auto ahead = limited(read(1), 10);
  ahead.ahead = true;
  const auto found = caf::get<idb_records>(a.read(1, {ahead})[0]);
  CHECK(found.records.size() == 2);
  CHECK(found.more);
  const auto rest = caf::get<idb_records>(a.read(1, {after(ahead, key(2))})[0]);
  CHECK(rest.records.size() == 1);
  CHECK_FALSE(rest.more);
}

TEST_CASE("keys without values are read when no values are wanted") {
  indexed_store house;
  house.run({person(1, 30, "a")});
  house.end(idb_finish::commit);
  auto from_store = read(1);
  auto from_index = read_index(1, 2);
  auto one = read(1, only(key(1)));
  for (auto* x : {&from_store, &from_index, &one})
    x->want_values = false;
  for (const auto& outcome : house.a.read(1, {from_store, from_index, one}))
    CHECK(records_of(outcome) == "1=");
}

} // namespace offstage::test

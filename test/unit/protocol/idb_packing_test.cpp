// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "protocol/idb_packing.hpp"

namespace offstage::test {

namespace {

idb_record record(const std::string& key, const std::string& primary_key, size_t size) {
  return {key, primary_key, shared_bytes{std::string(size, key.front())}};
}

idb_result answer(size_t size) {
  idb_results results;
  results.outcomes.emplace_back(idb_number{7});
  results.outcomes.emplace_back(
      idb_records{{record("a", "a", size), record("b", "x", size), record("c", "", 0)}, true});
  results.outcomes.emplace_back(idb_records{});
  results.outcomes.emplace_back(idb_records{{record("d", "d", size)}, false});
  return results;
}

const idb_records& records_at(const idb_result& result, size_t at) {
  return caf::get<idb_records>(caf::get<idb_results>(result).outcomes.at(at));
}

bool is_packed(const idb_result& result) {
  return records_at(result, 1).records.size() == 1;
}

} // namespace

TEST_CASE("a large answer is packed into one sequence and comes out as it was") {
  auto result = answer(400'000);
  for (int i = 0; i < 20; ++i)
    caf::get<idb_results>(result).outcomes.emplace_back(idb_records{{record("e", "e", 70'000)}});
  pack_records(result);
  REQUIRE(is_packed(result));
  CHECK(records_at(result, 3).records[0].value.empty());
  REQUIRE(unpack_records(result));
  const auto& found = records_at(result, 1);
  REQUIRE(found.records.size() == 3);
  CHECK(found.more);
  CHECK(found.records[0].primary_key == "a");
  CHECK(found.records[1].key == "b");
  CHECK(found.records[1].primary_key == "x");
  CHECK(found.records[1].value.to_string() == std::string(400'000, 'b'));
  CHECK(found.records[2].primary_key == "");
  CHECK(records_at(result, 2).records.empty());
  CHECK(records_at(result, 3).records[0].value.size() == 400'000);
  CHECK(caf::get<idb_number>(caf::get<idb_results>(result).outcomes[0]).value == 7);
}

TEST_CASE("a small answer, and one with a few long values, stays as it is") {
  for (const size_t size : {100, 400'000}) {
    auto result = answer(size);
    pack_records(result);
    CHECK_FALSE(is_packed(result));
    CHECK(unpack_records(result));
    CHECK(records_at(result, 1).records[1].value.size() == size);
  }
}

TEST_CASE("bytes that are no packed records are refused") {
  auto whole = answer(400'000);
  for (int i = 0; i < 20; ++i)
    caf::get<idb_results>(whole).outcomes.emplace_back(idb_records{{record("e", "e", 70'000)}});
  pack_records(whole);
  const auto bytes = records_at(whole, 1).records[0].value;
  const auto with = [&](shared_bytes value) {
    auto result = whole;
    caf::get<idb_records>(caf::get<idb_results>(result).outcomes[1]).records[0].value =
        std::move(value);
    return result;
  };
  for (const size_t cut : {size_t{0}, size_t{3}, size_t{20}, bytes.size() - 1}) {
    auto result = with(bytes.slice(0, cut));
    CHECK_FALSE(unpack_records(result));
  }
  auto longer = with(shared_bytes{bytes.to_string() + "x"});
  CHECK_FALSE(unpack_records(longer));
  auto lying = with(shared_bytes{"\xff\xff\xff\x7f" + bytes.to_string()});
  CHECK_FALSE(unpack_records(lying));
}

} // namespace offstage::test

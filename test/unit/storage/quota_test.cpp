// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "storage/key_codec.hpp"
#include "storage/value_codec.hpp"
#include "test/unit/storage/body_producer.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

const std::string a = "https://a.example";
const std::string b = "https://b.example";

storage_figures figures(storage_house& house, const std::string& origin = a) {
  const auto found =
      house.ask<storage_figures>(house.storage(), status_atom_v, storage_key{origin});
  REQUIRE(found);
  return *found;
}

void put(storage_house& house, const std::string& origin, size_t bytes) {
  cache_open open;
  open.name = "v1";
  const auto cache = house.run(open, origin);
  REQUIRE(cache);
  cache_put put;
  put.cache = cache->cache;
  put.entries = {entry(origin + "/x", std::string(bytes, 'x'))};
  REQUIRE(house.run(put, origin));
}

size_t cache_count(storage_house& house, const std::string& origin) {
  const auto names = house.run(cache_names{}, origin);
  REQUIRE(names);
  return names->names.size();
}

/// Eviction goes on by itself after the start.
bool becomes_empty(storage_house& house, const std::string& origin) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (cache_count(house, origin) > 0)
    if (std::chrono::steady_clock::now() > deadline)
      return false;
  return true;
}

std::string store_worker(storage_house& house, const std::string& text) {
  const auto digest = house.ask<std::string>(house.storage(), put_atom_v, shared_bytes{text});
  REQUIRE(digest);
  stored_registration x;
  x.key.origin = a;
  x.scope = a + "/";
  x.active.descriptor.id = worker_id{1};
  x.active.script = {a + "/sw.js", *digest};
  REQUIRE(house.ask<bool>(house.storage(), store_atom_v, x));
  return *digest;
}

storage_options with_budget(uint64_t bytes) {
  storage_options options;
  options.budget_bytes = bytes;
  return options;
}

} // namespace

TEST_CASE("an estimate counts caches, registrations, scripts and artifacts") {
  storage_house house;
  CHECK(figures(house).usage_bytes == 0);
  CHECK(figures(house).quota_bytes == house.options().quota_bytes);
  put(house, a, 1000);
  const auto with_cache = figures(house).usage_bytes;
  CHECK(with_cache > 1000);
  const auto digest = store_worker(house, std::string(5000, 's'));
  const auto with_script = figures(house).usage_bytes;
  CHECK(with_script > with_cache + 5000);
  const artifact_name made_of{{a}, digest, worker_type::classic, {a + "/sw.js", digest}, "build"};
  REQUIRE(
      house.ask<bool>(house.storage(), put_atom_v, made_of, shared_bytes{std::string(3000, 'b')}));
  REQUIRE(house.ask<bool>(house.storage(), flush_atom_v));
  const auto with_artifact = figures(house).usage_bytes;
  CHECK(with_artifact > with_script + 3000);
  CHECK(figures(house, b).usage_bytes == 0);
  house.reopen();
  CHECK(figures(house).usage_bytes == with_artifact);
  REQUIRE(house.ask<bool>(house.storage(), remove_atom_v, storage_key{a}, a + "/"));
  CHECK(figures(house).usage_bytes == with_cache);
}

TEST_CASE("scripts take room that caches then do not have") {
  storage_options options;
  options.quota_bytes = 10'000;
  storage_house house{options};
  store_worker(house, std::string(8000, 's'));
  const auto cache = house.open_cache("v1");
  const auto stored = house.put(cache, entry(a + "/x", std::string(3000, 'x')));
  REQUIRE_FALSE(stored);
  CHECK(stored.error() == storage_error::quota_exceeded);
}

TEST_CASE("an artifact that does not fit is not kept") {
  storage_options options;
  options.quota_bytes = 4'000;
  storage_house house{options};
  const auto digest = store_worker(house, "1");
  const artifact_name made_of{{a}, digest, worker_type::classic, {a + "/sw.js", digest}, "build"};
  const auto kept =
      house.ask<bool>(house.storage(), put_atom_v, made_of, shared_bytes{std::string(5000, 'b')});
  REQUIRE_FALSE(kept);
  CHECK(kept.error() == storage_error::quota_exceeded);
}

TEST_CASE("whether a storage key is persisted survives a restart") {
  storage_house house;
  CHECK_FALSE(figures(house).persisted);
  REQUIRE(house.ask<bool>(house.storage(), control_atom_v, storage_key{a}, true));
  CHECK(figures(house).persisted);
  CHECK_FALSE(figures(house, b).persisted);
  house.reopen();
  CHECK(figures(house).persisted);
  REQUIRE(house.ask<bool>(house.storage(), control_atom_v, storage_key{a}, false));
  CHECK_FALSE(figures(house).persisted);
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("clearing a storage key leaves nothing to be found, and nothing else is touched") {
  storage_house house;
  put(house, a, 100);
  put(house, b, 100);
  const auto held = house.open_cache("v1");
  CHECK(house.ask<bool>(house.storage(), remove_atom_v, storage_key{a}));
  CHECK(cache_count(house, a) == 0);
  CHECK(cache_count(house, b) == 1);
  cache_query query;
  query.cache = held;
  CHECK_FALSE(house.run(query));
  put(house, a, 10);
  CHECK(cache_count(house, a) == 1);
  const auto audit = house.audit();
  CHECK(audit.entries == 2);
  CHECK(problems_of(audit) == "");
}

TEST_CASE("who reads a body while its storage key is cleared reads it to its end") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  auto big = entry(a + "/big", "");
  big.response.content = body::of(spawn_producer(house.system(), {600'000}));
  REQUIRE(house.put(cache, big));
  const auto found = house.match(cache, get(a + "/big"));
  REQUIRE(found.responses.size() == 1);
  REQUIRE(house.ask<bool>(house.storage(), remove_atom_v, storage_key{a}));
  CHECK(house.read(found.responses.front().content).size() == 600'000);
  const auto audit = house.audit();
  CHECK(audit.body_records == 0);
  CHECK(figures(house).usage_bytes == 0);
  CHECK(problems_of(audit) == "");
}

TEST_CASE("beyond the budget the storage key that was used least recently is emptied") {
  storage_house house{with_budget(25'000)};
  put(house, a, 10'000);
  put(house, b, 10'000);
  put(house, "https://c.example", 10'000);
  house.reopen();
  CHECK(becomes_empty(house, a));
  CHECK(house.log().contains("storage is full: what https://a.example stored is removed"));
  CHECK(cache_count(house, b) == 1);
  CHECK(cache_count(house, "https://c.example") == 1);
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("a persisted storage key is not evicted") {
  storage_house house{with_budget(25'000)};
  put(house, a, 10'000);
  REQUIRE(house.ask<bool>(house.storage(), control_atom_v, storage_key{a}, true));
  put(house, b, 10'000);
  put(house, "https://c.example", 10'000);
  house.reopen();
  REQUIRE(house.ask<bool>(house.storage(), flush_atom_v));
  CHECK(becomes_empty(house, b));
  CHECK(cache_count(house, a) == 1);
  CHECK(cache_count(house, "https://c.example") == 1);
}

TEST_CASE("within the budget nothing is evicted") {
  storage_house house{with_budget(1'000'000)};
  put(house, a, 10'000);
  put(house, b, 10'000);
  house.reopen();
  REQUIRE(house.ask<bool>(house.storage(), flush_atom_v));
  CHECK(cache_count(house, a) == 1);
  CHECK(cache_count(house, b) == 1);
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "config/limits.hpp"
#include "test/unit/storage/body_producer.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

constexpr auto url = "https://a.example/big";

cache_entry streamed(storage_house& house, const std::string& where, producer_plan plan,
                     int64_t announced = -1) {
  auto result = entry(where, "");
  result.response.content = body::of(spawn_producer(house.system(), plan), announced);
  return result;
}

} // namespace

TEST_CASE("bodies of every size come back as they were given") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  const auto record = limits::body_record_bytes;
  for (const uint64_t size :
       {size_t{0}, size_t{1}, limits::body_inline_bytes_max, limits::body_inline_bytes_max + 1,
        record - 1, record, record + 1, 3 * record + 17}) {
    CAPTURE(size);
    for (const uint32_t chunk : {1u << 12, 1u << 20}) {
      REQUIRE(house.put(cache, streamed(house, url, {size, chunk, producer_end::complete})));
      const auto found = house.match(cache, get(url));
      REQUIRE(found.responses.size() == 1);
      CHECK(found.responses[0].content.length == static_cast<int64_t>(size));
      CHECK(is_produced(house.read(found.responses[0].content, 100'000), size));
    }
  }
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("a body of 64 MiB streams in and out") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  constexpr uint64_t size = uint64_t{64} << 20;
  REQUIRE(house.put(cache, streamed(house, url, {size, 1 << 18, producer_end::complete}, size)));
  house.reopen();
  const auto found = house.match(house.open_cache("v1"), get(url));
  REQUIRE(found.responses.size() == 1);
  CHECK(is_produced(house.read(found.responses[0].content, 1 << 20), size));
}

TEST_CASE("a body without content is not the same as no body") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  auto none = entry("https://a.example/none", "");
  none.response.content = {};
  none.response.status = 204;
  REQUIRE(house.put(cache, none));
  REQUIRE(house.put(cache, entry("https://a.example/empty", "")));
  CHECK(house.match(cache, none.request).responses[0].content.kind == body_kind::none);
  CHECK(house.match(cache, get("https://a.example/empty")).responses[0].content.kind
        == body_kind::inline_bytes);
}

TEST_CASE("a reader goes on while its entry is replaced and its cache deleted") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  const uint64_t size = 4 * limits::body_record_bytes;
  REQUIRE(house.put(cache, streamed(house, url, {size, 1 << 16, producer_end::complete})));
  const auto first = house.match(cache, get(url)).responses[0];
  const auto second = house.match(cache, get(url)).responses[0];
  REQUIRE(house.ask<body_chunk>(first.content.source, pull_atom_v, uint32_t{10}));
  REQUIRE(house.put(cache, entry(url, "other")));
  CHECK(is_produced(house.read(second.content), size));
  REQUIRE(house.run(cache_drop{"v1"})->found);
  const auto rest = house.read(first.content);
  CHECK(is_produced(produced_bytes(0, 10).to_string() + rest, size));
}

TEST_CASE("a put whose body fails stores nothing and leaves nothing") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  REQUIRE(house.put(cache, entry(url, "kept")));
  for (const auto end : {producer_end::error, producer_end::death, producer_end::overdrawn}) {
    cache_put operation;
    operation.cache = cache;
    operation.entries.push_back(entry("https://a.example/first", "first"));
    operation.entries.push_back(
        streamed(house, "https://a.example/whole", {900'000, 1 << 16, producer_end::complete}));
    operation.entries.push_back(streamed(house, url, {700'000, 1 << 16, end}));
    const auto outcome = house.run(operation);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error() == storage_error::body_failed);
  }
  CHECK(house.keys(cache) == std::vector<std::string>{url});
  const auto audit = house.audit();
  CHECK(problems_of(audit) == "");
  CHECK(audit.body_records == 0);
  CHECK(audit.entries == 1);
}

TEST_CASE("a reader that cancels or is forgotten keeps nothing open") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  REQUIRE(house.put(cache, streamed(house, url, {1 << 20, 1 << 16, producer_end::complete})));
  auto cancelled = house.match(cache, get(url)).responses[0].content;
  house.self()->send(cancelled.source, cancel_atom_v);
  const auto unread = house.match(cache, get(url)).responses[0].content;
  house.reopen();
  CHECK(house.match(house.open_cache("v1"), get(url)).found);
}

TEST_CASE("usage is counted to the byte and quota is refused before anything is written") {
  storage_options options;
  options.quota_bytes = 1 << 20;
  storage_house house{options};
  const auto cache = house.open_cache("v1");
  REQUIRE(house.put(cache, streamed(house, url, {800'000, 1 << 16, producer_end::complete})));
  const auto too_much = "https://a.example/second";
  for (const int64_t announced : {int64_t{-1}, int64_t{800'000}}) {
    const auto outcome = house.put(
        cache, streamed(house, too_much, {800'000, 1 << 16, producer_end::complete}, announced));
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error() == storage_error::quota_exceeded);
  }
  CHECK(house.put(cache, entry("https://a.example/small", "fits")));
  CHECK(house.keys(cache).size() == 2);
  const auto audit = house.audit();
  CHECK(problems_of(audit) == "");
  CHECK(audit.usage_bytes > 800'000);
  CHECK(audit.usage_bytes < options.quota_bytes);
  const auto again = house.open_cache("v1");
  CHECK(house.remove(again, get(url)));
  CHECK(house.put(again, streamed(house, too_much, {800'000, 1 << 16, producer_end::complete})));
  CHECK(problems_of(house.audit()) == "");
}

} // namespace offstage::test

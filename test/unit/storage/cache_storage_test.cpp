// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

TEST_CASE("caches are opened, found, named in creation order and deleted") {
  storage_house house;
  const auto first = house.open_cache("zebra");
  const auto second = house.open_cache("apple");
  CHECK(first != second);
  CHECK(house.open_cache("zebra") == first);
  CHECK(house.run(cache_names{})->names == std::vector<std::string>{"zebra", "apple"});
  CHECK(house.run(cache_has{"apple"})->found);
  CHECK_FALSE(house.run(cache_has{"pear"})->found);
  CHECK(house.run(cache_drop{"zebra"})->found);
  CHECK_FALSE(house.run(cache_drop{"zebra"})->found);
  CHECK(house.run(cache_names{})->names == std::vector<std::string>{"apple"});
  CHECK(house.open_cache("zebra") != first);
  CHECK(house.run(cache_names{})->names == std::vector<std::string>{"apple", "zebra"});
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("what was put is matched, also after a restart") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  auto stored =
      entry("https://a.example/page?x=1", "hello", headers_of({{"Content-Type", "text/x"}}));
  stored.response.type = response_type::cors;
  stored.response.url_list.push_back("https://b.example/other");
  REQUIRE(house.put(cache, stored));
  for (int round = 0; round < 2; ++round) {
    const auto found = house.match(house.open_cache("v1"), get("https://a.example/page?x=1#top"));
    REQUIRE(found.responses.size() == 1);
    const auto& response = found.responses[0];
    CHECK(response.type == response_type::cors);
    CHECK(response.url_list == stored.response.url_list);
    CHECK(response.status == 200);
    CHECK(response.status_text == "OK");
    CHECK(response.headers == stored.response.headers);
    CHECK(house.read(response.content) == "hello");
    house.reopen();
  }
  CHECK(house.match(house.open_cache("v1"), get("https://a.example/page")).responses.empty());
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("a put replaces what it matches and goes to the end") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  for (const auto* url : {"https://a.example/1", "https://a.example/2", "https://a.example/3"})
    REQUIRE(house.put(cache, entry(url, url)));
  REQUIRE(house.put(cache, entry("https://a.example/1#new", "replaced")));
  CHECK(house.keys(cache)
        == std::vector<std::string>{"https://a.example/2", "https://a.example/3",
                                    "https://a.example/1"});
  const auto found = house.match(cache, get("https://a.example/1"));
  REQUIRE(found.responses.size() == 1);
  CHECK(house.read(found.responses[0].content) == "replaced");
  CHECK(house.audit().entries == 3);
}

TEST_CASE("cookies of the client that filled a cache are not replayed to others") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  const auto url = "https://a.example/login";
  const auto headers = headers_of({{"Set-Cookie", "id=1"}, {"X-Kept", "yes"}, {"set-cookie", "b"}});
  REQUIRE(house.put(cache, entry(url, "hello", headers)));
  const auto found = house.match(cache, get(url));
  REQUIRE(found.responses.size() == 1);
  CHECK_FALSE(found.responses[0].headers.has("set-cookie"));
  CHECK(found.responses[0].headers.get("x-kept") == "yes");
}

TEST_CASE("entries that differ by Vary live side by side") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  const auto vary = headers_of({{"Vary", "Pet"}});
  const auto cats = headers_of({{"Pet", "cat"}});
  const auto dogs = headers_of({{"Pet", "dog"}});
  const auto url = "https://a.example/pet";
  REQUIRE(house.put(cache, entry(url, "meow", vary, cats)));
  REQUIRE(house.put(cache, entry(url, "woof", vary, dogs)));
  CHECK(house.read(house.match(cache, get(url, cats)).responses.at(0).content) == "meow");
  CHECK(house.read(house.match(cache, get(url, dogs)).responses.at(0).content) == "woof");
  CHECK_FALSE(house.match(cache, get(url)).found);
  cache_query_options ignore_vary;
  ignore_vary.ignore_vary = true;
  CHECK(house.match(cache, get(url), ignore_vary).responses.size() == 2);
  REQUIRE(house.put(cache, entry(url, "purr", vary, cats)));
  CHECK(house.match(cache, get(url), ignore_vary).responses.size() == 2);
  CHECK_FALSE(house.remove(cache, get(url)));
  CHECK(house.remove(cache, get(url), ignore_vary));
  CHECK(house.audit().entries == 0);
}

TEST_CASE("two entries of one batch may replace the same stored one") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  const auto url = "https://a.example/pet";
  const auto vary = headers_of({{"Vary", "Pet"}});
  REQUIRE(house.put(cache, entry(url, "plain")));
  cache_put batch{cache, {}};
  batch.entries.push_back(entry(url, "meow", vary, headers_of({{"Pet", "cat"}})));
  batch.entries.push_back(entry(url, "woof", vary, headers_of({{"Pet", "dog"}})));
  REQUIRE(house.run(batch));
  const auto audit = house.audit();
  CHECK(audit.entries == 2);
  CHECK(problems_of(audit) == "");
}

TEST_CASE("queries ignore the search, the method and look at all caches in creation order") {
  storage_house house;
  const auto second = house.open_cache("b");
  const auto first = house.open_cache("a");
  REQUIRE(house.put(second, entry("https://a.example/x?1", "one")));
  REQUIRE(house.put(second, entry("https://a.example/x?2", "two")));
  REQUIRE(house.put(first, entry("https://a.example/x?2", "other")));
  cache_query_options ignore_search;
  ignore_search.ignore_search = true;
  CHECK(house.match(second, get("https://a.example/x?3"), ignore_search).responses.size() == 2);
  CHECK_FALSE(house.match(second, get("https://a.example/x?3")).found);
  auto head = get("https://a.example/x?1");
  head.method = "HEAD";
  cache_query_options ignore_method;
  ignore_method.ignore_method = true;
  CHECK_FALSE(house.match(second, head).found);
  CHECK(house.match(second, head, ignore_method).found);
  CHECK_FALSE(house.remove(second, head));
  const auto storage_match = [&](const std::string& name) {
    cache_storage_match query;
    query.request = get("https://a.example/x?2");
    query.has_name = !name.empty();
    query.name = name;
    const auto result = house.run(query);
    REQUIRE(result);
    return result->found ? house.read(result->responses.at(0).content) : "";
  };
  CHECK(storage_match("") == "two");
  CHECK(storage_match("a") == "other");
  CHECK(storage_match("c").empty());
}

TEST_CASE("a batch is stored whole or not at all") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  REQUIRE(house.put(cache, entry("https://a.example/1", "old")));
  const auto refused = [&](cache_entry bad) {
    cache_put batch{cache, {entry("https://a.example/1", "new"), std::move(bad)}};
    const auto outcome = house.run(batch);
    REQUIRE_FALSE(outcome);
    CHECK(outcome.error() == storage_error::refused);
    return context_of(outcome.error());
  };
  CHECK(refused(entry("ftp://a.example/", "x")).starts_with("TypeError: "));
  CHECK(refused(entry("https://a.example/1#x", "x")).starts_with("InvalidStateError: "));
  auto partial = entry("https://a.example/2", "x");
  partial.response.status = 206;
  CHECK(refused(partial).starts_with("TypeError: "));
  CHECK(house.read(house.match(cache, get("https://a.example/1")).responses.at(0).content)
        == "old");
  CHECK(house.keys(cache).size() == 1);
}

TEST_CASE("puts that are not awaited are applied in order") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  const auto caches = house.caches();
  constexpr int count = 200;
  for (int i = 0; i < count; ++i) {
    cache_operation operation = cache_put{cache, {entry("https://a.example/x", std::to_string(i))}};
    house.self()->send(caches, cache_atom_v, operation);
  }
  int answers = 0;
  while (answers < count)
    house.self()->receive([&](const cache_result&) { ++answers; },
                          caf::after(std::chrono::seconds{10}) >> [&] { answers = count + 1; });
  CHECK(answers == count);
  const auto found = house.match(cache, get("https://a.example/x"));
  REQUIRE(found.responses.size() == 1);
  CHECK(house.read(found.responses[0].content) == std::to_string(count - 1));
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("a cache whose name was deleted is usable until its last user is gone") {
  storage_house house;
  auto cache = cache_id{0};
  {
    caf::scoped_actor other{house.system()};
    const auto ask_as_other = [&](cache_operation operation) {
      cache_result outcome;
      other->request(house.caches(), std::chrono::seconds{10}, cache_atom_v, std::move(operation))
          .receive([&](cache_result& result) { outcome = std::move(result); },
                   [](const caf::error& err) { FAIL(describe(err)); });
      return outcome;
    };
    cache = ask_as_other(cache_open{"v1"}).cache;
    REQUIRE(house.put(cache, entry("https://a.example/1", "1")));
    REQUIRE(house.run(cache_drop{"v1"})->found);
    CHECK_FALSE(house.run(cache_has{"v1"})->found);
    REQUIRE(house.put(cache, entry("https://a.example/2", "2")));
    CHECK(house.keys(cache).size() == 2);
    CHECK(house.open_cache("v1") != cache);
  }
  const auto gone = house.put(cache, entry("https://a.example/3", "3"));
  if (!gone) {
    CHECK(gone.error() == storage_error::refused);
  }
  const auto audit = house.audit();
  CHECK(audit.entries == 0);
  CHECK(audit.caches == 1);
  CHECK(problems_of(audit) == "");
}

TEST_CASE("caches of other storage keys are out of reach") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  REQUIRE(house.put(cache, entry("https://a.example/1", "1")));
  cache_query query;
  query.cache = cache;
  const auto outcome = house.run(query, "https://b.example");
  REQUIRE_FALSE(outcome);
  CHECK(outcome.error() == storage_error::refused);
  CHECK(house.run(cache_names{}, "https://b.example")->names.empty());
}

TEST_CASE("limits on names, numbers and sizes are refusals") {
  storage_house house;
  CHECK(house.run(cache_open{std::string(100'000, 'x')}).error() == storage_error::refused);
  CHECK(house.run(cache_open{""})->found);
  CHECK(house.run(cache_open{std::string{"\xed\xa0\x80", 3}})->found);
  const auto cache = house.open_cache("v1");
  auto huge = entry("https://a.example/1", "1");
  huge.response.headers.append("x", std::string(20 << 20, 'x'));
  CHECK(house.put(cache, huge).error() == storage_error::refused);
  const auto bad_key =
      house.ask<cache_storage_actor>(house.storage(), open_atom_v, storage_key{""});
  CHECK(bad_key.error() == storage_error::refused);
}

} // namespace offstage::test

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
  CHECK(house.audit().problems.empty());
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
  CHECK(house.audit().problems.empty());
}

} // namespace offstage::test

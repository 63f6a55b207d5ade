// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "storage/key_codec.hpp"

namespace offstage::test {

TEST_CASE("keys sort by number, not by digits") {
  const cache_id cache{7};
  CHECK(entry_key(cache, 2) < entry_key(cache, 10));
  CHECK(entry_key(cache, 255) < entry_key(cache, 256));
  CHECK(entry_key(cache_id{255}, UINT64_MAX) < entry_key(cache_id{256}, 0));
  CHECK(body_record_key(body_id{1}, 255) < body_record_key(body_id{1}, 256));
}

TEST_CASE("what a key says is read back") {
  const storage_key key{"https://a.example"};
  const auto named = parse_cache_key(cache_name_key(key, cache_id{300}, std::string{"n\0m", 3}));
  REQUIRE(named);
  CHECK(named->key == key);
  CHECK(named->cache == cache_id{300});
  CHECK(named->name == std::string{"n\0m", 3});
  const auto doomed = parse_cache_key(doomed_cache_key(key, cache_id{5}));
  REQUIRE(doomed);
  CHECK(doomed->cache == cache_id{5});
  CHECK(parse_pending_body_key(pending_body_key(body_id{9})) == body_id{9});
  CHECK(body_of_record_key(body_record_key(body_id{9}, 1)) == body_id{9});
  CHECK(sequence_of_row_key(index_key(cache_id{1}, "p", "q", 77)) == 77);
  CHECK(cache_of_row_key(entry_key(cache_id{4}, 1)) == cache_id{4});
}

TEST_CASE("what is no such key is refused") {
  CHECK_FALSE(parse_cache_key(""));
  CHECK_FALSE(parse_cache_key("chttps://a.example"));
  CHECK_FALSE(parse_cache_key(std::string{"chttps://a.example\0short", 24}));
  CHECK_FALSE(parse_pending_body_key("p"));
  CHECK_FALSE(parse_pending_body_key("q12345678"));
  CHECK_FALSE(body_of_record_key("123"));
  CHECK_FALSE(sequence_of_row_key("123"));
}

TEST_CASE("a prefix ends before the next one") {
  CHECK(prefix_end("a") == "b");
  CHECK(prefix_end("a\xff") == "b");
  CHECK(prefix_end("\xff\xff").empty());
  CHECK(prefix_end("").empty());
  const auto prefix = entry_prefix(cache_id{255});
  CHECK(entry_key(cache_id{255}, UINT64_MAX) < prefix_end(prefix));
  CHECK(entry_key(cache_id{256}, 0) >= prefix_end(prefix));
}

TEST_CASE("rows of one origin are not rows of another that starts alike") {
  const storage_key shorter{"https://a.example"};
  const storage_key longer{"https://a.example:8443"};
  CHECK_FALSE(cache_name_key(longer, cache_id{1}, "x").starts_with(cache_name_prefix(shorter)));
}

TEST_CASE("origins that keys cannot hold are not storable") {
  CHECK(is_storable({"https://a.example"}));
  CHECK_FALSE(is_storable({""}));
  CHECK_FALSE(is_storable({std::string{"https://a\0b", 11}}));
  CHECK_FALSE(is_storable({std::string(10'000, 'a')}));
}

} // namespace offstage::test

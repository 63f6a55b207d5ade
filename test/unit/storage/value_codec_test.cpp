// SPDX-License-Identifier: MIT
#include <random>

#include <doctest/doctest.h>

#include "protocol/errors.hpp"
#include "storage/value_codec.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

stored_registration sample_registration() {
  stored_registration x;
  x.key = {"https://a.example"};
  x.scope = "https://a.example/app/";
  x.via_cache = update_via_cache::all;
  x.last_update_check_unix_ms = -5;
  x.active.descriptor = {worker_id{12}, "https://a.example/sw.js", worker_type::module,
                         worker_state::activated};
  x.active.script = {"https://a.example/sw.js", std::string(64, 'a')};
  x.active.imports = {{"https://a.example/i.js", std::string(64, 'b')}};
  x.active.event_types = {"install", "fetch"};
  return x;
}

entry_record sample_entry() {
  auto stored = entry("https://a.example/x?y", "", headers_of({{"Vary", "Pet"}}),
                      headers_of({{"Pet", "cat"}}));
  entry_record x{stored.request, stored.response, {}};
  x.request.mode = request_mode::navigate;
  x.response.type = response_type::opaque_redirect;
  x.response.status = 301;
  x.content.where = stored_body::place::beside;
  x.content.bytes = shared_bytes{std::string{"in\0line", 7}};
  x.content.length = 7;
  return x;
}

/// Applies a few random damages to bytes.
std::string damage(std::string bytes, std::mt19937_64& random) {
  const auto count = 1 + random() % 3;
  for (uint64_t i = 0; i < count; ++i) {
    const auto at = bytes.empty() ? 0 : random() % bytes.size();
    switch (random() % 4) {
    case 0:
      if (!bytes.empty())
        bytes[at] = static_cast<char>(bytes[at] ^ (1 << random() % 8));
      break;
    case 1:
      bytes.resize(at);
      break;
    case 2:
      bytes.insert(at, 1 + random() % 9, static_cast<char>(random()));
      break;
    default:
      if (bytes.size() >= 4)
        bytes.replace(std::min(at, bytes.size() - 4), 4, "\xff\xff\xff\xff");
    }
  }
  return bytes;
}

} // namespace

TEST_CASE("registrations, entries and index rows come back as they were") {
  const auto registration = sample_registration();
  const auto r = decode_registration("k", shared_bytes{encode("k", registration)});
  REQUIRE(r);
  CHECK(r->key == registration.key);
  CHECK(r->scope == registration.scope);
  CHECK(r->via_cache == registration.via_cache);
  CHECK(r->last_update_check_unix_ms == -5);
  CHECK(r->waiting.descriptor.id == worker_id{0});
  CHECK(r->active.descriptor.id == worker_id{12});
  CHECK(r->active.descriptor.state == worker_state::activated);
  CHECK(r->active.imports.at(0).sha256 == std::string(64, 'b'));
  CHECK(r->active.event_types == registration.active.event_types);
  const auto stored = sample_entry();
  const auto e = decode_entry("k", shared_bytes{encode("k", stored)});
  REQUIRE(e);
  CHECK(e->request.url == stored.request.url);
  CHECK(e->request.headers == stored.request.headers);
  CHECK(e->request.mode == request_mode::navigate);
  CHECK(e->response.type == response_type::opaque_redirect);
  CHECK(e->response.status == 301);
  CHECK(e->content.bytes == stored.content.bytes);
  index_row row{"https://a.example/", {{"a", "b"}, {"c", std::nullopt}}, 77, {}};
  row.content = {stored_body::place::records, {}, body_id{4}, 500'000, 2};
  const auto i = decode_index_row("k", shared_bytes{encode("k", row)});
  REQUIRE(i);
  CHECK(i->url == row.url);
  CHECK(i->vary.at(0).value == "b");
  CHECK_FALSE(i->vary.at(1).value);
  CHECK(i->charge_bytes == 77);
  CHECK(i->content.id == body_id{4});
  CHECK(i->content.record_count == 2);
}

TEST_CASE("a record under another key or of another kind is corrupted") {
  const shared_bytes record{encode("k", sample_entry())};
  CHECK(decode_entry("k", record));
  CHECK(decode_entry("l", record).error() == storage_error::corrupted);
  CHECK(decode_index_row("k", record).error() == storage_error::corrupted);
  CHECK(decode_registration("k", record).error() == storage_error::corrupted);
}

TEST_CASE("any damage to a record is noticed and none crashes the reader") {
  std::mt19937_64 random{20261122};
  const auto registration = encode("k", sample_registration());
  const auto stored = encode("k", sample_entry());
  uint64_t changed = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto a = damage(registration, random);
    const auto b = damage(stored, random);
    changed += a != registration;
    CHECK((a == registration
           || decode_registration("k", shared_bytes{a}).error() == storage_error::corrupted));
    CHECK((b == stored || decode_entry("k", shared_bytes{b}).error() == storage_error::corrupted));
  }
  CHECK(changed > 19'000);
}

TEST_CASE("a payload with a right checksum and wrong fields is corrupted, not believed") {
  std::mt19937_64 random{7};
  const auto whole = encode("k", sample_entry());
  const auto payload = whole.substr(10);
  uint64_t refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto bytes = damage(payload, random);
    const auto record = make_frame(record_kind::cache_entry, "k", bytes) + bytes;
    const auto decoded = decode_entry("k", shared_bytes{record});
    if (!decoded) {
      CHECK(decoded.error() == storage_error::corrupted);
      ++refused;
      continue;
    }
    CHECK(decoded->response.type <= response_type::opaque_redirect);
    CHECK(decoded->response.headers.size() <= record.size());
  }
  CHECK(refused > 5'000);
}

} // namespace offstage::test

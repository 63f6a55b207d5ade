// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "storage/database.hpp"
#include "storage/digest.hpp"
#include "storage/format.hpp"
#include "storage/key_codec.hpp"
#include "storage/storage.hpp"
#include "storage/value_codec.hpp"
#include "test/unit/storage/body_producer.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

const storage_key key{"https://a.example"};

std::string put_script(storage_house& house, const std::string& text) {
  const auto digest = house.ask<std::string>(house.storage(), put_atom_v, shared_bytes{text});
  REQUIRE(digest);
  CHECK(*digest == sha256_hex(text));
  return *digest;
}

caf::expected<shared_bytes> get_script(storage_house& house, const std::string& digest) {
  return house.ask<shared_bytes>(house.storage(), get_atom_v, digest);
}

stored_registration registration(const std::string& scope, const std::string& digest,
                                 std::vector<std::string> imports = {}) {
  stored_registration x;
  x.key = key;
  x.scope = scope;
  x.active.descriptor = {worker_id{3}, "https://a.example/sw.js", worker_type::classic,
                         worker_state::activated};
  x.active.script = {"https://a.example/sw.js", digest};
  for (auto& import : imports)
    x.active.imports.push_back({"https://a.example/i.js", std::move(import)});
  return x;
}

void store(storage_house& house, const stored_registration& x) {
  REQUIRE(house.ask<bool>(house.storage(), store_atom_v, x));
}

std::vector<stored_registration> load(storage_house& house) {
  auto all = house.ask<stored_registration_list>(house.storage(), load_atom_v);
  REQUIRE(all);
  return all->registrations;
}

bool remove(storage_house& house, const std::string& scope) {
  const auto existed = house.ask<bool>(house.storage(), remove_atom_v, key, scope);
  REQUIRE(existed);
  return *existed;
}

/// Changes the rows of a closed directory.
void tamper(storage_house& house, const std::function<void(database&, write_batch&)>& change) {
  house.close();
  {
    auto db = database::open(house.options());
    REQUIRE(db);
    auto batch = std::make_shared<write_batch>();
    change(**db, *batch);
    const write_batch_ptr batches[] = {batch};
    REQUIRE_FALSE((*db)->write(batches, durability::strict));
  }
  house.open();
}

/// Flips a bit in the middle of the first row with this prefix.
void damage_row(storage_house& house, column where, const std::string& prefix) {
  tamper(house, [&](database& db, write_batch& batch) {
    bool found = false;
    const auto visit = [&](std::string_view row, std::string_view value) {
      found = true;
      std::string bytes{value};
      bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] ^ 4);
      batch.put(where, std::string{row}, bytes);
      return false;
    };
    REQUIRE_FALSE(db.scan(where, prefix, visit));
    REQUIRE(found);
  });
}

} // namespace

TEST_CASE("registrations and scripts survive a restart") {
  storage_house house;
  const auto script = put_script(house, "self.x = 1");
  const auto import = put_script(house, "self.y = 2");
  store(house, registration("https://a.example/", script, {import}));
  house.reopen();
  const auto all = load(house);
  REQUIRE(all.size() == 1);
  CHECK(all[0].active.script.sha256 == script);
  CHECK(get_script(house, script)->view() == "self.x = 1");
  CHECK(get_script(house, import)->view() == "self.y = 2");
  CHECK(get_script(house, std::string(64, '0')).error() == storage_error::not_found);
  CHECK(get_script(house, "no digest").error() == storage_error::not_found);
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("a script is removed with its last registration, not before") {
  storage_house house;
  const auto shared = put_script(house, "shared");
  const auto old = put_script(house, "old");
  store(house, registration("https://a.example/1/", shared, {old}));
  store(house, registration("https://a.example/2/", shared));
  const auto fresh = put_script(house, "of a worker that is installing");
  store(house, registration("https://a.example/1/", shared));
  CHECK(get_script(house, old).error() == storage_error::not_found);
  CHECK(remove(house, "https://a.example/1/"));
  CHECK_FALSE(remove(house, "https://a.example/1/"));
  CHECK(get_script(house, shared));
  CHECK(remove(house, "https://a.example/2/"));
  CHECK(get_script(house, shared).error() == storage_error::not_found);
  CHECK(get_script(house, fresh));
  house.reopen();
  CHECK(get_script(house, fresh).error() == storage_error::not_found);
  CHECK(house.audit().scripts == 0);
}

TEST_CASE("worker ids are never given twice") {
  storage_house house;
  uint64_t last = 0;
  for (int i = 0; i < 20; ++i) {
    const auto id = house.ask<worker_id>(house.storage(), spawn_atom_v);
    REQUIRE(id);
    CHECK(static_cast<uint64_t>(*id) > last);
    last = static_cast<uint64_t>(*id);
    if (i % 5 == 0)
      house.reopen();
  }
  damage_row(house, column::meta, worker_counter_key());
  const auto id = house.ask<worker_id>(house.storage(), spawn_atom_v);
  REQUIRE(id);
  CHECK(static_cast<uint64_t>(*id) > last);
}

TEST_CASE("flush answers") {
  storage_house house;
  CHECK(house.ask<bool>(house.storage(), flush_atom_v));
}

TEST_CASE("a data directory has one user at a time") {
  storage_house house;
  auto second =
      spawn_storage(house.system(), house.options(), [](storage_log_level, const std::string&) {});
  REQUIRE_FALSE(second);
  CHECK(second.error() == storage_error::refused);
  CHECK(context_of(second.error()) == house.directory() + " is in use by another process");
}

TEST_CASE("a directory of a newer format is refused by name") {
  storage_house house;
  house.close();
  {
    auto db = database::open(house.options());
    REQUIRE(db);
    auto batch = std::make_shared<write_batch>();
    batch->put(column::meta, format_key(),
               encode_number(record_kind::format, format_key(), storage_format_version + 1));
    const write_batch_ptr batches[] = {batch};
    REQUIRE_FALSE((*db)->write(batches, durability::strict));
  }
  const auto refused = database::open(house.options());
  REQUIRE_FALSE(refused);
  CHECK(refused.error() == storage_error::refused);
  const auto newer = "has storage format " + std::to_string(storage_format_version + 1);
  CHECK(context_of(refused.error()).find(newer) != std::string::npos);
}

TEST_CASE("a directory of the format before is read and has this program's format from then on") {
  storage_house house;
  const auto script = put_script(house, "1");
  store(house, registration("https://a.example/1/", script));
  tamper(house, [](database&, write_batch& batch) {
    batch.put(column::meta, format_key(), encode_number(record_kind::format, format_key(), 1));
  });
  CHECK(load(house).size() == 1);
  house.close();
  auto db = database::open(house.options());
  REQUIRE(db);
  CHECK((*db)->get(column::meta, format_key())->view() == make_format_record());
  db = caf::none;
  house.open();
}

TEST_CASE("a damaged registration is quarantined and costs nothing else") {
  storage_house house;
  const auto script = put_script(house, "1");
  store(house, registration("https://a.example/1/", script));
  store(house, registration("https://a.example/2/", script));
  damage_row(house, column::meta, registration_prefix());
  const auto all = load(house);
  REQUIRE(all.size() == 1);
  CHECK(all[0].scope == "https://a.example/2/");
  CHECK(get_script(house, script));
  CHECK(house.log().contains("quarantine: default/rhttps://a.example\\x00https://a.example/1/"));
  const auto audit = house.audit();
  CHECK(audit.quarantined == 1);
  CHECK(problems_of(audit) == "");
}

TEST_CASE("a damaged script is named corrupted and quarantined") {
  storage_house house;
  const auto script = put_script(house, "1");
  store(house, registration("https://a.example/1/", script));
  damage_row(house, column::scripts, script);
  CHECK(get_script(house, script).error() == storage_error::corrupted);
  CHECK(house.ask<bool>(house.storage(), flush_atom_v));
  CHECK(get_script(house, script).error() == storage_error::not_found);
  CHECK(put_script(house, "1") == script);
  CHECK(get_script(house, script)->view() == "1");
  CHECK(house.audit().quarantined == 1);
}

TEST_CASE("damage to any record of a cache costs at most its entry") {
  for (const auto where : {column::entries, column::index, column::bodies, column::meta}) {
    CAPTURE(static_cast<int>(where));
    storage_house house;
    auto cache = house.open_cache("v1");
    auto big = entry("https://a.example/big", "");
    big.response.content = body::of(spawn_producer(house.system(), {600'000}));
    REQUIRE(house.put(cache, big));
    REQUIRE(house.put(cache, entry("https://a.example/small", "small")));
    damage_row(house, where, where == column::meta ? "chttps://" : "");
    cache = house.open_cache("v1");
    for (int round = 0; round < 2; ++round)
      for (const auto* url : {"https://a.example/big", "https://a.example/small"})
        for (const auto& response : house.match(cache, get(url)).responses)
          house.read(response.content);
    REQUIRE(house.ask<bool>(house.storage(), flush_atom_v));
    const auto audit = house.audit();
    CHECK(problems_of(audit) == "");
    CHECK(audit.quarantined == 1);
    CHECK(audit.entries == (where == column::entries || where == column::bodies ? 1 : 2));
    cache = house.open_cache("v1");
    CHECK(house.put(cache, entry("https://a.example/big", "again")));
    CHECK(house.keys(cache).size() == 2);
  }
}

TEST_CASE("a damaged usage is counted anew") {
  storage_house house;
  const auto cache = house.open_cache("v1");
  REQUIRE(house.put(cache, entry("https://a.example/1", "1")));
  const auto before = house.audit().usage_bytes;
  damage_row(house, column::meta, usage_key(key));
  REQUIRE(house.put(house.open_cache("v1"), entry("https://a.example/1", "2")));
  const auto audit = house.audit();
  CHECK(audit.usage_bytes == before);
  CHECK(problems_of(audit) == "");
}

TEST_CASE("records of a body that no put adopted go at the next start") {
  storage_house house;
  house.open_cache("v1");
  tamper(house, [](database&, write_batch& batch) {
    const auto pending = pending_body_key(body_id{40});
    batch.put(column::meta, pending, encode_number(record_kind::pending_body, pending, 0));
    for (uint32_t i = 0; i < 3; ++i) {
      const auto row = body_record_key(body_id{40}, i);
      batch.put(column::bodies, row, make_frame(record_kind::body_record, row, "x") + "x");
    }
  });
  const auto audit = house.audit();
  CHECK(audit.body_records == 0);
  CHECK(problems_of(audit) == "");
}

} // namespace offstage::test

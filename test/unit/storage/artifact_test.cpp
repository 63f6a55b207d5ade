// SPDX-License-Identifier: MIT
#include <caf/event_based_actor.hpp>
#include <doctest/doctest.h>

#include "storage/database.hpp"
#include "storage/digest.hpp"
#include "storage/key_codec.hpp"
#include "storage/value_codec.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

constexpr std::string_view build = "0123456789abcdef";
const std::string url = "https://a.example/sw.js";

/// A site with one worker, whose script is stored, asking for what its instances need.
class site {
public:
  explicit site(storage_house& house, const std::string& text = "self.x = 1",
                const std::string& origin = "https://a.example")
      : house_(house) {
    const auto digest = house.ask<std::string>(house.storage(), put_atom_v, shared_bytes{text});
    REQUIRE(digest);
    registration_.key.origin = origin;
    registration_.scope = origin + "/";
    registration_.active.descriptor = {worker_id{3}, url, worker_type::classic,
                                       worker_state::activated};
    registration_.active.script = {url, *digest};
    REQUIRE(house.ask<bool>(house.storage(), store_atom_v, registration_));
  }

  worker_scripts_query query(std::string_view engine = build) const {
    return {registration_.key, registration_.active, std::string{engine}};
  }

  artifact_name name(std::string_view engine = build) const {
    return {registration_.key, registration_.active.script.sha256, worker_type::classic,
            registration_.active.script, std::string{engine}};
  }

  caf::expected<script_source> ask(std::string_view engine = build) {
    auto found = house_.ask<script_sources>(house_.storage(), get_atom_v, query(engine));
    if (!found)
      return found.error();
    REQUIRE(found->scripts.size() == 1);
    return found->scripts.front();
  }

  std::string artifact(std::string_view engine = build) {
    const auto found = ask(engine);
    REQUIRE(found);
    return found->artifact.to_string();
  }

  caf::expected<bool> put(const std::string& text, std::string_view engine = build) {
    const auto kept =
        house_.ask<bool>(house_.storage(), put_atom_v, name(engine), shared_bytes{text});
    REQUIRE(house_.ask<bool>(house_.storage(), flush_atom_v));
    return kept;
  }

  bool remove() {
    const auto removed =
        house_.ask<bool>(house_.storage(), remove_atom_v, registration_.key, registration_.scope);
    return removed && *removed;
  }

  stored_registration& registration() { return registration_; }

private:
  storage_house& house_;
  stored_registration registration_;
};

/// Asks as somebody else would, who lives until the object dies.
class another_asker {
public:
  explicit another_asker(storage_house& house) : self_(house.system()) {}

  auto ask(storage_house& house, const site& of) {
    return self_->request(house.storage(), std::chrono::seconds{10}, get_atom_v, of.query());
  }

private:
  caf::scoped_actor self_;
};

std::string artifact_of(const script_sources& found) {
  return found.scripts.at(0).artifact.to_string();
}

} // namespace

TEST_CASE("an artifact is found by the engine build that made it and survives a restart") {
  storage_house house;
  site a{house};
  CHECK(a.artifact() == "");
  REQUIRE(a.put("bytecode"));
  CHECK(a.artifact() == "bytecode");
  house.reopen();
  const auto found = a.ask();
  REQUIRE(found);
  CHECK(found->bytes.view() == "self.x = 1");
  CHECK(found->artifact.view() == "bytecode");
  CHECK(found->url == url);
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("another engine build misses, and what it makes takes the place") {
  storage_house house;
  site a{house};
  REQUIRE(a.put("old"));
  CHECK(a.artifact("fedcba9876543210") == "");
  REQUIRE(a.put("new", "fedcba9876543210"));
  CHECK(a.artifact("fedcba9876543210") == "new");
  CHECK(a.artifact() == "");
  CHECK(house.audit().artifacts == 1);
}

TEST_CASE("no engine build, no artifacts") {
  storage_house house;
  site a{house};
  REQUIRE(a.put("bytecode"));
  CHECK(a.artifact("") == "");
}

TEST_CASE("an artifact never reaches another storage key, whose script is the same") {
  storage_house house;
  site a{house};
  site b{house, "self.x = 1", "https://b.example"};
  REQUIRE(a.put("of a"));
  CHECK(b.artifact() == "");
  CHECK(a.artifact() == "of a");
}

TEST_CASE("an artifact never reaches another version of the worker, whose import is the same") {
  storage_house house;
  site a{house};
  const auto library = house.ask<std::string>(house.storage(), put_atom_v, shared_bytes{"lib"});
  REQUIRE(library);
  const script_resource import{"https://a.example/lib.js", *library};
  a.registration().active.imports = {import};
  REQUIRE(house.ask<bool>(house.storage(), store_atom_v, a.registration()));
  auto name = a.name();
  name.script = import;
  REQUIRE(house.ask<bool>(house.storage(), put_atom_v, name, shared_bytes{"of version 1"}));
  REQUIRE(house.ask<bool>(house.storage(), flush_atom_v));
  const auto first = house.ask<script_sources>(house.storage(), get_atom_v, a.query());
  REQUIRE(first);
  CHECK(first->scripts.at(1).artifact.view() == "of version 1");
  const auto next = house.ask<std::string>(house.storage(), put_atom_v, shared_bytes{"v2"});
  REQUIRE(next);
  a.registration().active.script.sha256 = *next;
  REQUIRE(house.ask<bool>(house.storage(), store_atom_v, a.registration()));
  const auto second = house.ask<script_sources>(house.storage(), get_atom_v, a.query());
  REQUIRE(second);
  CHECK(second->scripts.at(1).bytes.view() == "lib");
  CHECK(second->scripts.at(1).artifact.empty());
  CHECK(problems_of(house.audit()) == "");
}

TEST_CASE("artifacts go with their worker, at once and at the next start") {
  storage_house house;
  site a{house};
  REQUIRE(a.put("bytecode"));
  REQUIRE(a.remove());
  CHECK(house.audit().artifacts == 0);
  CHECK(a.put("late").error() == storage_error::refused);
  house.close();
  {
    auto db = database::open(house.options());
    REQUIRE(db);
    auto batch = std::make_shared<write_batch>();
    const auto key = artifact_key(a.name());
    batch->put(column::artifacts, key, encode(key, artifact_record{}));
    const write_batch_ptr batches[] = {batch};
    REQUIRE_FALSE((*db)->write(batches, durability::strict));
  }
  house.open();
  const auto audit = house.audit();
  CHECK(audit.artifacts == 0);
  CHECK(problems_of(audit) == "");
}

TEST_CASE("a damaged artifact is named in the log, ignored and made again") {
  storage_house house;
  site a{house};
  REQUIRE(a.put("bytecode"));
  house.close();
  {
    auto db = database::open(house.options());
    REQUIRE(db);
    const auto key = artifact_key(a.name());
    auto bytes = (*db)->get(column::artifacts, key)->to_string();
    bytes.back() = static_cast<char>(bytes.back() ^ 4);
    auto batch = std::make_shared<write_batch>();
    batch->put(column::artifacts, key, bytes);
    const write_batch_ptr batches[] = {batch};
    REQUIRE_FALSE((*db)->write(batches, durability::strict));
  }
  house.open();
  CHECK(a.artifact() == "");
  CHECK(
      house.log().contains("damaged artifact, it will be made again: artifacts/https://a.example"));
  REQUIRE(a.put("again"));
  CHECK(a.artifact() == "again");
  const auto audit = house.audit();
  CHECK(audit.quarantined == 0);
  CHECK(problems_of(audit) == "");
}

TEST_CASE("who asks while an artifact is being made waits for it") {
  storage_house house;
  site a{house};
  CHECK(a.artifact() == "");
  std::vector<std::unique_ptr<another_asker>> askers;
  std::vector<std::string> got;
  for (int i = 0; i < 3; ++i)
    askers.push_back(std::make_unique<another_asker>(house));
  auto first = askers[0]->ask(house, a);
  auto second = askers[1]->ask(house, a);
  auto third = askers[2]->ask(house, a);
  REQUIRE(a.put("made once"));
  for (auto* answer : {&first, &second, &third})
    answer->receive([&](const script_sources& found) { got.push_back(artifact_of(found)); },
                    [&](const caf::error& err) { got.push_back(describe(err)); });
  CHECK(got == std::vector<std::string>{"made once", "made once", "made once"});
}

TEST_CASE("who waits for an artifact that is not made gets the script alone after a while") {
  storage_house house;
  site a{house};
  CHECK(a.artifact() == "");
  another_asker waiting{house};
  waiting.ask(house, a).receive(
      [](const script_sources& found) { CHECK(artifact_of(found) == ""); },
      [](const caf::error& err) { FAIL(describe(err)); });
}

TEST_CASE("a maker that dies releases who waits: one of them is the next maker") {
  storage_house house;
  site a{house};
  auto maker = std::make_unique<another_asker>(house);
  maker->ask(house, a).receive([](const script_sources& found) { CHECK(artifact_of(found) == ""); },
                               [](const caf::error& err) { FAIL(describe(err)); });
  another_asker heir{house};
  another_asker other{house};
  auto inherited = heir.ask(house, a);
  auto waited = other.ask(house, a);
  maker.reset();
  inherited.receive([](const script_sources& found) { CHECK(artifact_of(found) == ""); },
                    [](const caf::error& err) { FAIL(describe(err)); });
  REQUIRE(a.put("by the heir"));
  waited.receive([](const script_sources& found) { CHECK(artifact_of(found) == "by the heir"); },
                 [](const caf::error& err) { FAIL(describe(err)); });
}

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#include <map>
#include <random>

#include <caf/send.hpp>
#include <doctest/doctest.h>
#include <rocksdb/env.h>

#include "config/limits.hpp"
#include "test/crash/crash_fs.hpp"
#include "test/unit/storage/body_producer.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

/// What a script would see: URL and length of what is stored under it.
using contents = std::map<std::string, int64_t>;

/// Puts and removes at random, loses power at random, and compares what is left with every state
/// that there was.
class crashing_house {
public:
  explicit crashing_house(sync_policy sync, uint64_t seed) : random_(seed), house_(options(sync)) {}

  /// One life: operations, a power loss, a restart. False if what survived is no prefix of the
  /// operations, or a prefix without what a flush had acknowledged.
  bool live_and_crash() {
    cache_ = house_.open_cache("v1");
    std::vector<contents> states{current_};
    size_t durable = 0;
    const auto count = 1 + random_() % 40;
    for (uint64_t i = 0; i < count; ++i) {
      step();
      states.push_back(current_);
      if (random_() % 8 == 0 && house_.ask<bool>(house_.storage(), flush_atom_v))
        durable = states.size() - 1;
      if (random_() % 8 == 0)
        leave_unfinished_put();
    }
    crash();
    current_ = survivors();
    const auto first = states.begin() + static_cast<std::ptrdiff_t>(durable);
    const auto is_prefix = std::find(first, states.end(), current_) != states.end();
    durable_states_ += durable > 0 ? 1 : 0;
    return is_prefix;
  }

  storage_audit audit() { return house_.audit(); }
  uint64_t lost_bytes() const { return lost_bytes_; }
  uint64_t durable_states() const { return durable_states_; }

private:
  storage_options options(sync_policy sync) {
    storage_options result;
    result.env = env_;
    result.sync = sync;
    return result;
  }

  std::string random_url() { return "https://a.example/" + std::to_string(random_() % 20); }

  void step() {
    const auto url = random_url();
    if (random_() % 4 == 0) {
      CHECK(house_.remove(cache_, get(url)) == (current_.erase(url) > 0));
      return;
    }
    const auto is_large = random_() % 5 == 0;
    const auto length = random_() % (is_large ? 3 * limits::body_record_bytes : 2000);
    auto stored = entry(url, "");
    stored.response.content = body::of(spawn_producer(house_.system(), {length}));
    REQUIRE(house_.put(cache_, stored));
    current_[url] = static_cast<int64_t>(length);
  }

  /// Its body is still arriving when the power goes.
  void leave_unfinished_put() {
    auto stored = entry(random_url(), "");
    const producer_plan plan{limits::body_record_bytes * 2, 1 << 16, producer_end::silence};
    stored.response.content = body::of(spawn_producer(house_.system(), plan));
    cache_operation operation = cache_put{cache_, {std::move(stored)}};
    caf::anon_send(house_.caches(), cache_atom_v, std::move(operation));
  }

  void crash() {
    fs_->power_loss();
    house_.close();
    lost_bytes_ += fs_->lose_unsynced_data();
    house_.open();
  }

  contents survivors() {
    contents result;
    cache_ = house_.open_cache("v1");
    for (const auto& url : house_.keys(cache_)) {
      const auto found = house_.match(cache_, get(url));
      REQUIRE(found.responses.size() == 1);
      const auto& content = found.responses[0].content;
      CHECK(is_produced(house_.read(content), static_cast<uint64_t>(content.length)));
      result[url] = content.length;
    }
    return result;
  }

  std::mt19937_64 random_;
  std::shared_ptr<crash_fs> fs_ = std::make_shared<crash_fs>(rocksdb::FileSystem::Default());
  std::shared_ptr<rocksdb::Env> env_{rocksdb::NewCompositeEnv(fs_)};
  storage_house house_;
  cache_id cache_{0};
  contents current_;
  uint64_t lost_bytes_ = 0;
  uint64_t durable_states_ = 0;
};

void survive(uint64_t seed, int cycles) {
  crashing_house house{sync_policy::honest, seed};
  for (int cycle = 0; cycle < cycles; ++cycle) {
    CAPTURE(seed);
    CAPTURE(cycle);
    CHECK(house.live_and_crash());
    if (cycle % 5 == 4) {
      CHECK(problems_of(house.audit()) == "");
    }
  }
  CHECK(house.lost_bytes() > 0);
  CHECK(house.durable_states() > 0);
}

} // namespace

TEST_CASE("after a power loss there is a prefix of what was done, with all that was flushed") {
  survive(1, 50);
}

TEST_CASE("the same for many more lives" * doctest::skip()) {
  for (uint64_t seed = 2; seed < 8; ++seed)
    survive(seed, 50);
}

TEST_CASE("a storage that skips its syncs is caught") {
  int violations = 0;
  crashing_house house{sync_policy::skipped, 1};
  for (int cycle = 0; cycle < 10; ++cycle)
    violations += house.live_and_crash() ? 0 : 1;
  CHECK(violations > 0);
}

TEST_CASE("when the disk is full, readers go on and writers are told; with room it works again") {
  const auto fs = std::make_shared<crash_fs>(rocksdb::FileSystem::Default());
  const std::shared_ptr<rocksdb::Env> env{rocksdb::NewCompositeEnv(fs)};
  storage_options options;
  options.env = env;
  storage_house house{options};
  const auto cache = house.open_cache("v1");
  REQUIRE(house.put(cache, entry("https://a.example/1", "kept")));
  fs->fill_disk();
  for (int i = 0; i < 3; ++i) {
    auto refused = house.put(cache, entry("https://a.example/1", "refused"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error() == storage_error::io_failed);
  }
  const auto found = house.match(cache, get("https://a.example/1"));
  REQUIRE(found.responses.size() == 1);
  CHECK(house.read(found.responses[0].content) == "kept");
  fs->empty_disk();
  house.self()->receive([](int) {},
                        caf::after(limits::database_resume_pause + std::chrono::milliseconds{50}) >>
                            [] {});
  const auto works = house.put(cache, entry("https://a.example/2", "works"));
  REQUIRE_MESSAGE(works, house.log().text());
  CHECK(house.log().contains("writable again"));
  CHECK(house.keys(cache).size() == 2);
  CHECK(problems_of(house.audit()) == "");
}

} // namespace offstage::test

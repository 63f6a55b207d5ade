// SPDX-License-Identifier: MIT
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <doctest/doctest.h>

#include "config/limits.hpp"
#include "storage/write_pipeline.hpp"
#include "test/unit/storage/body_producer.hpp"
#include "test/unit/storage/storage_house.hpp"

namespace offstage::test {

namespace {

/// Stands in for the writer: keeps every batch until the test lets it through.
struct gate {
  std::mutex mutex;
  bool open = false;
  uint64_t batches = 0;
  std::vector<caf::typed_response_promise<bool>> held;
};

writer_actor::behavior_type gated_writer(writer_actor::pointer self,
                                         const std::shared_ptr<gate>& door) {
  return {
      [=](store_atom, write_batch_ptr&, durability) -> caf::result<bool> {
        const std::lock_guard guard{door->mutex};
        ++door->batches;
        auto promise = self->make_response_promise<bool>();
        if (door->open)
          promise.deliver(true);
        else
          door->held.push_back(promise);
        return promise;
      },
      [=](run_atom) {
        const std::lock_guard guard{door->mutex};
        door->open = true;
        for (auto& promise : door->held)
          promise.deliver(true);
        door->held.clear();
      },
  };
}

struct pipeline_house {
  house_config config;
  caf::actor_system system{config};
  caf::scoped_actor self{system};
  std::shared_ptr<gate> door = std::make_shared<gate>();
  writer_actor writer = system.spawn(gated_writer, door);
  write_pipeline_actor pipeline =
      spawn_write_pipeline(system, writer, std::make_shared<std::atomic<uint64_t>>(1));
  quota_account_ptr account = std::make_shared<quota_account>(uint64_t{1} << 40);
  std::shared_ptr<producer_record> record = std::make_shared<producer_record>();

  ~pipeline_house() {
    self->send_exit(pipeline, caf::exit_reason::user_shutdown);
    self->send_exit(writer, caf::exit_reason::user_shutdown);
  }

  body produced(uint64_t length, producer_end end = producer_end::complete) {
    return body::of(spawn_producer(system, {length, 1 << 16, end}, record));
  }

  auto start(std::vector<body> bodies) {
    return self->request(pipeline, std::chrono::seconds{20}, store_atom_v,
                         body_intake{std::move(bodies), account});
  }

  /// Waits until producers have given nothing for a while: they wait for credit then.
  uint64_t given_when_quiet() {
    uint64_t before = 1;
    while (before != record->given_bytes) {
      before = record->given_bytes;
      self->receive([](int) {}, caf::after(std::chrono::milliseconds{100}) >> [] {});
    }
    return before;
  }
};

} // namespace

TEST_CASE_FIXTURE(pipeline_house, "a large body is not pulled beyond the window") {
  auto answer = start({produced(uint64_t{64} << 20)});
  const auto given = given_when_quiet();
  CHECK(given > 0);
  CHECK(given <= limits::write_window_bytes);
  self->send(writer, run_atom_v);
  answer.receive(
      [&](const arrived_bodies& arrived) {
        REQUIRE(arrived.bodies.size() == 1);
        CHECK(arrived.bodies[0].length == uint64_t{64} << 20);
        CHECK(arrived.bodies[0].where == stored_body::place::records);
      },
      [](const caf::error& err) { FAIL(describe(err)); });
}

TEST_CASE_FIXTURE(pipeline_house, "many bodies together are not pulled beyond the window") {
  std::vector<body> bodies;
  for (int i = 0; i < 1000; ++i)
    bodies.push_back(produced(64 << 10));
  auto answer = start(std::move(bodies));
  CHECK(given_when_quiet() <= limits::write_window_bytes + 1000 * limits::body_pull_bytes_min);
  self->send(writer, run_atom_v);
  answer.receive(
      [](const arrived_bodies& arrived) {
        for (const auto& content : arrived.bodies)
          CHECK(content.length == 64 << 10);
      },
      [](const caf::error& err) { FAIL(describe(err)); });
}

TEST_CASE_FIXTURE(pipeline_house, "silent producers park nobody else's put") {
  self->send(writer, run_atom_v);
  for (int i = 0; i < 300; ++i)
    caf::anon_send(pipeline, store_atom_v,
                   body_intake{{produced(100'000, producer_end::silence)}, account});
  start({produced(10 << 20)})
      .receive([](const arrived_bodies& arrived) { CHECK(arrived.bodies[0].length == 10 << 20); },
               [](const caf::error& err) { FAIL(describe(err)); });
}

TEST_CASE_FIXTURE(pipeline_house, "bytes that are in memory are cut into records too") {
  self->send(writer, run_atom_v);
  const auto size = 3 * limits::body_record_bytes + 1;
  start({body::of(shared_bytes{pattern(size)}), body::of(shared_bytes{"short"}), body{}})
      .receive(
          [&](const arrived_bodies& arrived) {
            REQUIRE(arrived.bodies.size() == 3);
            CHECK(arrived.bodies[0].record_count == 4);
            CHECK(arrived.bodies[0].length == size);
            CHECK(arrived.bodies[1].where == stored_body::place::beside);
            CHECK(arrived.bodies[1].bytes.view() == "short");
            CHECK(arrived.bodies[2].where == stored_body::place::none);
          },
          [](const caf::error& err) { FAIL(describe(err)); });
}

TEST_CASE_FIXTURE(pipeline_house, "a body that ends otherwise than announced fails its put") {
  self->send(writer, run_atom_v);
  const auto outcome = [&](body content) {
    std::string text = "stored";
    start({std::move(content), produced(1 << 20, producer_end::silence)})
        .receive([](const arrived_bodies&) {},
                 [&](const caf::error& err) { text = describe(err); });
    return text;
  };
  const auto failed = to_string(storage_error::body_failed);
  const auto announced = [&](uint64_t length, int64_t announcement) {
    auto content = produced(length);
    content.length = announcement;
    return content;
  };
  CHECK(outcome(announced(1000, 1001)).starts_with(failed));
  CHECK(outcome(announced(1000, 999)).starts_with(failed));
  CHECK(outcome(announced(1 << 20, (1 << 20) + 1)).starts_with(failed));
  CHECK(outcome(produced(500'000, producer_end::error)).starts_with(failed));
  CHECK(outcome(produced(500'000, producer_end::death)).starts_with(failed));
  CHECK(outcome(produced(0, producer_end::death)).starts_with(failed));
  CHECK(outcome(produced(500'000, producer_end::no_end)).starts_with(failed));
  CHECK(outcome(produced(500'000, producer_end::overdrawn)).starts_with(failed));
  CHECK(outcome(body::of(body_source_actor{})).starts_with(failed));
  CHECK(record->cancelled);
  CHECK(account->fits(account->quota()));
}

TEST_CASE_FIXTURE(pipeline_house, "the quota holds while a body of unknown length arrives") {
  self->send(writer, run_atom_v);
  account = std::make_shared<quota_account>(1 << 20);
  start({produced(uint64_t{1} << 30)})
      .receive([](const arrived_bodies&) { FAIL("stored"); },
               [](const caf::error& err) { CHECK(err == storage_error::quota_exceeded); });
  CHECK(record->given_bytes < (2 << 20));
  auto announced = produced(2 << 20);
  announced.length = 2 << 20;
  const auto before = record->given_bytes.load();
  start({announced})
      .receive([](const arrived_bodies&) { FAIL("stored"); },
               [](const caf::error& err) { CHECK(err == storage_error::quota_exceeded); });
  CHECK(record->given_bytes == before);
}

} // namespace offstage::test

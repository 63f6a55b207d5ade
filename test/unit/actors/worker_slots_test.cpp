// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "actors/worker_slots.hpp"

using namespace offstage;

namespace {

stored_worker worker(uint64_t id) {
  stored_worker result;
  result.descriptor.id = worker_id{id};
  result.event_types = {"fetch"};
  return result;
}

worker_slots with_active(uint64_t id) {
  worker_slots slots{storage_key{"https://a.example"}, "https://a.example/"};
  slots.begin_install(worker(id));
  slots.finish_install({}, {});
  slots.begin_activate();
  slots.finish_activate();
  return slots;
}

} // namespace

TEST_CASE("a worker goes from installing to waiting to active") {
  worker_slots slots{storage_key{"https://a.example"}, "https://a.example/"};
  CHECK(slots.empty());
  slots.begin_install(worker(1));
  CHECK(slots.installing().descriptor.state == worker_state::installing);
  CHECK(slots.may_activate() == worker_slots::activation::impossible);
  CHECK(slots.finish_install({"u", "d"}, {}).empty());
  CHECK(slots.waiting().script.sha256 == "d");
  CHECK(slots.may_activate() == worker_slots::activation::at_once);
  CHECK(slots.begin_activate().empty());
  CHECK(slots.is_activating());
  CHECK(slots.handles_fetch());
  slots.finish_activate();
  CHECK(slots.active().descriptor.state == worker_state::activated);
}

TEST_CASE("a second worker that is installed makes the waiting one redundant") {
  auto slots = with_active(1);
  slots.begin_install(worker(2));
  slots.finish_install({}, {});
  slots.begin_install(worker(3));
  CHECK(slots.finish_install({}, {}) == std::vector{worker_id{2}});
  CHECK(slots.may_activate() == worker_slots::activation::when_idle);
  CHECK(slots.begin_activate() == std::vector{worker_id{1}});
}

TEST_CASE("nothing activates while the active worker is activating") {
  auto slots = with_active(1);
  slots.begin_install(worker(2));
  slots.finish_install({}, {});
  slots.begin_activate();
  slots.begin_install(worker(3));
  slots.finish_install({}, {});
  CHECK(slots.may_activate() == worker_slots::activation::impossible);
}

TEST_CASE("skipWaiting during installation counts for that worker only") {
  auto slots = with_active(1);
  slots.begin_install(worker(2));
  CHECK(slots.set_skip_waiting(worker_id{2}));
  CHECK_FALSE(slots.skips_waiting());
  slots.finish_install({}, {});
  CHECK(slots.skips_waiting());
  slots.begin_install(worker(3));
  slots.finish_install({}, {});
  CHECK_FALSE(slots.skips_waiting());
  CHECK_FALSE(slots.set_skip_waiting(worker_id{9}));
}

TEST_CASE("a failed installation leaves the others as they are") {
  auto slots = with_active(1);
  slots.begin_install(worker(2));
  CHECK(slots.fail_install() == std::vector{worker_id{2}});
  CHECK(slots.newest()->descriptor.id == worker_id{1});
  CHECK(slots.clear() == std::vector{worker_id{1}});
  CHECK(slots.empty());
}

TEST_CASE("a registration is stale after a day, or when the clock went backwards") {
  auto slots = with_active(1);
  slots.set_last_check(1'000);
  CHECK_FALSE(slots.is_stale(1'000 + 86'400'000));
  CHECK(slots.is_stale(1'001 + 86'400'000));
  CHECK(slots.is_stale(999));
}

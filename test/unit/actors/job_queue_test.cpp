// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "actors/job_queue.hpp"

using namespace offstage;

namespace {

job register_job(const std::string& url, int* settled = nullptr) {
  job x;
  x.kind = job_kind::register_worker;
  x.request.script_url = url;
  if (settled != nullptr)
    x.waiters.push_back([=](const job_result&) { ++*settled; });
  return x;
}

} // namespace

TEST_CASE("the first job runs, equivalent ones share its promise, others wait in order") {
  job_queue queue{8};
  int settled = 0;
  CHECK(queue.push(register_job("a", &settled)) == job_queue::pushed::run);
  CHECK(queue.push(register_job("a", &settled)) == job_queue::pushed::coalesced);
  CHECK(queue.push(register_job("b", &settled)) == job_queue::pushed::queued);
  CHECK(queue.push(register_job("a", &settled)) == job_queue::pushed::queued);
  queue.settle({});
  CHECK(settled == 2);
  CHECK(queue.finish());
  CHECK(queue.front().request.script_url == "b");
}

TEST_CASE("a settled job takes no more waiters") {
  job_queue queue{8};
  int settled = 0;
  queue.push(register_job("a", &settled));
  queue.settle({});
  CHECK(queue.push(register_job("a", &settled)) == job_queue::pushed::queued);
  queue.settle({});
  CHECK(settled == 1);
  CHECK(queue.finish());
  queue.settle({});
  CHECK(settled == 2);
  CHECK_FALSE(queue.finish());
}

TEST_CASE("jobs of different kinds are never equivalent") {
  job update;
  update.kind = job_kind::update;
  job unregister;
  unregister.kind = job_kind::unregister;
  CHECK(are_equivalent(update, update));
  CHECK_FALSE(are_equivalent(update, unregister));
  CHECK_FALSE(are_equivalent(update, register_job("a")));
}

TEST_CASE("a full queue refuses") {
  job_queue queue{1};
  queue.push(register_job("a"));
  CHECK(queue.push(register_job("b")) == job_queue::pushed::full);
}

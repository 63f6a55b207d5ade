// SPDX-License-Identifier: MIT
#include <doctest/doctest.h>

#include "actors/keep_alive.hpp"

using namespace offstage;
using namespace std::chrono_literals;

namespace {

constexpr keep_alive::time_point zero{};

} // namespace

TEST_CASE("a worker is looked at 30 s after its last token came back") {
  keep_alive tokens{30s, 30s};
  tokens.started(zero);
  tokens.take();
  CHECK_FALSE(tokens.due());
  CHECK(tokens.judge(zero + 1h) == keep_alive::verdict::wait);
  tokens.give_back(zero + 10s);
  CHECK(tokens.due() == zero + 40s);
  CHECK(tokens.judge(zero + 39s) == keep_alive::verdict::wait);
  CHECK(tokens.judge(zero + 40s) == keep_alive::verdict::ask);
}

TEST_CASE("unfinished work gets grace once, an open body as long as it is read") {
  keep_alive tokens{30s, 20s};
  tokens.started(zero);
  tokens.extend(zero + 30s, keep_alive::busy_with::bodies);
  CHECK(tokens.judge(zero + 60s) == keep_alive::verdict::ask);
  tokens.extend(zero + 60s, keep_alive::busy_with::events_or_calls);
  CHECK(tokens.judge(zero + 79s) == keep_alive::verdict::wait);
  CHECK(tokens.judge(zero + 80s) == keep_alive::verdict::stop);
}

TEST_CASE("the breaker opens after the last failure and lets one attempt through after its pause") {
  start_breaker breaker{2, 5s};
  CHECK(breaker.failed(zero));
  CHECK_FALSE(breaker.is_open(zero));
  CHECK_FALSE(breaker.failed(zero));
  CHECK(breaker.is_open(zero + 4s));
  CHECK_FALSE(breaker.is_open(zero + 5s));
  breaker.attempt(zero + 5s);
  CHECK_FALSE(breaker.failed(zero + 5s));
  breaker.succeeded();
  CHECK(breaker.failed(zero + 6s));
}

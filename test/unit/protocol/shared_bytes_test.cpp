// SPDX-License-Identifier: MIT
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <doctest/doctest.h>

#include "protocol/shared_bytes.hpp"

using namespace offstage;

namespace {

struct wire_fixture {
  caf::actor_system_config config;
  caf::actor_system sys{config};
  std::vector<char> buffer;

  caf::error write(shared_bytes x) {
    buffer.clear();
    caf::binary_serializer sink{sys, buffer};
    return sink(x);
  }

  caf::error read(shared_bytes& x) {
    caf::binary_deserializer source{sys, buffer};
    return source(x);
  }
};

} // namespace

TEST_CASE_FIXTURE(wire_fixture, "short bytes travel inside the message") {
  for (size_t size : {size_t{0}, size_t{1}, wire::inline_bytes_max}) {
    REQUIRE_FALSE(write(shared_bytes{std::string(size, 'x')}));
    shared_bytes out;
    REQUIRE_FALSE(read(out));
    CHECK(out.view() == std::string(size, 'x'));
  }
}

TEST_CASE_FIXTURE(wire_fixture, "long bytes are refused unless they are detached") {
  CHECK(write(shared_bytes{std::string(wire::inline_bytes_max + 1, 'x')}));
  REQUIRE_FALSE(write(shared_bytes::detached(7, 1 << 20)));
  shared_bytes out;
  REQUIRE_FALSE(read(out));
  CHECK(out.is_detached());
  CHECK(out.sequence() == 7);
  CHECK(out.size() == 1 << 20);
  CHECK(out.data() == nullptr);
}

TEST_CASE_FIXTURE(wire_fixture,
                  "a length beyond the limit or the message is an error, not an allocation") {
  for (uint64_t size : {uint64_t{wire::inline_bytes_max} + 1, uint64_t{1} << 62, uint64_t{100}}) {
    buffer.clear();
    caf::binary_serializer sink{sys, buffer};
    uint64_t sequence = 0;
    REQUIRE_FALSE(sink(sequence, size));
    shared_bytes out;
    CHECK(read(out));
    CHECK(out.empty());
  }
}

TEST_CASE("slices share memory and are clamped") {
  const shared_bytes all{std::string{"0123456789"}};
  const auto part = all.slice(2, 3);
  CHECK(part.view() == "234");
  CHECK(part.data() == all.data() + 2);
  CHECK(all.slice(8, 100).view() == "89");
  CHECK(all.slice(100, 1).empty());
}

// SPDX-License-Identifier: MIT
#include <vector>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <doctest/doctest.h>

#include "protocol/cache.hpp"
#include "protocol/errors.hpp"
#include "protocol/events.hpp"
#include "protocol/headers.hpp"
#include "protocol/message_types.hpp"

using namespace offstage;

TEST_CASE("header names compare without case and values join in order") {
  header_list list;
  list.append("Accept", "a");
  list.append("X", "1");
  list.append("accept", "b");
  CHECK(list.get("ACCEPT") == "a, b");
  list.set("aCCept", "c");
  CHECK(list.get("accept") == "c");
  CHECK(list.size() == 2);
  list.remove("x");
  CHECK_FALSE(list.has("X"));
}

TEST_CASE("header names are tokens and header values are single lines") {
  CHECK(is_header_name("content-type"));
  CHECK_FALSE(is_header_name(""));
  CHECK_FALSE(is_header_name("a b"));
  CHECK_FALSE(is_header_name(std::string_view{"a\0b", 3}));
  CHECK(is_header_value(""));
  CHECK(is_header_value("a b"));
  CHECK_FALSE(is_header_value(" a"));
  CHECK_FALSE(is_header_value("a\r\nb"));
}

TEST_CASE("errors render with their context") {
  caf::actor_system_config config;
  register_protocol(config);
  caf::actor_system sys{config};
  const auto error = fail(storage_error::corrupted, "record 7");
  CHECK(error == storage_error::corrupted);
  CHECK(context_of(error) == "record 7");
  CHECK(describe(error) == "stored bytes failed their check: record 7");
  CHECK(sys.render(error) == describe(error));
}

TEST_CASE("a worker event survives CAF's wire format") {
  caf::actor_system_config config;
  register_protocol(config);
  caf::actor_system sys{config};
  fetch_event event;
  event.request.url = "https://a.example/";
  event.request.headers.append("accept", "*/*");
  event.request.content = body::of(shared_bytes{std::string{"hi"}});
  worker_event in{event};
  std::vector<char> buffer;
  caf::binary_serializer sink{sys, buffer};
  REQUIRE_FALSE(sink(in));
  worker_event out;
  caf::binary_deserializer source{sys, buffer};
  REQUIRE_FALSE(source(out));
  const auto& copy = caf::get<fetch_event>(out).request;
  CHECK(copy.url == "https://a.example/");
  CHECK(copy.headers.get("Accept") == "*/*");
  CHECK(copy.content.bytes.view() == "hi");
  CHECK(policy_of(out).functional);
}

TEST_CASE("a message with more headers than a request may have is not read") {
  caf::actor_system_config config;
  register_protocol(config);
  caf::actor_system sys{config};
  const auto read = [&](size_t count) {
    std::vector<header> sent(count);
    std::vector<char> buffer;
    caf::binary_serializer sink{sys, buffer};
    REQUIRE_FALSE(sink(sent));
    header_list received;
    caf::binary_deserializer source{sys, buffer};
    return !source(received) && received.size() == count;
  };
  CHECK(read(wire::header_count_max));
  CHECK_FALSE(read(wire::header_count_max + 1));
  CHECK_FALSE(read(size_t{1} << 20));
}

TEST_CASE("a message with more entries than a put may have is not read") {
  caf::actor_system_config config;
  register_protocol(config);
  caf::actor_system sys{config};
  const auto read = [&](size_t count) {
    cache_put sent;
    std::vector<cache_entry> entries(count);
    std::vector<char> buffer;
    caf::binary_serializer sink{sys, buffer};
    REQUIRE_FALSE(sink(sent.cache, entries));
    cache_put received;
    caf::binary_deserializer source{sys, buffer};
    return !source(received) && received.entries.size() == count;
  };
  CHECK(read(3));
  CHECK_FALSE(read(wire::cache_entries_max + 1));
}

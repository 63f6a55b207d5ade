// SPDX-License-Identifier: MIT
#include <vector>

#include <caf/binary_deserializer.hpp>
#include <caf/binary_serializer.hpp>
#include <doctest/doctest.h>

#include "protocol/bounded.hpp"
#include "protocol/indexed_db.hpp"

namespace offstage::test {

namespace {

using buffer = std::vector<char>;

template <class T>
caf::error write(buffer& out, T x) {
  caf::binary_serializer sink{nullptr, out};
  return sink(x);
}

template <class T>
caf::error read(const buffer& in, T& x) {
  caf::binary_deserializer source{nullptr, in};
  return source(x);
}

/// What a hostile sender writes: a count without so many elements.
buffer count_only(size_t count) {
  buffer out;
  caf::binary_serializer sink{nullptr, out};
  REQUIRE_FALSE(sink.begin_sequence(count));
  return out;
}

} // namespace

TEST_CASE("sequences within their bounds arrive as they were sent") {
  idb_index_keys sent{7, true, {"a", "", std::string(1'000, 'x')}};
  buffer bytes;
  REQUIRE_FALSE(write(bytes, sent));
  idb_index_keys received;
  REQUIRE_FALSE(read(bytes, received));
  CHECK(received.index == 7);
  CHECK(received.is_primary);
  CHECK(received.keys == sent.keys);
}

TEST_CASE("a sequence beyond its bounds is refused by its sender") {
  buffer bytes;
  CHECK(write(bytes, idb_key{std::string(wire::idb_key_bytes_max + 1, 'x')}));
  CHECK(write(bytes, idb_index_keys{1, false, {std::string(wire::idb_key_bytes_max + 1, 'x')}}));
  idb_submit many;
  many.operations.resize(wire::idb_operations_max + 1);
  CHECK(write(bytes, std::move(many)));
}

TEST_CASE("a count that is too large or not there is refused before anything is allocated") {
  std::string text;
  std::vector<uint64_t> numbers;
  std::vector<std::string> strings;
  for (const size_t count : {size_t{11}, size_t{1} << 31}) {
    const auto bytes = count_only(count);
    auto short_text = at_most(10, text);
    auto few_numbers = at_most(10, numbers);
    auto few_strings = at_most(10, 10, strings);
    CHECK(read(bytes, short_text));
    CHECK(read(bytes, few_numbers));
    CHECK(read(bytes, few_strings));
  }
  const auto bytes = count_only(1'000);
  auto long_text = at_most(1'000'000, text);
  CHECK(read(bytes, long_text));
  CHECK(text.capacity() < 1'000);
  CHECK(numbers.capacity() == 0);
  CHECK(strings.capacity() == 0);
}

} // namespace offstage::test

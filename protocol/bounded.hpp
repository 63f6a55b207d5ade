// SPDX-License-Identifier: MIT
#pragma once

// Sequences whose length is part of the wire format: `f(..., at_most(limit, x.names))` in an
// inspect function. A longer one is an error at the sender, and at the receiver before anything is
// allocated for its elements: the length in a message is whatever its sender wrote there. Passive;
// used by both ends of a link.

#include <cstddef>
#include <string>
#include <vector>

#include <caf/binary_deserializer.hpp>
#include <caf/deserializer.hpp>
#include <caf/error.hpp>
#include <caf/sec.hpp>
#include <caf/serializer.hpp>

#include "protocol/shared_bytes.hpp"

namespace offstage {

template <class T>
struct bounded_sequence {
  T& elements;
  size_t count_max;
};

/// A string or a vector of at most so many elements.
template <class T>
bounded_sequence<T> at_most(size_t count_max, T& elements) {
  return {elements, count_max};
}

inline caf::error read_elements(caf::deserializer& source, std::string& x, size_t count) {
  const auto* binary = dynamic_cast<caf::binary_deserializer*>(&source);
  if (binary != nullptr && count > binary->remaining())
    return caf::sec::end_of_stream;
  x.resize(count);
  return count > 0 ? source.apply_raw(count, x.data()) : caf::error{};
}

/// Every element takes a byte at least, so the rest of the message bounds the loop, too.
template <class T>
caf::error read_elements(caf::deserializer& source, std::vector<T>& xs, size_t count) {
  xs.clear();
  for (size_t i = 0; i < count; ++i)
    if (auto err = source(xs.emplace_back()))
      return err;
  return caf::none;
}

template <class T>
caf::error inspect(caf::serializer& sink, bounded_sequence<T>& x) {
  if (x.elements.size() > x.count_max)
    return caf::sec::invalid_argument;
  return sink(x.elements);
}

template <class T>
caf::error inspect(caf::deserializer& source, bounded_sequence<T>& x) {
  size_t count = 0;
  if (auto err = source.begin_sequence(count))
    return err;
  if (count > x.count_max)
    return caf::sec::invalid_argument;
  if (auto err = read_elements(source, x.elements, count))
    return err;
  return source.end_sequence();
}

template <observing_inspector Inspector, class T>
auto inspect(Inspector& f, bounded_sequence<T>& x) {
  return f(x.elements);
}

/// Strings in a list have a limit of their own, so the list reads them one by one.
struct bounded_strings {
  std::vector<std::string>& strings;
  size_t count_max;
  size_t bytes_max; ///< Of each.
};

inline bounded_strings at_most(size_t count_max, size_t bytes_max,
                               std::vector<std::string>& strings) {
  return {strings, count_max, bytes_max};
}

caf::error inspect(caf::serializer& sink, bounded_strings& x);
caf::error inspect(caf::deserializer& source, bounded_strings& x);

template <observing_inspector Inspector>
auto inspect(Inspector& f, bounded_strings& x) {
  return f(x.strings);
}

} // namespace offstage

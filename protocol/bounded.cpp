// SPDX-License-Identifier: MIT
#include "protocol/bounded.hpp"

namespace offstage {

caf::error inspect(caf::serializer& sink, bounded_strings& x) {
  auto count = x.strings.size();
  if (count > x.count_max)
    return caf::sec::invalid_argument;
  if (auto err = sink.begin_sequence(count))
    return err;
  for (auto& string : x.strings)
    if (auto err = sink(at_most(x.bytes_max, string)))
      return err;
  return sink.end_sequence();
}

caf::error inspect(caf::deserializer& source, bounded_strings& x) {
  size_t count = 0;
  if (auto err = source.begin_sequence(count))
    return err;
  if (count > x.count_max)
    return caf::sec::invalid_argument;
  x.strings.clear();
  for (size_t i = 0; i < count; ++i)
    if (auto err = source(at_most(x.bytes_max, x.strings.emplace_back())))
      return err;
  return source.end_sequence();
}

} // namespace offstage

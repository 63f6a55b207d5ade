// SPDX-License-Identifier: MIT
#include "storage/body_transfer.hpp"

#include <algorithm>
#include <string>

namespace offstage {

void body_transfer::add(shared_bytes bytes) {
  part_bytes += bytes.size();
  parts.push_back(std::move(bytes));
}

shared_bytes body_transfer::take(size_t count) {
  count = std::min(count, part_bytes);
  part_bytes -= count;
  if (!parts.empty() && parts.front().size() >= count) {
    auto piece = parts.front().slice(0, count);
    parts.front() = parts.front().slice(count, parts.front().size());
    if (parts.front().empty())
      parts.erase(parts.begin());
    return piece;
  }
  std::string joined;
  joined.reserve(count);
  size_t used = 0;
  while (joined.size() < count) {
    auto& part = parts[used];
    const auto some = std::min(part.size(), count - joined.size());
    joined += part.view().substr(0, some);
    part = part.slice(some, part.size());
    used += part.empty() ? 1 : 0;
  }
  parts.erase(parts.begin(), parts.begin() + static_cast<std::ptrdiff_t>(used));
  return shared_bytes{std::move(joined)};
}

stored_body body_transfer::result() const {
  stored_body content;
  content.length = received;
  if (records > 0) {
    content.where = stored_body::place::records;
    content.id = id;
    content.record_count = records;
  }
  return content;
}

} // namespace offstage

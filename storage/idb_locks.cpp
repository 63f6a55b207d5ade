// SPDX-License-Identifier: MIT
#include "storage/idb_locks.hpp"

#include <iterator>

namespace offstage {

bool idb_locks::add(place& who) {
  const auto writes = who.how_ == place::access::write;
  who.missing_ = 0;
  for (const auto store : who.stores_) {
    auto& line = queues_[store];
    const auto granted = writes ? line.entries.empty() : line.writers == 0;
    line.entries.push_back({&who, granted});
    line.writers += writes ? 1 : 0;
    who.missing_ += granted ? 0 : 1;
    who.entries_.push_back(std::prev(line.entries.end()));
  }
  return who.missing_ == 0;
}

bool idb_locks::is_written(uint64_t store) const {
  const auto line = queues_.find(store);
  if (line == queues_.end())
    return false;
  const auto& first = line->second.entries.front();
  return first.granted && first.who->how_ == place::access::write;
}

std::vector<idb_locks::place*> idb_locks::remove(place& who) {
  std::vector<place*> complete;
  auto at = who.entries_.begin();
  for (const auto store : who.stores_) {
    const auto found = queues_.find(store);
    auto& line = found->second;
    line.writers -= who.how_ == place::access::write ? 1 : 0;
    line.entries.erase(*at++);
    grant(line, who.how_ == place::access::write ? reach::all : reach::front, complete);
    if (line.entries.empty())
      queues_.erase(found);
  }
  who.entries_.clear();
  return complete;
}

// Invariant: what is granted is the first writer, or all readers in front of it. So if a reader
// goes and the first one is granted, nobody else can be. Test: "readers in front of a writer run
// together".
void idb_locks::grant(queue& from, reach how_far, std::vector<place*>& complete) {
  const auto is_writer = [](const entry& x) { return x.who->how_ == place::access::write; };
  for (auto at = from.entries.begin(); at != from.entries.end(); ++at) {
    if (at->granted && how_far == reach::all && !is_writer(*at))
      continue;
    if (at->granted || (is_writer(*at) && at != from.entries.begin()))
      return;
    at->granted = true;
    if (--at->who->missing_ == 0)
      complete.push_back(at->who);
    if (is_writer(*at))
      return;
  }
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Where recent intercepts went, so that their aborts can follow. Bounded: the oldest are forgotten.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <unordered_map>
#include <utility>

#include "protocol/ids.hpp"

namespace offstage {

template <class Target>
class recent_intercepts {
public:
  explicit recent_intercepts(size_t count_max) : count_max_(count_max) {}

  void add(const void* asker, call_id call, const Target& target) {
    if (order_.size() >= count_max_) {
      targets_.erase(order_.front());
      order_.pop_front();
    }
    const key where{asker, call};
    if (targets_.insert_or_assign(where, target).second)
      order_.push_back(where);
  }

  const Target* find(const void* asker, call_id call) const {
    const auto found = targets_.find({asker, call});
    return found == targets_.end() ? nullptr : &found->second;
  }

  size_t size() const { return targets_.size(); }

private:
  using key = std::pair<const void*, call_id>;

  struct hash {
    size_t operator()(const key& x) const {
      const auto asker = reinterpret_cast<uintptr_t>(x.first);
      return (asker >> 4) * 0x9e3779b97f4a7c15ULL + static_cast<uint64_t>(x.second);
    }
  };

  size_t count_max_;
  std::deque<key> order_;
  std::unordered_map<key, Target, hash> targets_;
};

} // namespace offstage

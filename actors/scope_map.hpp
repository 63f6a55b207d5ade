// SPDX-License-Identifier: MIT
#pragma once

// The scope to registration map: per storage key, by serialised scope.
// Spec: ServiceWorker#dfn-scope-to-registration-map

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "actors/scope.hpp"
#include "protocol/storage_key.hpp"

namespace offstage {

template <class T>
class scope_map {
public:
  T* find(const storage_key& key, std::string_view scope) {
    const auto origin = origins_.find(key.origin);
    if (origin == origins_.end())
      return nullptr;
    const auto found = origin->second.find(scope);
    return found == origin->second.end() ? nullptr : &found->second;
  }

  T& insert(const storage_key& key, const std::string& scope, T value) {
    return origins_[key.origin].insert_or_assign(scope, std::move(value)).first->second;
  }

  void erase(const storage_key& key, std::string_view scope) {
    const auto origin = origins_.find(key.origin);
    if (origin == origins_.end())
      return;
    const auto found = origin->second.find(scope);
    if (found != origin->second.end())
      origin->second.erase(found);
    if (origin->second.empty())
      origins_.erase(origin);
  }

  /// The entry whose scope is the longest prefix of this URL.
  /// Spec: ServiceWorker#scope-match-algorithm
  T* match(std::string_view url) {
    const auto origin = origins_.find(origin_of(url));
    if (origin == origins_.end())
      return nullptr;
    std::pair<size_t, T*> best{0, nullptr};
    for (auto& [scope, value] : origin->second)
      if (scope.size() >= best.first && scope_matches(scope, url))
        best = {scope.size(), &value};
    return best.second;
  }

  template <class F>
  void for_each(F visit_one) {
    for (auto& [origin, scopes] : origins_)
      for (auto& [scope, value] : scopes)
        visit_one(value);
  }

private:
  std::map<std::string, std::map<std::string, T, std::less<>>, std::less<>> origins_;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "actors/client_table.hpp"

#include <algorithm>
#include <tuple>

#include "actors/scope.hpp"

namespace offstage {

client_table::changes client_table::put(client_descriptor client, time_point now) {
  changes result;
  const auto known = clients_.find(client.id);
  if (known != clients_.end()) {
    auto& x = known->second;
    if (x.client.controller_scope != client.controller_scope)
      result.push_back({client.id, client.key, x.client.controller_scope, client.controller_scope});
    x.focused = client.focused ? next_++ : x.focused;
    x.used = now;
    x.client = std::move(client);
    return result;
  }
  if (clients_.size() >= clients_max_)
    result = remove(std::string{by_age_.begin()->second});
  entry x;
  x.created = next_++;
  x.focused = client.focused ? x.created : 0;
  x.used = now;
  result.push_back({client.id, client.key, {}, client.controller_scope});
  by_age_.emplace(x.created, client.id);
  x.client = std::move(client);
  clients_.emplace(x.client.id, std::move(x));
  return result;
}

client_table::changes client_table::remove(const std::string& id) {
  const auto found = clients_.find(id);
  if (found == clients_.end())
    return {};
  auto& x = found->second;
  changes result{{x.client.id, x.client.key, x.client.controller_scope, {}, true}};
  by_age_.erase(x.created);
  clients_.erase(found);
  return result;
}

client_table::changes client_table::forget_unused_since(time_point then) {
  std::vector<std::string> unused;
  for (const auto& [id, x] : clients_)
    if (x.used < then)
      unused.push_back(id);
  changes result;
  for (const auto& id : unused)
    std::ranges::move(remove(id), std::back_inserter(result));
  return result;
}

const client_descriptor* client_table::find(const std::string& id, time_point now) {
  const auto found = clients_.find(id);
  if (found == clients_.end())
    return nullptr;
  found->second.used = now;
  return &found->second.client;
}

// The tag is the beginning of the id: whoever makes clients puts the fingerprint of the peer there.
const client_descriptor* client_table::find_page(const storage_key& key, const std::string& url,
                                                 const std::string& tag, time_point now) {
  for (auto age = by_age_.rbegin(); age != by_age_.rend(); ++age) {
    auto& x = clients_.at(age->second);
    if (x.client.key != key || x.client.url != url || !x.client.id.starts_with(tag))
      continue;
    x.used = now;
    return &x.client;
  }
  return nullptr;
}

// The most recently focused windows come first, then windows by creation, then the others.
std::vector<client_descriptor> client_table::list(const storage_key& key, const std::string& scope,
                                                  const client_query& query) const {
  std::vector<const entry*> found;
  for (const auto& [age, id] : by_age_) {
    const auto& x = clients_.at(id);
    const auto wanted = query.type == client_type::all || query.type == x.client.type;
    const auto controlled = query.include_uncontrolled || x.client.controller_scope == scope;
    if (x.client.key == key && wanted && controlled)
      found.push_back(&x);
  }
  const auto rank = [](const entry* x) {
    const auto is_window = x->client.type == client_type::window;
    return std::tuple{!is_window, is_window && x->focused == 0, ~x->focused};
  };
  std::ranges::stable_sort(found, {}, rank);
  std::vector<client_descriptor> result;
  for (const auto* x : found)
    result.push_back(x->client);
  return result;
}

std::optional<client_table::change> client_table::set_controller(entry& x,
                                                                 const std::string& scope) {
  if (x.client.controller_scope == scope)
    return std::nullopt;
  return change{x.client.id, x.client.key, std::exchange(x.client.controller_scope, scope), scope};
}

// A client whose controller has a longer scope is not this registration's to claim.
bool client_table::claims(const entry& x, const storage_key& key, const std::string& scope) {
  return x.client.key == key && x.client.ready && scope_matches(scope, x.client.url)
         && x.client.controller_scope.size() <= scope.size();
}

client_table::changes client_table::control(const storage_key& key, const std::string& scope,
                                            const std::string& id) {
  changes result;
  const auto take = [&](entry& x) {
    if (auto changed = set_controller(x, scope))
      result.push_back(std::move(*changed));
  };
  if (!id.empty()) {
    const auto found = clients_.find(id);
    if (found != clients_.end() && found->second.client.key == key)
      take(found->second);
    return result;
  }
  for (const auto& [age, known] : by_age_)
    if (auto& x = clients_.at(known); claims(x, key, scope))
      take(x);
  return result;
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "actors/clients.hpp"

#include <vector>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/client_table.hpp"
#include "config/limits.hpp"

namespace offstage {

namespace {

class clients final : public clients_actor::base {
public:
  explicit clients(caf::actor_config& config)
      : clients_actor::base(config), table_(limits::clients_max) {}

  const char* name() const override { return "clients"; }

  clients_actor::behavior_type make_behavior() override;

  void on_exit() override { watchers_.clear(); }

private:
  auto now() const { return clock().now(); }

  client_descriptor put(client_descriptor client) {
    auto result = client;
    tell(table_.forget_unused_since(now() - limits::client_idle_max));
    tell(table_.put(std::move(client), now()));
    return result;
  }

  client_list get(const storage_key& key, const std::string& id) {
    const auto* found = table_.find(id, now());
    return found != nullptr && found->key == key ? client_list{{*found}} : client_list{};
  }

  client_list match(const storage_key& key, const std::string& url, const std::string& tag) {
    const auto* found = table_.find_page(key, url, tag, now());
    return found != nullptr ? client_list{{*found}} : client_list{};
  }

  client_list control(const storage_key& key, const std::string& scope, const std::string& id) {
    const auto changes = table_.control(key, scope, id);
    tell(changes);
    client_list result;
    for (const auto& change : changes)
      if (const auto* found = table_.find(change.id, now()))
        result.clients.push_back(*found);
    return result;
  }

  bool post(const storage_key& key, const std::string& id, const structured_clone& message) {
    const auto* found = table_.find(id, now());
    if (found == nullptr || found->key != key || !found->port)
      return false;
    send(found->port, message_atom_v, message);
    return true;
  }

  void tell(const client_table::changes& changes) {
    for (const auto& change : changes)
      for (const auto& watcher : watchers_) {
        send(watcher, control_atom_v, change.id, change.gone ? storage_key{} : change.key,
             change.after);
        if (!change.before.empty())
          send(watcher, idle_atom_v, change.key, change.before);
      }
  }

  client_table table_;
  std::vector<client_watcher_actor> watchers_;
};

clients_actor::behavior_type clients::make_behavior() {
  set_down_handler([this](caf::down_msg& down) {
    std::erase_if(watchers_, [&](const auto& x) { return x.address() == down.source; });
  });
  return {
      [this](put_atom, client_descriptor& client) { return put(std::move(client)); },
      [this](get_atom, const storage_key& key, const std::string& id) { return get(key, id); },
      [this](match_atom, const storage_key& key, const std::string& url, const std::string& tag) {
        return match(key, url, tag);
      },
      [this](list_atom, const storage_key& key, const std::string& scope,
             const client_query& query) { return client_list{table_.list(key, scope, query)}; },
      [this](control_atom, const storage_key& key, const std::string& scope,
             const std::string& id) { return control(key, scope, id); },
      [this](message_atom, const storage_key& key, const std::string& id,
             const structured_clone& message) { return post(key, id, message); },
      [this](remove_atom, const std::string& id) { tell(table_.remove(id)); },
      [this](subscribe_atom, const client_watcher_actor& watcher) {
        monitor(watcher);
        watchers_.push_back(watcher);
      },
  };
}

} // namespace

clients_actor spawn_clients(caf::actor_system& system) {
  return system.spawn<clients>();
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The clients of the node as a bounded table, without actors: who there is, in which order, and who
// controls whom. The oldest client is forgotten for a new one.

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "protocol/client.hpp"

namespace offstage {

class client_table {
public:
  using time_point = std::chrono::steady_clock::time_point;

  explicit client_table(size_t clients_max) : clients_max_(clients_max) {}

  /// A client that left a controller: removed, forgotten, or controlled by another one.
  struct change {
    std::string id;
    storage_key key;
    std::string before; ///< Scope; empty: uncontrolled.
    std::string after;
    bool gone = false;
  };
  using changes = std::vector<change>;

  /// Adds or replaces.
  changes put(client_descriptor client, time_point now);
  changes remove(const std::string& id);
  /// Forgets clients that nobody used since then.
  changes forget_unused_since(time_point then);

  const client_descriptor* find(const std::string& id, time_point now);
  const client_descriptor* find_page(const storage_key& key, const std::string& url,
                                     const std::string& tag, time_point now);

  /// Spec: ServiceWorker#clients-matchall
  std::vector<client_descriptor> list(const storage_key& key, const std::string& scope,
                                      const client_query& query) const;

  /// One client, or all execution-ready ones of the scope. Spec: ServiceWorker#clients-claim
  changes control(const storage_key& key, const std::string& scope, const std::string& id);

  size_t size() const { return clients_.size(); }

private:
  struct entry {
    client_descriptor client;
    uint64_t created = 0;
    uint64_t focused = 0; ///< When it was last seen focused; 0: never.
    time_point used;
  };

  static std::optional<change> set_controller(entry& x, const std::string& scope);
  static bool claims(const entry& x, const storage_key& key, const std::string& scope);

  size_t clients_max_;
  uint64_t next_ = 1;
  std::unordered_map<std::string, entry> clients_;
  std::map<uint64_t, std::string> by_age_;
};

} // namespace offstage

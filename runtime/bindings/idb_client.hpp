// SPDX-License-Identifier: MIT
#pragma once

// What the IndexedDB objects of one global scope ask of storage. Operations of a transaction are
// collected while script runs and leave when control returns to the host, all transactions in the
// order of their making. Owned by a realm, on the script thread; dies with it, and what it asked is
// then answered to nobody.

#include <cstdint>
#include <functional>
#include <memory>
#include <deque>
#include <map>
#include <set>
#include <unordered_map>
#include <vector>

#include <duktape.h>

#include "protocol/service.hpp"
#include "runtime/bindings/idb_keys.hpp"

namespace offstage {

class realm;

/// What putting a record needs to know of a store.
struct idb_index_shape {
  uint64_t id = 0;
  parsed_path path;
  bool multi_entry = false;
  bool dropped = false; ///< Deleted, but operations from before may still need it.
};

struct idb_store_shape {
  uint64_t id = 0;
  parsed_path path;
  bool auto_increment = false;
  std::vector<idb_index_shape> indexes;
};

class idb_client {
public:
  explicit idb_client(realm& owner) : owner_(owner) {}

  /// A read that may have to go on keeps others waiting: later writes, or all that comes later.
  enum class barrier : uint8_t { none, weak, strong };

  struct step {
    idb_operation operation;
    uint32_t number = 0; ///< By which script knows it; zero if nobody waits for its answer.
    barrier kind = barrier::none;
    bool goes_on = false; ///< Continues one that others wait for.
  };

  /// Gives the transaction's number. Zero stands for none.
  uint32_t begin(idb_submit head);
  /// False if the transaction has ended.
  bool add(uint32_t transaction, step next);
  void release(uint32_t transaction);
  void finish(uint32_t transaction, idb_finish how);
  /// Sends what was collected.
  void flush();

  /// Asks, behind everything that was collected. Script gets the answer by `number`; zero: nobody.
  void ask(idb_request request, uint32_t number);
  void notified(idb_notice notice);

  void post_delivery();
  /// After a microtask checkpoint.
  void cleanup();

  std::vector<idb_store_shape>& stores(idb_connection_id connection) { return shapes_[connection]; }
  idb_store_shape* store(idb_connection_id connection, uint64_t id);

private:
  struct transaction {
    idb_submit next;
    std::vector<uint32_t> numbers;
    size_t bytes = 0;
    bool dirty = false;
    std::deque<step> held;
    uint32_t barriers = 0;
    bool strong = false;
  };

  void append(transaction& to, step next);
  void send(uint32_t number, transaction& from);
  void call(idb_request request, std::function<void(idb_result)> receiver);
  void sent_is_answered();
  void answered(uint32_t transaction, const std::vector<uint32_t>& numbers, idb_finish finish,
                idb_result result);
  void replied(uint32_t number, idb_connection_id connection, const idb_result& result);
  void learn(idb_connection_id connection, const idb_database& database);
  void deliver();
  void forget_if_closed(idb_connection_id connection);

  realm& owner_;
  std::map<uint32_t, transaction> transactions_;
  uint32_t last_ = 0;
  bool has_dirty_ = false;
  std::map<idb_connection_id, std::vector<idb_store_shape>> shapes_;
  std::set<idb_connection_id> closing_;
  size_t open_calls_ = 0;
  std::deque<std::pair<idb_request, std::function<void(idb_result)>>> backlog_;
};

/// Shapes of stores from the protocol's descriptions.
idb_store_shape shape_of(const idb_store& store);
idb_index_shape shape_of(const idb_index& index);

/// Pushes the object by which script holds the answer to a submit.
void push_idb_answer(duk_context* ctx, std::unique_ptr<idb_results>& results);
/// Null if it is none.
const idb_results* idb_answer_at(duk_context* ctx, duk_idx_t index);

/// Pushes the description of a database.
void push_idb_database(duk_context* ctx, const idb_database& database);

} // namespace offstage

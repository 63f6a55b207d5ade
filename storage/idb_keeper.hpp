// SPDX-License-Identifier: MIT
#pragma once

// The state of an indexed_db actor: the databases of one storage key, their connections and what
// waits for them. A part of that actor, which lives in the node's process and is owned by the
// storage actor; when it ends, everything open is answered as failed, and what is on disk is what
// was committed.
//
// Requests to open or delete a database stand in its connection queue, and the first one goes on as
// connections say that they have heard of it, or close. Transactions stand in the queues of their
// stores. Both are driven by messages only; nothing waits.

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "protocol/actors.hpp"
#include "storage/cache_storage.hpp"
#include "storage/idb_locks.hpp"
#include "storage/idb_transaction.hpp"

namespace offstage {

class idb_keeper {
public:
  indexed_db_actor::behavior_type start(indexed_db_actor::pointer self, const storage_parts& parts,
                                        const storage_key& key, quota_account_ptr quota);

private:
  using answer = caf::typed_response_promise<idb_answer>;
  struct database;
  struct connection;
  struct transaction;
  struct opening;
  struct client;
  using connection_ptr = std::shared_ptr<connection>;
  using transaction_ptr = std::shared_ptr<transaction>;

  struct submit {
    idb_submit what;
    answer promise;
  };

  // The databases.
  caf::error load();
  caf::error load_database(const parsed_database_key& where, const shared_bytes& row);
  caf::expected<std::map<uint64_t, idb_store_state>> load_states(const idb_contents& contents);
  caf::expected<idb_store_state> count_state(const idb_contents& contents, const idb_store& store);
  database& database_of(const std::string& name);
  void forget_if_unused(database& db);

  // Requests.
  answer receive(const notice_sink_actor& from, idb_request request);
  void run(client& from, idb_submit& x, answer promise);
  void run(client& from, idb_open& x, answer promise);
  void run(client& from, idb_delete_database& x, answer promise);
  void run(client& from, idb_list_databases& x, answer promise);
  void run(client& from, idb_close& x, answer promise);
  void run(client& from, idb_acknowledge& x, answer promise);
  static void reply(answer& promise, idb_result result);
  static void refuse(answer& promise, const char* name, std::string message);

  // Connections.
  client& client_of(const notice_sink_actor& sink);
  void client_down(const caf::actor_addr& sink);
  void leave(database& db, const caf::actor_addr& sink);
  void tell(const connection& whom, idb_notice notice);
  void advance(database& db);
  bool begin(database& db, opening& first);
  void ask_others(database& db, const opening& first);
  bool others_have_heard(const database& db) const;
  void begin_upgrade(database& db, opening& first);
  void end_upgrade(database& db, const connection_ptr& which, bool committed);
  void erase(database& db);
  void close_if_idle(const connection_ptr& which);

  // Transactions.
  void begin(const connection_ptr& which, idb_submit& x);
  void start(transaction& one);
  void run_started();
  void run_submits(const transaction_ptr& one);
  void run_submit(const transaction_ptr& one, submit& next);
  void commit(const transaction_ptr& one, answer promise, idb_results results);
  void committed(const transaction_ptr& one);
  void failed_to_commit(const transaction_ptr& one, const caf::error& why, answer promise);
  void abort(const transaction_ptr& one, const char* name, const std::string& why);
  void finish(const transaction_ptr& one, bool committed);
  void reload_states(database& db, const std::set<uint64_t>& stores);

  // Damage.
  void note_damage(database& db, idb_transaction& where);
  void repair(database& db);
  void repair_row(database& db, const idb_store& store, const std::string& row_key,
                  write_batch& batch, idb_store_state& state);
  void repair_record(database& db, const idb_store& store, const std::string& row_key,
                     write_batch& batch, idb_store_state& state);
  void repair_index_row(database& db, const idb_store& store, const std::string& row_key,
                        write_batch& batch, idb_store_state& state);
  void fail_everything();

  indexed_db_actor::pointer self_ = nullptr;
  storage_parts parts_;
  storage_key key_;
  quota_account_ptr quota_;
  std::map<std::string, std::unique_ptr<database>> databases_;
  std::map<caf::actor_addr, std::unique_ptr<client>> clients_;
  std::deque<transaction_ptr> started_;
};

/// An open or delete request in its database's connection queue.
struct idb_keeper::opening {
  enum class kind : uint8_t { open, erase };
  /// fresh: others were not asked yet. asked: until all have heard. waiting: until all are closed.
  enum class phase : uint8_t { fresh, asked, waiting, working };

  kind what = kind::open;
  phase now = phase::fresh;
  connection_ptr from; ///< Of an erase: only a name for notices.
  uint64_t version = 0;
  answer promise;
};

struct idb_keeper::database {
  idb_contents contents;
  idb_locks locks;
  std::set<connection_ptr> connections; ///< Open, or closing.
  std::deque<opening> queue;
  std::set<std::string> damaged; ///< Keys of rows that are to be repaired.
};

struct idb_keeper::connection {
  notice_sink_actor sink;
  idb_connection_id id{0};
  database* db = nullptr;
  bool is_open = false;
  bool is_closing = false;
  bool must_hear = false; ///< Of a version change.
  std::map<idb_transaction_id, transaction_ptr> transactions;
};

struct idb_keeper::transaction : idb_locks::place, std::enable_shared_from_this<transaction> {
  transaction(connection_ptr of, idb_transaction_id id, idb_terms how)
      : place(how.scope, how.mode == idb_mode::read_only ? access::read : access::write),
        owner(std::move(of)),
        number(id),
        terms(std::move(how)) {}

  connection_ptr owner;
  idb_transaction_id number;
  idb_terms terms;
  std::unique_ptr<idb_transaction> work; ///< Once it has started.
  std::deque<submit> submits;            ///< Those that wait.
  bool is_committing = false;
  bool is_over = false;
};

/// A worker.
struct idb_keeper::client {
  notice_sink_actor sink;
  std::map<idb_connection_id, connection_ptr> connections;
};

/// The databases of a storage key.
indexed_db_actor spawn_indexed_db(caf::actor_system& system, const storage_parts& parts,
                                  const storage_key& key, quota_account_ptr quota);

/// What the databases of a storage key use. Errors: io_failed.
caf::expected<uint64_t> count_databases_usage(const database& db, const storage_key& key);

} // namespace offstage

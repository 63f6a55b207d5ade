// SPDX-License-Identifier: MIT
#include "storage/idb_keeper.hpp"

#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

indexed_db_actor::behavior_type idb_keeper::start(indexed_db_actor::pointer self,
                                                  const storage_parts& parts,
                                                  const storage_key& key, quota_account_ptr quota) {
  self_ = self;
  parts_ = parts;
  key_ = key;
  quota_ = std::move(quota);
  if (auto err = load()) {
    parts_.log(storage_log_level::error, key_.origin + ": " + describe(err));
    self_->quit(err);
  }
  self_->set_down_handler([this](const caf::down_msg& down) {
    client_down(down.source);
    run_started();
  });
  self_->set_exit_handler([this](const caf::exit_msg& exit) {
    fail_everything();
    self_->quit(exit.reason);
  });
  return {[this](call_atom, const notice_sink_actor& from, idb_call& call) {
    return receive(from, std::move(call.request));
  }};
}

// -- Requests

void idb_keeper::reply(answer& promise, idb_result result) {
  promise.deliver(idb_answer{std::move(result)});
}

void idb_keeper::refuse(answer& promise, const char* name, std::string message) {
  reply(promise, idb_failure{name, std::move(message)});
}

idb_keeper::answer idb_keeper::receive(const notice_sink_actor& from, idb_request request) {
  auto promise = self_->make_response_promise<idb_answer>();
  auto& asking = client_of(from);
  caf::visit([&](auto& x) { run(asking, x, promise); }, request);
  run_started();
  return promise;
}

void idb_keeper::run(client&, idb_list_databases&, answer promise) {
  idb_database_names names;
  for (const auto& [name, db] : databases_)
    if (db->contents.exists()) {
      auto& one = names.databases.emplace_back();
      one.name = name;
      one.version = db->contents.schema->version;
    }
  reply(promise, std::move(names));
}

void idb_keeper::run(client& from, idb_submit& x, answer promise) {
  const auto found = from.connections.find(x.connection);
  if (found == from.connections.end()) {
    refuse(promise, "InvalidStateError", "the connection is closed");
    return;
  }
  const auto which = found->second;
  if (x.begin
      && (!which->is_open || which->is_closing || x.mode == idb_mode::version_change
          || which->transactions.contains(x.transaction))) {
    refuse(promise, "InvalidStateError", "the connection takes no such transaction");
    return;
  }
  if (x.begin && which->transactions.size() >= limits::idb_transactions_max) {
    refuse(promise, "UnknownError", "too many transactions");
    return;
  }
  if (x.begin)
    begin(which, x);
  const auto at = which->transactions.find(x.transaction);
  if (at == which->transactions.end() || at->second->is_committing) {
    refuse(promise, "AbortError", "the transaction is over");
    return;
  }
  const auto one = at->second;
  one->submits.push_back({std::move(x), promise});
  run_submits(one);
}

// -- Transactions

void idb_keeper::begin(const connection_ptr& which, idb_submit& x) {
  idb_terms terms{x.mode, x.durability, {x.scope.begin(), x.scope.end()}};
  const auto one = std::make_shared<transaction>(which, x.transaction, std::move(terms));
  which->transactions.emplace(x.transaction, one);
  if (which->db->locks.add(*one))
    start(*one);
}

void idb_keeper::start(transaction& one) {
  one.work =
      std::make_unique<idb_transaction>(parts_.db, one.owner->db->contents, one.terms, quota_);
  started_.push_back(one.shared_from_this());
}

/// One after the other: a transaction that ends here lets others start.
void idb_keeper::run_started() {
  for (; !started_.empty(); started_.pop_front())
    run_submits(started_.front());
}

void idb_keeper::run_submits(const transaction_ptr& one) {
  while (one->work && !one->is_committing && !one->submits.empty()) {
    auto next = std::move(one->submits.front());
    one->submits.pop_front();
    run_submit(one, next);
  }
}

void idb_keeper::run_submit(const transaction_ptr& one, submit& next) {
  auto& x = next.what;
  idb_results results;
  if (x.finish == idb_finish::abort) {
    const idb_failure failure{"AbortError", "the transaction was aborted"};
    results.outcomes.assign(x.operations.size(), failure);
    abort(one, "AbortError", failure.message);
    reply(next.promise, std::move(results));
    return;
  }
  results.outcomes = one->work->run(x.operations);
  note_damage(*one->owner->db, *one->work);
  const auto is_failure = [](const idb_outcome& outcome) {
    return caf::holds_alternative<idb_failure>(outcome);
  };
  if (x.finish == idb_finish::commit && std::ranges::none_of(results.outcomes, is_failure))
    commit(one, next.promise, std::move(results));
  else
    reply(next.promise, std::move(results));
}

void idb_keeper::commit(const transaction_ptr& one, answer promise, idb_results results) {
  auto changes = one->work->changes();
  if (!changes) {
    failed_to_commit(one, changes.error(), promise);
    return;
  }
  one->is_committing = true;
  if (changes->empty()) {
    reply(promise, std::move(results));
    committed(one);
    return;
  }
  const auto level =
      one->terms.durability == idb_durability::strict ? durability::strict : durability::relaxed;
  self_
      ->request(parts_.writer, limits::write_time_max, store_atom_v,
                write_batch_ptr{std::make_shared<const write_batch>(std::move(*changes))}, level)
      .then(
          [=, this, results = std::move(results)](bool) mutable {
            reply(promise, std::move(results));
            committed(one);
            run_started();
          },
          [=, this](const caf::error& err) {
            failed_to_commit(one, write_failure(err), promise);
            run_started();
          });
}

void idb_keeper::committed(const transaction_ptr& one) {
  one->work->adopt_into(one->owner->db->contents);
  finish(one, true);
}

void idb_keeper::failed_to_commit(const transaction_ptr& one, const caf::error& why,
                                  answer promise) {
  const auto is_full = why == storage_error::quota_exceeded;
  refuse(promise, is_full ? "QuotaExceededError" : "UnknownError", describe(why));
  if (one->is_committing)
    reload_states(*one->owner->db, one->terms.scope);
  one->is_committing = false;
  abort(one, "AbortError", "the transaction could not be committed");
}

void idb_keeper::abort(const transaction_ptr& one, const char* name, const std::string& why) {
  if (one->is_over || one->is_committing)
    return;
  for (auto& waiting : std::exchange(one->submits, {}))
    refuse(waiting.promise, name, why);
  finish(one, false);
}

void idb_keeper::finish(const transaction_ptr& one, bool committed) {
  auto& db = *one->owner->db;
  one->is_over = true;
  one->work.reset();
  one->owner->transactions.erase(one->number);
  if (one->terms.mode == idb_mode::version_change) {
    end_upgrade(db, one->owner, committed);
    return;
  }
  for (auto* next : db.locks.remove(*one))
    start(static_cast<transaction&>(*next));
  repair(db);
  close_if_idle(one->owner);
}

// -- The end

void idb_keeper::fail_everything() {
  const std::string why = "the storage is closed";
  for (auto& [name, db] : databases_) {
    for (auto& waiting : db->queue)
      refuse(waiting.promise, "AbortError", why);
    for (const auto& which : db->connections) {
      // A transaction and its connection refer to each other.
      for (auto& [number, one] : std::exchange(which->transactions, {}))
        for (auto& waiting : one->submits)
          refuse(waiting.promise, "AbortError", why);
    }
  }
}

namespace {

struct indexed_db_state : idb_keeper {
  static inline const char* name = "indexed_db";
};

indexed_db_actor::behavior_type
indexed_db(indexed_db_actor::stateful_pointer<indexed_db_state> self, const storage_parts& parts,
           const storage_key& key, const quota_account_ptr& quota) {
  return self->state.start(self, parts, key, quota);
}

} // namespace

indexed_db_actor spawn_indexed_db(caf::actor_system& system, const storage_parts& parts,
                                  const storage_key& key, quota_account_ptr quota) {
  return system.spawn(indexed_db, parts, key, std::move(quota));
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/idb_keeper.hpp"

// Connections and the requests that open, upgrade and delete databases.

namespace offstage {

// -- Workers

idb_keeper::client& idb_keeper::client_of(const notice_sink_actor& sink) {
  auto& found = clients_[sink.address()];
  if (!found) {
    found = std::make_unique<client>();
    found->sink = sink;
    self_->monitor(sink);
  }
  return *found;
}

void idb_keeper::client_down(const caf::actor_addr& sink) {
  const auto found = clients_.find(sink);
  if (found == clients_.end())
    return;
  for (const auto& [id, which] : found->second->connections) {
    which->is_closing = true;
    which->must_hear = false;
  }
  clients_.erase(found);
  std::vector<std::string> names;
  for (const auto& [name, db] : databases_)
    names.push_back(name);
  for (const auto& name : names)
    if (const auto db = databases_.find(name); db != databases_.end())
      leave(*db->second, sink);
}

/// Everything of a worker that is gone. The database may be gone afterwards, too.
void idb_keeper::leave(database& db, const caf::actor_addr& sink) {
  const auto is_of = [&](const auto& x) { return x->sink.address() == sink; };
  std::erase_if(db.queue, [&](const opening& x) {
    return is_of(x.from) && x.now != opening::phase::working;
  });
  std::vector<connection_ptr> left;
  std::ranges::copy_if(db.connections, std::back_inserter(left), is_of);
  if (left.empty())
    advance(db);
  for (const auto& which : left) {
    const auto transactions = which->transactions;
    for (const auto& [number, one] : transactions)
      abort(one, "AbortError", "the worker is gone");
    if (transactions.empty())
      close_if_idle(which);
  }
}

void idb_keeper::tell(const connection& whom, idb_notice notice) {
  self_->send(whom.sink, notify_atom_v, service_notice{std::move(notice)});
}

// -- Requests

void idb_keeper::run(client& from, idb_open& x, answer promise) {
  if (from.connections.contains(x.connection)
      || from.connections.size() >= limits::idb_connections_max
      || (!databases_.contains(x.name) && databases_.size() >= wire::idb_databases_max)) {
    refuse(promise, "UnknownError", "too many connections or databases");
    return;
  }
  auto& db = database_of(x.name);
  auto which = std::make_shared<connection>();
  which->sink = from.sink;
  which->id = x.connection;
  which->db = &db;
  from.connections.emplace(x.connection, which);
  opening request;
  request.what = opening::kind::open;
  request.from = std::move(which);
  request.version = x.version;
  request.promise = std::move(promise);
  db.queue.push_back(std::move(request));
  advance(db);
}

void idb_keeper::run(client& from, idb_delete_database& x, answer promise) {
  const auto found = databases_.find(x.name);
  if (found == databases_.end()) {
    reply(promise, idb_deleted{});
    return;
  }
  auto& db = *found->second;
  opening request;
  request.what = opening::kind::erase;
  request.from = std::make_shared<connection>();
  request.from->sink = from.sink;
  request.from->id = x.connection;
  request.from->db = &db;
  request.promise = std::move(promise);
  db.queue.push_back(std::move(request));
  advance(db);
}

void idb_keeper::run(client& from, idb_close& x, answer promise) {
  reply(promise, idb_done{});
  const auto found = from.connections.find(x.connection);
  if (found == from.connections.end())
    return;
  const auto which = found->second;
  which->is_closing = true;
  which->must_hear = false;
  close_if_idle(which);
}

void idb_keeper::run(client& from, idb_acknowledge& x, answer promise) {
  reply(promise, idb_done{});
  const auto found = from.connections.find(x.connection);
  if (found == from.connections.end() || !std::exchange(found->second->must_hear, false))
    return;
  advance(*found->second->db);
}

// -- The connection queue

/// Spec: IndexedDB#opening, and deleting-a-database, as far as they get.
void idb_keeper::advance(database& db) {
  while (!db.queue.empty()) {
    auto& first = db.queue.front();
    if (first.now == opening::phase::working)
      return;
    if (first.from->is_closing) {
      refuse(first.promise, "AbortError", "the connection was closed");
      db.queue.pop_front();
      continue;
    }
    if (first.now == opening::phase::fresh && begin(db, first)) {
      db.queue.pop_front();
      continue;
    }
    if (first.now == opening::phase::asked) {
      if (!others_have_heard(db))
        return;
      first.now = opening::phase::waiting;
      if (!db.connections.empty())
        tell(*first.from, idb_blocked{first.from->id, db.contents.schema->version, first.version});
    }
    if (!db.connections.empty())
      return;
    first.now = opening::phase::working;
    if (first.what == opening::kind::open)
      begin_upgrade(db, first);
    else
      erase(db);
    return;
  }
  forget_if_unused(db);
}

/// Answers whether that was all.
bool idb_keeper::begin(database& db, opening& first) {
  const auto present = db.contents.schema->version;
  if (first.what == opening::kind::erase) {
    if (!db.contents.exists()) {
      reply(first.promise, idb_deleted{});
      return true;
    }
    ask_others(db, first);
    return false;
  }
  if (first.version == 0)
    first.version = std::max<uint64_t>(present, 1);
  if (first.version > present) {
    ask_others(db, first);
    return false;
  }
  if (first.version < present) {
    refuse(first.promise, "VersionError",
           "the database has version " + std::to_string(present) + " already");
    if (const auto from = clients_.find(first.from->sink.address()); from != clients_.end())
      from->second->connections.erase(first.from->id);
    return true;
  }
  first.from->is_open = true;
  db.connections.insert(first.from);
  reply(first.promise, idb_opened{*db.contents.schema});
  return true;
}

void idb_keeper::ask_others(database& db, const opening& first) {
  const auto present = db.contents.schema->version;
  for (const auto& other : db.connections) {
    other->must_hear = !other->is_closing;
    if (other->must_hear)
      tell(*other, idb_version_change{other->id, present, first.version});
  }
  db.queue.front().now = opening::phase::asked;
}

bool idb_keeper::others_have_heard(const database& db) const {
  return std::ranges::none_of(db.connections, [](const auto& x) { return x->must_hear; });
}

/// Spec: IndexedDB#upgrade-transaction-steps
void idb_keeper::begin_upgrade(database& db, opening& first) {
  const auto which = first.from;
  db.connections.insert(which);
  idb_terms terms;
  terms.mode = idb_mode::version_change;
  const auto one = std::make_shared<transaction>(which, idb_upgrade_transaction, std::move(terms));
  which->transactions.emplace(one->number, one);
  start(*one);
  one->work->set_version(first.version);
  tell(*which, idb_upgrade_needed{which->id, db.contents.schema->version, one->work->schema()});
}

void idb_keeper::end_upgrade(database& db, const connection_ptr& which, bool committed) {
  auto first = std::move(db.queue.front());
  db.queue.pop_front();
  if (committed && !which->is_closing) {
    which->is_open = true;
    reply(first.promise, idb_opened{*db.contents.schema});
  } else {
    refuse(first.promise, "AbortError",
           committed ? "the connection was closed" : "the upgrade was aborted");
    db.connections.erase(which);
    if (const auto from = clients_.find(which->sink.address()); from != clients_.end())
      from->second->connections.erase(which->id);
  }
  advance(db);
}

/// Spec: IndexedDB#deleting-a-database
void idb_keeper::erase(database& db) {
  const auto& contents = db.contents;
  const auto version = contents.schema->version;
  auto batch = std::make_shared<write_batch>();
  const auto rows = idb_rows_prefix(contents.id);
  const auto states = idb_store_state_prefix(key_, contents.id);
  batch->remove_range(column::databases, rows, prefix_end(rows));
  batch->remove_range(column::meta, states, prefix_end(states));
  batch->remove(column::meta, idb_database_key(key_, contents.id, contents.schema->name));
  const auto end = [this, &db](idb_result result) {
    auto done = std::move(db.queue.front());
    db.queue.pop_front();
    reply(done.promise, std::move(result));
    advance(db);
    run_started();
  };
  self_
      ->request(parts_.writer, limits::write_time_max, store_atom_v,
                write_batch_ptr{std::move(batch)}, durability::relaxed)
      .then(
          [=, this, &db](bool) {
            quota_->change_databases_usage(-static_cast<int64_t>(db.contents.bytes()));
            db.contents.stores.clear();
            auto fresh = std::make_shared<idb_database>();
            fresh->name = db.contents.schema->name;
            db.contents.schema = std::move(fresh);
            end(idb_deleted{version});
          },
          [=](const caf::error& err) {
            end(idb_failure{"UnknownError", describe(write_failure(err))});
          });
}

// -- Closing

/// Spec: IndexedDB#closing-connection
void idb_keeper::close_if_idle(const connection_ptr& which) {
  if (!which->is_closing || !which->transactions.empty())
    return;
  if (const auto from = clients_.find(which->sink.address()); from != clients_.end())
    from->second->connections.erase(which->id);
  auto& db = *which->db;
  if (db.connections.erase(which) > 0)
    advance(db);
}

} // namespace offstage

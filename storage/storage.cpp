// SPDX-License-Identifier: MIT
#include "storage/storage.hpp"

#include <map>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/cache_storage.hpp"
#include "storage/digest.hpp"
#include "storage/idb_keeper.hpp"
#include "storage/key_codec.hpp"
#include "storage/recovery.hpp"
#include "storage/registration_table.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

namespace {

struct storage_state {
  static inline const char* name = "storage";

  storage_actor::pointer self = nullptr;
  storage_parts parts;
  std::shared_ptr<registration_table> registrations;
  std::map<std::string, cache_keeper_actor> caches;
  std::map<std::string, indexed_db_actor> databases;
  std::map<std::string, quota_account_ptr> accounts;

  caf::expected<quota_account_ptr> account_of(const storage_key& key);
  caf::result<cache_storage_actor> open(const storage_key& key);
  caf::result<indexed_db_actor> connect(const storage_key& key);
  caf::result<std::string> put_script(shared_bytes& bytes);
  caf::result<shared_bytes> get_script(const std::string& digest);
  caf::result<stored_registration_list> load() const;
  caf::result<bool> store(const stored_registration& registration);
  caf::result<bool> remove(const storage_key& key, const std::string& scope);
  caf::result<worker_id> take_worker_id();
  caf::result<bool> flush();
  void forget(const caf::actor_addr& gone);
  void close();

  template <class T>
  caf::result<T> write(write_batch batch, durability level, T answer);
};

/// Writes and answers. A failure leaves the table unsure of what is on disk, so it reads again.
template <class T>
caf::result<T> storage_state::write(write_batch batch, durability level, T answer) {
  auto promise = self->make_response_promise<T>();
  auto shared = std::make_shared<const write_batch>(std::move(batch));
  self->request(parts.writer, limits::write_time_max, store_atom_v, write_batch_ptr{shared}, level)
      .then([promise, answer](bool) mutable { promise.deliver(answer); },
            [this, promise](const caf::error& err) mutable {
              write_batch repairs; // The next start finds them again.
              if (auto failure = registrations->load(repairs))
                parts.log(storage_log_level::error, "registrations: " + describe(failure));
              promise.deliver(write_failure(err));
            });
  return promise;
}

/// Caches and databases share a quota, so each has to know what the other one uses before it
/// starts.
caf::expected<quota_account_ptr> storage_state::account_of(const storage_key& key) {
  if (!is_storable(key))
    return fail(storage_error::refused, "TypeError: the storage key cannot be stored");
  auto& account = accounts[key.origin];
  if (account)
    return account;
  const auto databases_usage = count_databases_usage(*parts.db, key);
  if (!databases_usage)
    return databases_usage.error();
  account = std::make_shared<quota_account>(parts.quota_bytes);
  account->change_databases_usage(static_cast<int64_t>(*databases_usage));
  const auto row_key = usage_key(key);
  if (const auto row = parts.db->get(column::meta, row_key))
    if (const auto usage = decode_number(record_kind::usage, row_key, *row))
      account->set_usage(*usage);
  return account;
}

caf::result<cache_storage_actor> storage_state::open(const storage_key& key) {
  auto account = account_of(key);
  if (!account)
    return std::move(account.error());
  auto& caches_of_key = caches[key.origin];
  if (!caches_of_key) {
    caches_of_key = spawn_cache_storage(self->system(), parts, key, std::move(*account));
    self->monitor(caches_of_key);
  }
  return cache_storage_actor{caches_of_key};
}

caf::result<indexed_db_actor> storage_state::connect(const storage_key& key) {
  auto account = account_of(key);
  if (!account)
    return std::move(account.error());
  auto& databases_of_key = databases[key.origin];
  if (!databases_of_key) {
    databases_of_key = spawn_indexed_db(self->system(), parts, key, std::move(*account));
    self->monitor(databases_of_key);
  }
  return databases_of_key;
}

caf::result<std::string> storage_state::put_script(shared_bytes& bytes) {
  if (bytes.is_detached() || bytes.size() > limits::script_bytes_max)
    return fail(storage_error::refused, "TypeError: the script is too long or not here");
  auto digest = sha256_hex(bytes.view());
  return write(registrations->put_script(digest, std::move(bytes)), durability::relaxed, digest);
}

caf::result<shared_bytes> storage_state::get_script(const std::string& digest) {
  auto script = registrations->get_script(digest);
  if (script)
    return std::move(*script);
  if (script.error() == storage_error::corrupted) {
    auto batch = std::make_shared<const write_batch>(registrations->quarantine_script(digest));
    self->request(parts.writer, limits::write_time_max, store_atom_v, write_batch_ptr{batch},
                  durability::relaxed)
        .then([](bool) {},
              [](const caf::error&) {
                // It is found again when it is read again.
              });
  }
  return script.error();
}

caf::result<stored_registration_list> storage_state::load() const {
  auto all = registrations->list();
  if (!all)
    return all.error();
  return std::move(*all);
}

caf::result<bool> storage_state::store(const stored_registration& registration) {
  auto batch = registrations->store(registration);
  if (!batch)
    return batch.error();
  return write(std::move(*batch), durability::strict, true);
}

caf::result<bool> storage_state::remove(const storage_key& key, const std::string& scope) {
  auto batch = registrations->remove(key, scope);
  if (batch.empty())
    return false;
  return write(std::move(batch), durability::strict, true);
}

caf::result<worker_id> storage_state::take_worker_id() {
  write_batch batch;
  const auto id = registrations->take_worker_id(batch);
  if (!id)
    return id.error();
  return write(std::move(batch), durability::strict, worker_id{*id});
}

caf::result<bool> storage_state::flush() {
  return write(write_batch{}, durability::strict, true);
}

void storage_state::forget(const caf::actor_addr& gone) {
  const auto is_gone = [&](const auto& x) { return x.second.address() == gone; };
  std::erase_if(caches, is_gone);
  std::erase_if(databases, is_gone);
}

void storage_state::close() {
  for (const auto& [origin, keeper] : caches)
    caf::anon_send_exit(keeper, caf::exit_reason::user_shutdown);
  for (const auto& [origin, keeper] : databases)
    caf::anon_send_exit(keeper, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(parts.pipeline, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(parts.writer, caf::exit_reason::user_shutdown);
}

storage_actor::behavior_type storage(storage_actor::stateful_pointer<storage_state> self,
                                     const storage_parts& parts,
                                     const std::shared_ptr<registration_table>& registrations) {
  auto& state = self->state;
  state.self = self;
  state.parts = parts;
  state.registrations = registrations;
  self->set_down_handler([&state](const caf::down_msg& down) { state.forget(down.source); });
  self->set_exit_handler([&state](const caf::exit_msg& exit) {
    state.close();
    state.self->quit(exit.reason);
  });
  return {
      [&state](open_atom, const storage_key& key) { return state.open(key); },
      [&state](connect_atom, const storage_key& key) { return state.connect(key); },
      [&state](put_atom, shared_bytes& bytes) { return state.put_script(bytes); },
      [&state](get_atom, const std::string& digest) { return state.get_script(digest); },
      [&state](load_atom) { return state.load(); },
      [&state](store_atom, const stored_registration& x) { return state.store(x); },
      [&state](remove_atom, const storage_key& key, const std::string& scope) {
        return state.remove(key, scope);
      },
      [&state](spawn_atom) { return state.take_worker_id(); },
      [&state](flush_atom) { return state.flush(); },
  };
}

} // namespace

caf::expected<storage_actor> spawn_storage(caf::actor_system& system, storage_options options,
                                           storage_logger log) {
  auto db = database::open(options);
  if (!db)
    return db.error();
  auto recovered = recover(*db, log);
  if (!recovered)
    return recovered.error();
  storage_parts parts;
  parts.db = *db;
  parts.writer = spawn_writer(system, *db, options.writer, log);
  parts.pipeline = spawn_write_pipeline(system, parts.writer, recovered->body_ids);
  parts.cache_ids = recovered->cache_ids;
  parts.database_ids = recovered->database_ids;
  parts.body_ids = recovered->body_ids;
  parts.log = std::move(log);
  parts.quota_bytes = options.quota_bytes;
  return system.spawn(storage, parts, recovered->registrations);
}

} // namespace offstage

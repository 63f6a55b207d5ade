// SPDX-License-Identifier: MIT
#include "storage/storage.hpp"

#include <map>
#include <optional>
#include <set>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/artifact_desk.hpp"
#include "storage/cache_storage.hpp"
#include "storage/digest.hpp"
#include "storage/idb_keeper.hpp"
#include "storage/key_codec.hpp"
#include "storage/key_ledger.hpp"
#include "storage/recovery.hpp"
#include "storage/registration_table.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

namespace {

using storage_base = storage_actor::extend<
    // Its timers: a wait for an artifact has lasted long enough; whether to evict is looked at.
    caf::reacts_to<tick_atom>, caf::reacts_to<update_atom>>;

struct storage_state {
  static inline const char* name = "storage";

  using connect_promise = caf::typed_response_promise<indexed_db_actor>;
  using step = std::function<void()>;

  /// Databases of a storage key that are being removed.
  struct wipe {
    std::vector<connect_promise> waiting; ///< Who wants to open some.
    std::vector<step> done;
  };

  storage_base::pointer self = nullptr;
  storage_parts parts;
  std::shared_ptr<registration_table> registrations;
  std::map<std::string, cache_keeper_actor> caches;
  std::map<std::string, indexed_db_actor> databases;
  std::map<caf::actor_addr, step> when_gone;
  std::map<std::string, wipe> wiping; ///< By origin.
  bool evicting = false;
  std::optional<artifact_desk> artifacts;
  std::optional<key_ledger> ledger;
  std::set<caf::actor_addr> watched; ///< Who may be making an artifact, or runs script.
  bool was_used = false;             ///< Since it was last looked whether to evict.

  caf::result<cache_storage_actor> open(const storage_key& key);
  caf::result<indexed_db_actor> connect(const storage_key& key);
  const cache_keeper_actor& caches_of(const storage_key& key, quota_account_ptr account);
  const indexed_db_actor& databases_of(const storage_key& key, quota_account_ptr account);
  caf::result<std::string> put_script(shared_bytes& bytes);
  caf::result<shared_bytes> get_script(const std::string& digest);
  caf::result<script_sources> worker_scripts(worker_scripts_query& query);
  caf::result<bool> put_artifact(const artifact_name& what, shared_bytes& bytes);
  caf::result<stored_registration_list> load() const;
  caf::result<bool> store(const stored_registration& registration);
  caf::result<bool> remove(const storage_key& key, const std::string& scope);
  caf::result<storage_figures> figures(const storage_key& key);
  caf::result<bool> persist(const storage_key& key, bool persisted);
  caf::result<bool> clear(const storage_key& key);
  void run(const storage_key& key);
  void watch(const caf::strong_actor_ptr& who);
  void use(const storage_key& key);
  void wipe_databases(const storage_key& key, step done);
  void remove_databases(const storage_key& key);
  void databases_removed(const storage_key& key);
  void evict();
  void tick();
  caf::result<worker_id> take_worker_id();
  caf::result<bool> flush();
  void forget(const caf::actor_addr& gone);
  void close();

  template <class T>
  caf::result<T> write(write_batch batch, durability level, T answer, storage_key changed = {});
  void write_aside(write_batch batch, step done);
};

/// Writes and answers. A failure leaves the table unsure of what is on disk, so it reads again.
template <class T>
caf::result<T> storage_state::write(write_batch batch, durability level, T answer,
                                    storage_key changed) {
  auto promise = self->make_response_promise<T>();
  auto shared = std::make_shared<const write_batch>(std::move(batch));
  self->request(parts.writer, limits::write_time_max, store_atom_v, write_batch_ptr{shared}, level)
      .then(
          [this, promise, answer, changed](bool) mutable {
            if (!changed.origin.empty())
              ledger->recount(changed);
            promise.deliver(answer);
          },
          [this, promise](const caf::error& err) mutable {
            write_batch repairs; // The next start finds them again.
            if (auto failure = registrations->load(repairs))
              parts.log(storage_log_level::error, "registrations: " + describe(failure));
            promise.deliver(write_failure(err));
          });
  return promise;
}

/// Writes what nobody waits for: if it fails, it is found again when it is read again.
void storage_state::write_aside(write_batch batch, step done) {
  self->request(parts.writer, limits::write_time_max, store_atom_v,
                write_batch_ptr{std::make_shared<const write_batch>(std::move(batch))},
                durability::relaxed)
      .then([done](bool) { done(); }, [done](const caf::error&) { done(); });
}

caf::result<cache_storage_actor> storage_state::open(const storage_key& key) {
  auto account = ledger->account(key);
  if (!account)
    return std::move(account.error());
  use(key);
  return cache_storage_actor{caches_of(key, std::move(*account))};
}

const cache_keeper_actor& storage_state::caches_of(const storage_key& key,
                                                   quota_account_ptr account) {
  auto& found = caches[key.origin];
  if (!found) {
    found = spawn_cache_storage(self->system(), parts, key, std::move(account));
    self->monitor(found);
  }
  return found;
}

caf::result<indexed_db_actor> storage_state::connect(const storage_key& key) {
  auto account = ledger->account(key);
  if (!account)
    return std::move(account.error());
  use(key);
  if (const auto waiting = wiping.find(key.origin); waiting != wiping.end()) {
    waiting->second.waiting.push_back(self->make_response_promise<indexed_db_actor>());
    return waiting->second.waiting.back();
  }
  return databases_of(key, std::move(*account));
}

const indexed_db_actor& storage_state::databases_of(const storage_key& key,
                                                    quota_account_ptr account) {
  auto& found = databases[key.origin];
  if (!found) {
    found = spawn_indexed_db(self->system(), parts, key, std::move(account));
    self->monitor(found);
  }
  return found;
}

// -- Storage keys

void storage_state::watch(const caf::strong_actor_ptr& who) {
  if (who && watched.insert(caf::actor_cast<caf::actor_addr>(who)).second)
    self->monitor(who);
}

void storage_state::use(const storage_key& key) {
  was_used = true;
  write_batch batch;
  ledger->touch(batch, key);
  if (!batch.empty())
    write_aside(std::move(batch), [] {});
}

void storage_state::run(const storage_key& key) {
  const auto runner = self->current_sender();
  if (!runner || !is_storable(key))
    return;
  watch(runner);
  ledger->run(caf::actor_cast<caf::actor_addr>(runner), key);
  use(key);
}

caf::result<storage_figures> storage_state::figures(const storage_key& key) {
  auto known = ledger->figures(key);
  if (!known)
    return std::move(known.error());
  return *known;
}

caf::result<bool> storage_state::persist(const storage_key& key, bool persisted) {
  if (!is_storable(key))
    return fail(storage_error::refused, "TypeError: the storage key cannot be stored");
  write_batch batch;
  key_ledger::persist(batch, key, persisted);
  return write(std::move(batch), durability::strict, persisted);
}

caf::result<bool> storage_state::clear(const storage_key& key) {
  auto account = ledger->account(key);
  if (!account)
    return std::move(account.error());
  const auto prefix = artifact_prefix(key);
  write_batch batch;
  batch.remove_range(column::artifacts, prefix, prefix_end(prefix));
  write_aside(std::move(batch), [this, key] { ledger->recount(key); });
  auto promise = self->make_response_promise<bool>();
  self->request(caches_of(key, *account), limits::write_time_max, remove_atom_v)
      .then(
          [this, promise, key](const cache_result&) {
            wipe_databases(key, [promise]() mutable { promise.deliver(true); });
          },
          [promise](const caf::error& err) mutable { promise.deliver(write_failure(err)); });
  return promise;
}

// Whoever uses a database learns it as from a crash: its transactions are aborted. What was on its
// way to the writer is written before the rows are listed.
void storage_state::wipe_databases(const storage_key& key, step done) {
  const auto [entry, is_new] = wiping.try_emplace(key.origin);
  entry->second.done.push_back(std::move(done));
  if (!is_new)
    return;
  const auto after_writes = [this, key] {
    write_aside(write_batch{}, [this, key] { remove_databases(key); });
  };
  const auto running = databases.find(key.origin);
  if (running == databases.end() || !running->second) {
    after_writes();
    return;
  }
  when_gone[running->second.address()] = after_writes;
  caf::anon_send_exit(running->second, caf::exit_reason::user_shutdown);
}

void storage_state::remove_databases(const storage_key& key) {
  write_batch batch;
  const auto prefix = idb_database_prefix(key);
  const auto row = [&](std::string_view row_key, std::string_view) {
    if (const auto parsed = parse_idb_database_key(row_key)) {
      const auto rows = idb_rows_prefix(parsed->database);
      batch.remove_range(column::databases, rows, prefix_end(rows));
    }
    return true;
  };
  if (auto err = parts.db->scan(column::meta, prefix, row))
    parts.log(storage_log_level::error, key.origin + ": " + describe(err));
  batch.remove_range(column::meta, prefix, prefix_end(prefix));
  const auto states = idb_store_states_prefix(key);
  batch.remove_range(column::meta, states, prefix_end(states));
  write_aside(std::move(batch), [this, key] { databases_removed(key); });
}

void storage_state::databases_removed(const storage_key& key) {
  auto ended = wiping.extract(key.origin);
  const auto account = ledger->account(key);
  if (account)
    (*account)->change_databases_usage(-static_cast<int64_t>((*account)->databases_usage()));
  for (auto& done : ended.mapped().done)
    done();
  for (auto& promise : ended.mapped().waiting)
    if (account)
      promise.deliver(databases_of(key, *account));
    else
      promise.deliver(account.error());
}

// One at a time: what it gives back is known when its rows are gone.
void storage_state::evict() {
  const auto next = ledger->to_evict();
  evicting = next && *next;
  if (!evicting)
    return;
  const auto key = **next;
  ledger->evicted(key);
  parts.log(storage_log_level::warning, "storage is full: what " + key.origin
                                            + " stored is removed, it was used least recently");
  const auto failed = [this, key](const caf::error& err) {
    evicting = false;
    parts.log(storage_log_level::error, key.origin + ": " + describe(err));
  };
  self->request(storage_base{self}, limits::write_time_max, remove_atom_v, key)
      .then(
          [this, key, failed](bool) {
            const auto keeper = caches.find(key.origin);
            if (keeper == caches.end())
              return evict();
            self->request(keeper->second, limits::write_time_max, drain_atom_v)
                .then([this](bool) { evict(); }, failed);
          },
          failed);
}

void storage_state::tick() {
  if (std::exchange(was_used, false) && !evicting)
    evict();
  self->delayed_send(self, limits::eviction_interval, update_atom_v);
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
  if (script.error() == storage_error::corrupted)
    write_aside(registrations->quarantine_script(digest), [] {});
  return script.error();
}

caf::result<script_sources> storage_state::worker_scripts(worker_scripts_query& query) {
  const auto asker = self->current_sender();
  watch(asker);
  auto promise = self->make_response_promise<script_sources>();
  const auto deadline = self->clock().now() + limits::artifact_wait_max;
  if (artifacts->ask(std::move(query), caf::actor_cast<caf::actor_addr>(asker), promise, deadline))
    self->delayed_send(self, limits::artifact_wait_max, tick_atom_v);
  return promise;
}

// An artifact is no loss: it is written when it suits, and its waiters get it from the disk.
caf::result<bool> storage_state::put_artifact(const artifact_name& what, shared_bytes& bytes) {
  auto key = artifact_key(what);
  auto batch = registrations->put_artifact(what, std::move(bytes));
  if (!batch) {
    artifacts->made(key);
    return batch.error();
  }
  const auto account = ledger->account(what.key);
  if (!account || !(*account)->fits(batch->bytes())) {
    artifacts->made(key);
    return account ? fail(storage_error::quota_exceeded) : account.error();
  }
  write_aside(std::move(*batch), [this, key, whose = what.key] {
    artifacts->made(key);
    ledger->recount(whose);
  });
  return true;
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
  return write(std::move(*batch), durability::strict, true, registration.key);
}

caf::result<bool> storage_state::remove(const storage_key& key, const std::string& scope) {
  auto batch = registrations->remove(key, scope);
  if (batch.empty())
    return false;
  return write(std::move(batch), durability::strict, true, key);
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
  if (auto waiting = when_gone.extract(gone); !waiting.empty())
    waiting.mapped()();
  if (watched.erase(gone) == 0)
    return;
  artifacts->forget(gone);
  ledger->stopped(gone);
}

void storage_state::close() {
  for (const auto& [origin, keeper] : caches)
    caf::anon_send_exit(keeper, caf::exit_reason::user_shutdown);
  for (const auto& [origin, keeper] : databases)
    caf::anon_send_exit(keeper, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(parts.pipeline, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(parts.writer, caf::exit_reason::user_shutdown);
}

storage_base::behavior_type storage(storage_base::stateful_pointer<storage_state> self,
                                    const storage_parts& parts,
                                    const std::shared_ptr<registration_table>& registrations) {
  auto& state = self->state;
  state.self = self;
  state.parts = parts;
  state.registrations = registrations;
  state.ledger.emplace(parts.db, registrations,
                       key_ledger::bounds{parts.quota_bytes, parts.budget_bytes});
  state.artifacts.emplace(registrations, parts.log, [&state](write_batch batch) {
    state.write_aside(std::move(batch), [] {});
  });
  state.was_used = true;
  state.tick();
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
      [&state](get_atom, worker_scripts_query& query) { return state.worker_scripts(query); },
      [&state](put_atom, const artifact_name& what, shared_bytes& bytes) {
        return state.put_artifact(what, bytes);
      },
      [&state](load_atom) { return state.load(); },
      [&state](store_atom, const stored_registration& x) { return state.store(x); },
      [&state](remove_atom, const storage_key& key, const std::string& scope) {
        return state.remove(key, scope);
      },
      [&state](status_atom, const storage_key& key) { return state.figures(key); },
      [&state](control_atom, const storage_key& key, bool persisted) {
        return state.persist(key, persisted);
      },
      [&state](remove_atom, const storage_key& key) { return state.clear(key); },
      [&state](run_atom, const storage_key& key) { state.run(key); },
      [&state](spawn_atom) { return state.take_worker_id(); },
      [&state](flush_atom) { return state.flush(); },
      [&state](tick_atom) { state.artifacts->expire(state.self->clock().now()); },
      [&state](update_atom) { state.tick(); },
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
  parts.budget_bytes = options.budget_bytes;
  return storage_actor{system.spawn(storage, parts, recovered->registrations)};
}

} // namespace offstage

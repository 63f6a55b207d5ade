// SPDX-License-Identifier: MIT
#include "storage/writer.hpp"

#include <chrono>
#include <vector>

#include <caf/typed_event_based_actor.hpp>

#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

struct writer_state {
  static inline const char* name = "storage.writer";

  writer_actor::pointer self = nullptr;
  database_ptr db;
  storage_logger log;
  std::vector<write_batch_ptr> batches;
  std::vector<caf::typed_response_promise<bool>> promises;
  size_t bytes = 0;
  durability level = durability::relaxed;
  std::chrono::steady_clock::time_point next_resume;
  bool failed = false;

  caf::result<bool> add(write_batch_ptr batch, durability wanted) {
    auto promise = self->make_response_promise<bool>();
    // Everything that is already in the mailbox is in front of this message and joins the commit.
    if (batches.empty())
      self->send(self, run_atom_v);
    bytes += batch->bytes();
    batches.push_back(std::move(batch));
    promises.push_back(promise);
    level = std::max(level, wanted);
    if (bytes >= limits::group_commit_bytes)
      commit();
    return promise;
  }

  void commit() {
    if (batches.empty())
      return;
    const auto err = write();
    for (auto& promise : promises)
      if (err)
        promise.deliver(err);
      else
        promise.deliver(true);
    batches.clear();
    promises.clear();
    bytes = 0;
    level = durability::relaxed;
  }

  caf::error write() {
    auto err = db->write(batches, level);
    if (err && try_resume(err))
      err = db->write(batches, level);
    failed = static_cast<bool>(err);
    return err;
  }

  bool try_resume(const caf::error& err) {
    const auto now = std::chrono::steady_clock::now();
    if (failed && now < next_resume)
      return false;
    next_resume = now + limits::database_resume_pause;
    log(storage_log_level::error, "storage cannot write: " + describe(err));
    if (auto failure = db->resume()) {
      log(storage_log_level::error, "storage stays read-only: " + describe(failure));
      return false;
    }
    log(storage_log_level::info, "storage is writable again");
    return true;
  }
};

writer_actor::behavior_type writer(writer_actor::stateful_pointer<writer_state> self,
                                   const database_ptr& db, const storage_logger& log) {
  auto& state = self->state;
  state.self = self;
  state.db = db;
  state.log = log;
  return {
      [&state](store_atom, write_batch_ptr& batch, durability level) {
        return state.add(std::move(batch), level);
      },
      [&state](run_atom) { state.commit(); },
  };
}

} // namespace

caf::error write_failure(const caf::error& err) {
  if (err.category() == caf::atom("storage"))
    return err;
  return fail(storage_error::closed, describe(err));
}

writer_actor spawn_writer(caf::actor_system& system, database_ptr db, writer_thread thread,
                          storage_logger log) {
  if (thread == writer_thread::own)
    return system.spawn<caf::detached>(writer, std::move(db), std::move(log));
  return system.spawn(writer, std::move(db), std::move(log));
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Hands out the scripts of workers with their artifacts, and sees to it that one start makes what
// others wait for. Who gets a script without its artifact is its maker until the artifact is
// stored or the maker dies; others that ask meanwhile wait for either, but not for ever. A part of
// the storage actor; ends with it, and what waits is answered by its request's time-out.

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include <caf/actor_addr.hpp>
#include <caf/actor_clock.hpp>
#include <caf/typed_response_promise.hpp>

#include "protocol/script.hpp"
#include "storage/registration_table.hpp"

namespace offstage {

class artifact_desk {
public:
  using promise = caf::typed_response_promise<script_sources>;
  using time_point = caf::actor_clock::time_point;
  using row_writer = std::function<void(write_batch)>;

  /// `write` takes the repairs of damaged rows.
  artifact_desk(std::shared_ptr<registration_table> table, storage_logger log, row_writer write)
      : table_(std::move(table)), log_(std::move(log)), write_(std::move(write)) {}

  /// Answers at once or later. Returns whether it waits.
  bool ask(worker_scripts_query query, caf::actor_addr asker, promise answer, time_point deadline);

  /// The artifact with this key is stored, or will not be.
  void made(const std::string& key);

  /// Whoever this was will make nothing any more.
  void forget(const caf::actor_addr& maker);

  /// Answers those whose deadline has come.
  void expire(time_point now);

private:
  struct waiter {
    worker_scripts_query query;
    caf::actor_addr asker;
    promise answer;
    time_point deadline;
  };
  enum class patience : uint8_t { waits, ends };

  bool try_answer(waiter& who, patience how);
  caf::error read(const worker_scripts_query& query, script_sources& found,
                  std::vector<std::string>& missing);
  caf::error read_one(const worker_scripts_query& query, const script_resource& script,
                      script_sources& found, std::vector<std::string>& missing);
  void answer_all(patience how, time_point now);

  std::shared_ptr<registration_table> table_;
  storage_logger log_;
  row_writer write_;
  std::map<std::string, caf::actor_addr> maker_of_key_;
  std::vector<waiter> waiters_;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "storage/artifact_desk.hpp"

#include <algorithm>

#include "protocol/errors.hpp"
#include "storage/key_codec.hpp"
#include "storage/quarantine.hpp"

namespace offstage {

bool artifact_desk::ask(worker_scripts_query query, caf::actor_addr asker, promise answer,
                        time_point deadline) {
  waiter who{std::move(query), std::move(asker), std::move(answer), deadline};
  if (try_answer(who, patience::waits))
    return false;
  waiters_.push_back(std::move(who));
  return true;
}

void artifact_desk::made(const std::string& key) {
  if (maker_of_key_.erase(key) > 0)
    answer_all(patience::waits, {});
}

void artifact_desk::forget(const caf::actor_addr& maker) {
  const auto is_gone = [&](const auto& item) { return item.second == maker; };
  if (std::erase_if(maker_of_key_, is_gone) > 0)
    answer_all(patience::waits, {});
}

void artifact_desk::expire(time_point now) {
  answer_all(patience::ends, now);
}

void artifact_desk::answer_all(patience how, time_point now) {
  auto waiters = std::exchange(waiters_, {});
  for (auto& who : waiters)
    if ((how == patience::ends && who.deadline > now) || !try_answer(who, how))
      waiters_.push_back(std::move(who));
}

bool artifact_desk::try_answer(waiter& who, patience how) {
  script_sources found;
  std::vector<std::string> missing;
  if (auto err = read(who.query, found, missing)) {
    who.answer.deliver(std::move(err));
    return true;
  }
  const auto is_being_made = [&](const std::string& key) {
    const auto maker = maker_of_key_.find(key);
    return maker != maker_of_key_.end() && maker->second != who.asker;
  };
  if (how == patience::waits && std::ranges::any_of(missing, is_being_made))
    return false;
  for (auto& key : missing)
    maker_of_key_.insert_or_assign(std::move(key), who.asker);
  who.answer.deliver(std::move(found));
  return true;
}

caf::error artifact_desk::read(const worker_scripts_query& query, script_sources& found,
                               std::vector<std::string>& missing) {
  if (auto err = read_one(query, query.worker.script, found, missing))
    return err;
  for (const auto& import : query.worker.imports)
    if (auto err = read_one(query, import, found, missing))
      return err;
  return caf::none;
}

caf::error artifact_desk::read_one(const worker_scripts_query& query, const script_resource& script,
                                   script_sources& found, std::vector<std::string>& missing) {
  auto bytes = table_->read_script(script.sha256);
  if (!bytes) {
    if (bytes.error() == storage_error::corrupted)
      write_(table_->quarantine_script(script.sha256));
    return fail(static_cast<storage_error>(bytes.error().code()), script.url);
  }
  auto& source = found.scripts.emplace_back(script_source{script.url, std::move(*bytes)});
  if (query.engine_build.empty())
    return caf::none;
  const artifact_name name{query.key, query.worker.script.sha256, query.worker.descriptor.type,
                           script, query.engine_build};
  auto artifact = table_->get_artifact(name);
  if (artifact) {
    source.artifact = std::move(*artifact);
    return caf::none;
  }
  auto key = artifact_key(name);
  if (artifact.error() == storage_error::corrupted) {
    log_(storage_log_level::warning,
         "damaged artifact, it will be made again: " + describe_row(column::artifacts, key));
    write_batch batch;
    batch.remove(column::artifacts, key);
    write_(std::move(batch));
  }
  missing.push_back(std::move(key));
  return caf::none;
}

} // namespace offstage

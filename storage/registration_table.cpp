// SPDX-License-Identifier: MIT
#include "storage/registration_table.hpp"

#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/digest.hpp"
#include "storage/key_codec.hpp"
#include "storage/quarantine.hpp"
#include "storage/value_codec.hpp"

namespace offstage {

namespace {

/// How far ids jump when their counter was damaged: farther than a directory ever gave out since
/// its registrations were stored.
constexpr uint64_t worker_id_jump = uint64_t{1} << 32;

void collect_scripts(const stored_worker& worker, std::set<std::string>& digests) {
  if (!worker.script.sha256.empty())
    digests.insert(worker.script.sha256);
  for (const auto& script : worker.imports)
    digests.insert(script.sha256);
}

name_counts::names scripts_of(const stored_registration& registration) {
  name_counts::names digests;
  collect_scripts(registration.waiting, digests);
  collect_scripts(registration.active, digests);
  return digests;
}

name_counts::names workers_of(const stored_registration& registration) {
  name_counts::names prefixes;
  for (const auto* worker : {&registration.waiting, &registration.active})
    if (!worker->script.sha256.empty())
      prefixes.insert(artifact_prefix(registration.key, worker->script.sha256));
  return prefixes;
}

} // namespace

registration_table::registration_table(database_ptr db, storage_logger log)
    : db_(std::move(db)), log_(std::move(log)) {}

caf::error registration_table::load(write_batch& repairs) {
  scripts_.clear();
  workers_.clear();
  std::vector<std::string> damaged;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (const auto row = decode_registration(key, shared_bytes{std::string{value}}))
      name(std::string{key}, *row, repairs);
    else
      damaged.emplace_back(key);
    return true;
  };
  if (auto err = db_->scan(column::meta, registration_prefix(), visit))
    return err;
  for (const auto& key : damaged)
    quarantine_row(repairs, *db_, column::meta, key, log_);
  return remove_unnamed(repairs);
}

caf::error registration_table::remove_unnamed(write_batch& batch) {
  const auto script = [&](std::string_view key, std::string_view) {
    std::string digest{key};
    if (!scripts_.contains(digest) && !fresh_.contains(digest))
      batch.remove(column::scripts, std::move(digest));
    return true;
  };
  if (auto err = db_->scan(column::scripts, {}, script))
    return err;
  return db_->scan(column::artifacts, {}, [&](std::string_view key, std::string_view) {
    if (!workers_.contains(std::string{prefix_of_artifact_key(key)}))
      batch.remove(column::artifacts, std::string{key});
    return true;
  });
}

caf::expected<stored_registration_list> registration_table::list() const {
  stored_registration_list result;
  const auto visit = [&](std::string_view key, std::string_view value) {
    if (auto row = decode_registration(key, shared_bytes{std::string{value}}))
      result.registrations.push_back(std::move(*row));
    return true;
  };
  if (auto err = db_->scan(column::meta, registration_prefix(), visit))
    return err;
  return result;
}

/// Counts what a row names, and adds to the batch the removal of what lost its last name.
void registration_table::name(const std::string& row, const stored_registration& registration,
                              write_batch& batch) {
  auto scripts = scripts_of(registration);
  for (const auto& digest : scripts)
    fresh_.erase(digest);
  for (const auto& digest : scripts_.rename(row, std::move(scripts)))
    if (!fresh_.contains(digest))
      batch.remove(column::scripts, digest);
  for (const auto& prefix : workers_.rename(row, workers_of(registration)))
    batch.remove_range(column::artifacts, prefix, prefix_end(prefix));
}

caf::expected<write_batch> registration_table::store(const stored_registration& registration) {
  if (!is_storable(registration.key))
    return fail(storage_error::refused, "TypeError: the storage key cannot be stored");
  const auto key = registration_row_key(registration.key, registration.scope);
  auto value = encode(key, registration);
  if (value.size() > limits::record_bytes_max)
    return fail(storage_error::refused, "TypeError: the registration is too long");
  write_batch batch;
  name(key, registration, batch);
  batch.put(column::meta, key, std::move(value));
  return batch;
}

write_batch registration_table::remove(const storage_key& key, const std::string& scope) {
  write_batch batch;
  const auto row = registration_row_key(key, scope);
  // A row that is on its way to the disk is known here already.
  if (!scripts_.has_row(row) && !db_->get(column::meta, row))
    return batch;
  name(row, {}, batch);
  batch.remove(column::meta, row);
  return batch;
}

write_batch registration_table::put_script(const std::string& digest, shared_bytes bytes) {
  write_batch batch;
  if (!scripts_.contains(digest))
    fresh_.insert(digest);
  auto frame = make_frame(record_kind::script, digest, bytes.view());
  batch.put(column::scripts, digest, std::move(frame), std::move(bytes));
  return batch;
}

caf::expected<shared_bytes> registration_table::get_script(const std::string& digest) const {
  auto bytes = read_script(digest);
  if (bytes && sha256_hex(bytes->view()) != digest)
    return fail(storage_error::corrupted, "script " + digest);
  return bytes;
}

caf::expected<shared_bytes> registration_table::read_script(const std::string& digest) const {
  if (!is_sha256_hex(digest))
    return fail(storage_error::not_found);
  const auto record = db_->get(column::scripts, digest, nullptr, database::caching::pass);
  if (!record)
    return record.error();
  return open_frame(record_kind::script, digest, *record);
}

caf::expected<shared_bytes> registration_table::get_artifact(const artifact_name& name) const {
  const auto key = artifact_key(name);
  const auto record = db_->get(column::artifacts, key, nullptr, database::caching::pass);
  if (!record)
    return record.error();
  auto found = decode_artifact(key, *record);
  if (!found)
    return found.error();
  const auto is_meant = found->engine_build == name.engine_build && found->type == name.type
                        && found->script.url == name.script.url
                        && found->script.sha256 == name.script.sha256;
  if (!is_meant)
    return fail(storage_error::not_found);
  return std::move(found->bytes);
}

caf::expected<write_batch> registration_table::put_artifact(const artifact_name& name,
                                                            shared_bytes bytes) const {
  if (!is_storable(name.key) || !is_sha256_hex(name.worker_sha256) || bytes.is_detached()
      || bytes.size() > limits::artifact_bytes_max)
    return fail(storage_error::refused, "TypeError: the artifact cannot be stored");
  if (!scripts_.contains(name.worker_sha256) && !fresh_.contains(name.worker_sha256))
    return fail(storage_error::refused, "TypeError: the artifact's worker is not stored");
  const auto key = artifact_key(name);
  write_batch batch;
  batch.put(
      column::artifacts, key,
      encode(key, artifact_record{name.engine_build, name.type, name.script, std::move(bytes)}));
  return batch;
}

caf::expected<uint64_t> registration_table::bytes_of(const storage_key& key) const {
  uint64_t sum = 0;
  name_counts::names digests;
  const auto registration = [&](std::string_view row_key, std::string_view value) {
    sum += value.size();
    if (const auto row = decode_registration(row_key, shared_bytes{std::string{value}}))
      digests.merge(scripts_of(*row));
    return true;
  };
  if (auto err = db_->scan(column::meta, registration_row_key(key, {}), registration))
    return err;
  for (const auto& digest : digests)
    if (const auto script = db_->get(column::scripts, digest, nullptr, database::caching::pass))
      sum += script->size();
  const auto artifact = [&](std::string_view, std::string_view value) {
    sum += value.size();
    return true;
  };
  if (auto err = db_->scan(column::artifacts, artifact_prefix(key), artifact))
    return err;
  return sum;
}

write_batch registration_table::quarantine_script(const std::string& digest) {
  write_batch batch;
  quarantine_row(batch, *db_, column::scripts, digest, log_);
  return batch;
}

caf::expected<uint64_t> registration_table::take_worker_id(write_batch& batch) {
  const auto key = worker_counter_key();
  if (next_worker_id_ == 0) {
    const auto record = db_->get(column::meta, key);
    if (!record && record.error() == storage_error::io_failed)
      return record.error();
    const auto stored = record ? decode_number(record_kind::counter, key, *record) : record.error();
    if (stored)
      next_worker_id_ = *stored;
    else if (!record && record.error() == storage_error::not_found)
      next_worker_id_ = 1;
    else
      next_worker_id_ = guess_worker_id();
  }
  const auto id = next_worker_id_++;
  batch.put(column::meta, key, encode_number(record_kind::counter, key, next_worker_id_));
  return id;
}

uint64_t registration_table::guess_worker_id() const {
  log_(storage_log_level::error, "the worker counter is damaged; ids go on far above those in use");
  uint64_t greatest = 0;
  if (const auto all = list())
    for (const auto& registration : all->registrations)
      greatest = std::max({greatest, static_cast<uint64_t>(registration.active.descriptor.id),
                           static_cast<uint64_t>(registration.waiting.descriptor.id)});
  return greatest + worker_id_jump;
}

} // namespace offstage

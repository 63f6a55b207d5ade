// SPDX-License-Identifier: MIT
#include "storage/database.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/write_batch.h>

#include "protocol/errors.hpp"
#include "storage/database_tuning.hpp"
#include "storage/format.hpp"
#include "storage/key_codec.hpp"

namespace offstage {

struct database::impl {
  // Declared in the order of their needs: the database goes first, its environment last.
  std::shared_ptr<rocksdb::Env> env;
  std::shared_ptr<rocksdb::Cache> cache;
  std::unique_ptr<rocksdb::DB> db;
  std::array<rocksdb::ColumnFamilyHandle*, column_count> columns{};
  sync_policy sync = sync_policy::honest;

  rocksdb::ColumnFamilyHandle* at(column where) const {
    return columns[static_cast<size_t>(where)];
  }

  ~impl() {
    if (!db)
      return;
    for (auto* handle : columns)
      if (handle != nullptr)
        db->DestroyColumnFamilyHandle(handle).PermitUncheckedError();
    db->Close().PermitUncheckedError();
  }
};

class database_view {
public:
  explicit database_view(std::shared_ptr<database::impl> owner)
      : owner_(std::move(owner)), snapshot_(owner_->db->GetSnapshot()) {}

  database_view(const database_view&) = delete;
  database_view& operator=(const database_view&) = delete;

  ~database_view() { owner_->db->ReleaseSnapshot(snapshot_); }

  const rocksdb::Snapshot* snapshot() const { return snapshot_; }

private:
  std::shared_ptr<database::impl> owner_;
  const rocksdb::Snapshot* snapshot_;
};

namespace {

using column_descriptors = std::vector<rocksdb::ColumnFamilyDescriptor>;

rocksdb::Slice slice_of(std::string_view bytes) {
  return {bytes.data(), bytes.size()};
}

std::string_view view_of(const rocksdb::Slice& slice) {
  return {slice.data(), slice.size()};
}

caf::error translate(const rocksdb::Status& status, const std::string& what) {
  if (status.ok())
    return caf::none;
  if (status.IsNotFound())
    return fail(storage_error::not_found);
  const auto text = what + ": " + status.ToString();
  if (status.IsCorruption())
    return fail(storage_error::corrupted, text);
  return fail(storage_error::io_failed, text);
}

caf::error translate_open(const rocksdb::Status& status, const std::string& directory) {
  // RocksDB has no status code for a lock that is held.
  const auto text = status.ToString();
  if (status.IsIOError() && text.find("lock") != std::string::npos
      && text.find("/LOCK") != std::string::npos)
    return fail(storage_error::refused, directory + " is in use by another process");
  return translate(status, directory);
}

rocksdb::ReadOptions read_options(const database_view_ptr& view) {
  rocksdb::ReadOptions options;
  if (view)
    options.snapshot = view->snapshot();
  return options;
}

column_descriptors make_descriptors(const std::shared_ptr<rocksdb::Cache>& cache) {
  column_descriptors result;
  for (size_t i = 0; i < column_count; ++i) {
    const auto where = static_cast<column>(i);
    result.emplace_back(column_name(where), tuned_column_options(where, cache));
  }
  return result;
}

/// The format record of a directory with column families that this version does not know; reading
/// needs only the default one.
caf::error refuse_unknown_columns(const rocksdb::DBOptions& options, const std::string& directory) {
  rocksdb::DB* opened = nullptr;
  const auto status = rocksdb::DB::OpenForReadOnly({options, {}}, directory, &opened);
  if (!status.ok())
    return translate_open(status, directory);
  const std::unique_ptr<rocksdb::DB> db{opened};
  std::string value;
  if (!db->Get({}, format_key(), &value).ok())
    return fail(storage_error::refused, directory + " is not a data directory of Offstage");
  if (auto err = check_format(value, directory))
    return err;
  return fail(storage_error::refused, directory + " holds column families of another program");
}

bool has_unknown_columns(const rocksdb::DBOptions& options, const std::string& directory) {
  std::vector<std::string> names;
  if (!rocksdb::DB::ListColumnFamilies(options, directory, &names).ok())
    return false; // There is no database yet.
  return std::ranges::any_of(names, [](const std::string& name) {
    for (size_t i = 0; i < column_count; ++i)
      if (name == column_name(static_cast<column>(i)))
        return false;
    return true;
  });
}

caf::error write_format(database& db) {
  auto batch = std::make_shared<write_batch>();
  batch->put(column::meta, format_key(), make_format_record());
  const write_batch_ptr batches[] = {std::move(batch)};
  return db.write(batches, durability::strict);
}

// Version 1 is version 2 without rows of databases and artifacts.
caf::error ensure_format(database& db, const std::string& directory) {
  const auto record = db.get(column::meta, format_key());
  if (record) {
    if (auto err = check_format(record->view(), directory))
      return err;
    return record->view() == make_format_record() ? caf::none : write_format(db);
  }
  if (record.error() != storage_error::not_found)
    return record.error();
  bool is_empty = true;
  const auto seen = [&](std::string_view, std::string_view) { return is_empty = false; };
  if (auto err = db.scan(column::meta, {}, seen))
    return err;
  if (!is_empty)
    return fail(storage_error::refused, directory + " is not a data directory of Offstage");
  return write_format(db);
}

void append(rocksdb::WriteBatch& target, const database::impl& db,
            const write_batch::operation& operation) {
  auto* where = db.at(operation.where);
  switch (operation.what) {
  case write_batch::action::put: {
    const rocksdb::Slice key = operation.key;
    const rocksdb::Slice value[] = {operation.head, slice_of(operation.tail.view())};
    target.Put(where, {&key, 1}, {value, 2}).PermitUncheckedError();
    break;
  }
  case write_batch::action::remove:
    target.Delete(where, operation.key).PermitUncheckedError();
    break;
  case write_batch::action::remove_range:
    target.DeleteRange(where, operation.key, operation.head).PermitUncheckedError();
    break;
  }
}

class row_cursor final : public database_cursor {
public:
  row_cursor(const database::impl& db, column where, std::string begin, std::string end,
             const database_view_ptr& view)
      : where_(where),
        begin_(std::move(begin)),
        end_(std::move(end)),
        begin_slice_(begin_),
        end_slice_(end_) {
    auto options = read_options(view);
    options.iterate_lower_bound = &begin_slice_;
    options.iterate_upper_bound = &end_slice_;
    options.total_order_seek = true;
    row_.reset(db.db->NewIterator(options, db.at(where)));
  }

  void seek(std::string_view key) override { row_->Seek(slice_of(key)); }
  void seek_before(std::string_view key) override {
    row_->SeekForPrev(slice_of(key));
    if (row_->Valid() && view_of(row_->key()) == key)
      row_->Prev();
  }
  void next() override { row_->Next(); }
  void previous() override { row_->Prev(); }
  bool valid() const override { return row_->Valid(); }
  std::string_view key() const override { return view_of(row_->key()); }
  std::string_view value() const override { return view_of(row_->value()); }
  caf::error status() const override {
    return translate(row_->status(), "walk in " + column_name(where_));
  }

private:
  // The iterator refers to the slices, and those to the strings.
  column where_;
  std::string begin_;
  std::string end_;
  rocksdb::Slice begin_slice_;
  rocksdb::Slice end_slice_;
  std::unique_ptr<rocksdb::Iterator> row_;
};

/// Keeps a block alive that a reader still looks at; the cache has to outlive its block.
struct pinned_block {
  std::shared_ptr<rocksdb::Cache> cache;
  rocksdb::PinnableSlice bytes;
};

} // namespace

caf::expected<database_ptr> database::open(const storage_options& options) {
  auto state = std::make_shared<impl>();
  state->env = options.env;
  state->sync = options.sync;
  state->cache = rocksdb::NewLRUCache(options.block_cache_bytes);
  const auto tuned = tuned_database_options(options);
  if (has_unknown_columns(tuned, options.directory))
    return refuse_unknown_columns(tuned, options.directory);
  rocksdb::DB* opened = nullptr;
  std::vector<rocksdb::ColumnFamilyHandle*> handles;
  const auto status = rocksdb::DB::Open(tuned, options.directory, make_descriptors(state->cache),
                                        &handles, &opened);
  if (!status.ok())
    return translate_open(status, options.directory);
  state->db.reset(opened);
  std::ranges::copy(handles, state->columns.begin());
  auto result = std::make_shared<database>(std::move(state));
  if (auto err = ensure_format(*result, options.directory))
    return err;
  return result;
}

caf::expected<shared_bytes> database::get(column where, std::string_view key,
                                          const database_view_ptr& view, caching blocks) const {
  auto options = read_options(view);
  options.fill_cache = blocks == caching::keep;
  auto block = std::make_shared<pinned_block>();
  block->cache = impl_->cache;
  const auto status = impl_->db->Get(options, impl_->at(where), slice_of(key), &block->bytes);
  if (!status.ok())
    return translate(status, "read from " + column_name(where));
  const auto* data = block->bytes.data();
  const auto size = block->bytes.size();
  return shared_bytes::adopt(std::move(block), data, size);
}

caf::error database::scan(column where, std::string_view prefix, const visitor& visit,
                          const database_view_ptr& view, std::string_view start) const {
  auto options = read_options(view);
  const auto end = prefix_end(std::string{prefix});
  const auto end_slice = slice_of(end);
  if (!end.empty())
    options.iterate_upper_bound = &end_slice;
  const auto filtered = where == column::index && prefix.size() >= index_prefix_bytes;
  options.total_order_seek = !filtered;
  options.prefix_same_as_start = filtered;
  const std::unique_ptr<rocksdb::Iterator> row{impl_->db->NewIterator(options, impl_->at(where))};
  for (row->Seek(slice_of(std::max(prefix, start))); row->Valid(); row->Next())
    if (!visit(view_of(row->key()), view_of(row->value())))
      break;
  return translate(row->status(), "scan of " + column_name(where));
}

std::unique_ptr<database_cursor> database::cursor(column where, std::string begin, std::string end,
                                                  const database_view_ptr& view) const {
  return std::make_unique<row_cursor>(*impl_, where, std::move(begin), std::move(end), view);
}

std::optional<std::string> database::last_key(column where, std::string_view prefix) const {
  auto options = read_options(nullptr);
  options.total_order_seek = true;
  const std::unique_ptr<rocksdb::Iterator> row{impl_->db->NewIterator(options, impl_->at(where))};
  const auto end = prefix_end(std::string{prefix});
  if (end.empty())
    row->SeekToLast();
  else
    row->SeekForPrev(end);
  if (row->Valid() && !end.empty() && view_of(row->key()) == end)
    row->Prev();
  if (!row->Valid() || !row->key().starts_with(slice_of(prefix)))
    return std::nullopt;
  return row->key().ToString();
}

caf::error database::write(std::span<const write_batch_ptr> batches, durability level) {
  size_t bytes = 0;
  for (const auto& batch : batches)
    bytes += batch->bytes() + batch->operations().size() * 16;
  rocksdb::WriteBatch merged{bytes};
  for (const auto& batch : batches)
    for (const auto& operation : batch->operations())
      append(merged, *impl_, operation);
  const auto sync = level == durability::strict && impl_->sync == sync_policy::honest;
  rocksdb::WriteOptions options;
  options.sync = sync;
  if (merged.Count() > 0)
    return translate(impl_->db->Write(options, &merged), "write");
  return sync ? translate(impl_->db->SyncWAL(), "sync") : caf::none;
}

database_view_ptr database::view() const {
  return std::make_shared<const database_view>(impl_);
}

caf::error database::resume() {
  // RocksDB gives up for good when it resumes and the disk still refuses, so the disk is asked
  // first.
  auto* env = impl_->db->GetEnv();
  const auto probe = impl_->db->GetName() + "/resume.probe";
  const std::string bytes(limits::resume_probe_bytes, '\0');
  const auto status = rocksdb::WriteStringToFile(env, bytes, probe, true);
  env->DeleteFile(probe).PermitUncheckedError();
  if (!status.ok())
    return translate(status, "probe of the disk");
  return translate(impl_->db->Resume(), "resume");
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "storage/database_tuning.hpp"

#include <algorithm>
#include <array>

#include <rocksdb/cache.h>
#include <rocksdb/convenience.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/listener.h>
#include <rocksdb/options.h>
#include <rocksdb/slice_transform.h>
#include <rocksdb/table.h>

#include "storage/key_codec.hpp"

namespace offstage {

namespace {

bool is_supported(rocksdb::CompressionType type) {
  const auto all = rocksdb::GetSupportedCompressions();
  return std::ranges::find(all, type) != all.end();
}

rocksdb::CompressionType compression_of(column where) {
  // Bodies are mostly images and compressed text: trying costs time and gains nothing. Scripts are
  // text that is read once per worker start.
  const auto wanted = where == column::bodies    ? rocksdb::kNoCompression
                      : where == column::scripts ? rocksdb::kZSTD
                                                 : rocksdb::kLZ4Compression;
  return is_supported(wanted) ? wanted : rocksdb::kNoCompression;
}

/// Leaves it to the writer when to try again: RocksDB's own recovery looks at the free space every
/// few seconds only, and refuses any other attempt meanwhile.
class no_automatic_recovery : public rocksdb::EventListener {
public:
  void OnErrorRecoveryBegin(rocksdb::BackgroundErrorReason, rocksdb::Status status,
                            bool* automatic) override {
    status.PermitUncheckedError();
    *automatic = false;
  }
};

rocksdb::BlockBasedTableOptions table_options(column where,
                                              const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = cache;
  // Index and filter blocks count against the cache's budget instead of growing beside it.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10));
  table.optimize_filters_for_memory = true;
  table.format_version = 5;
  table.checksum = rocksdb::kXXH3;
  // Rows of the index are small and looked up one by one; a body record is larger than any block.
  table.block_size = where == column::index || where == column::meta ? 4096 : 16384;
  return table;
}

} // namespace

const std::string& column_name(column where) {
  static const std::array<std::string, column_count> names{
      "default", "scripts", "entries", "index", "bodies", "quarantine", "databases", "artifacts"};
  return names[static_cast<size_t>(where)];
}

rocksdb::DBOptions tuned_database_options(const storage_options& options) {
  rocksdb::DBOptions tuned;
  tuned.create_if_missing = true;
  tuned.create_missing_column_families = true;
  if (options.env)
    tuned.env = options.env.get();
  tuned.max_open_files = limits::table_files_open_max;
  tuned.max_file_opening_threads = 1;
  tuned.db_write_buffer_size = limits::write_buffers_bytes;
  tuned.max_total_wal_size = limits::write_ahead_bytes_max;
  // A crash leaves a prefix of what was written, whatever the file system did with the rest.
  tuned.wal_recovery_mode = rocksdb::WALRecoveryMode::kPointInTimeRecovery;
  tuned.max_background_jobs = 2;
  // Table files reach the disk while they are written, not all at once at their end.
  tuned.bytes_per_sync = size_t{1} << 20;
  // RocksDB's own log is for its developers: little of it, and none of its periodic statistics.
  tuned.info_log_level = rocksdb::InfoLogLevel::WARN_LEVEL;
  tuned.max_log_file_size = size_t{1} << 20;
  tuned.keep_log_file_num = 2;
  tuned.stats_dump_period_sec = 0;
  tuned.stats_persist_period_sec = 0;
  tuned.max_manifest_file_size = size_t{4} << 20;
  tuned.avoid_unnecessary_blocking_io = true;
  tuned.listeners.push_back(std::make_shared<no_automatic_recovery>());
  // One writer only: nobody to spin for.
  tuned.enable_write_thread_adaptive_yield = false;
  return tuned;
}

rocksdb::ColumnFamilyOptions tuned_column_options(column where,
                                                  const std::shared_ptr<rocksdb::Cache>& cache) {
  rocksdb::ColumnFamilyOptions tuned;
  tuned.compression = compression_of(where);
  tuned.bottommost_compression = tuned.compression;
  const auto is_large = where == column::bodies || where == column::databases;
  tuned.write_buffer_size = is_large ? size_t{16} << 20 : size_t{4} << 20;
  tuned.max_write_buffer_number = is_large ? 3 : 2;
  tuned.target_file_size_base = size_t{32} << 20;
  tuned.level_compaction_dynamic_level_bytes = true;
  tuned.table_factory.reset(rocksdb::NewBlockBasedTableFactory(table_options(where, cache)));
  if (where == column::databases) {
    // A long value is written once more when its memtable is, and never again by compaction.
    tuned.enable_blob_files = true;
    tuned.min_blob_size = limits::idb_blob_bytes_min;
    tuned.blob_compression_type = rocksdb::kNoCompression;
    tuned.enable_blob_garbage_collection = true;
  }
  if (where == column::index) {
    // A lookup of a URL that is in no cache ends at the filter.
    tuned.prefix_extractor.reset(rocksdb::NewFixedPrefixTransform(index_prefix_bytes));
    tuned.memtable_prefix_bloom_size_ratio = 0.05;
  }
  return tuned;
}

} // namespace offstage

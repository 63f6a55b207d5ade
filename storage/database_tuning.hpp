// SPDX-License-Identifier: MIT
#pragma once

// How RocksDB is opened: every option that differs from its default, with the reason. Used by
// database.cpp only.

#include <memory>
#include <string>

#include "storage/options.hpp"
#include "storage/write_batch.hpp"

namespace rocksdb {
class Cache;
struct DBOptions;
struct ColumnFamilyOptions;
} // namespace rocksdb

namespace offstage {

/// The column family's name on disk.
const std::string& column_name(column where);

rocksdb::DBOptions tuned_database_options(const storage_options& options);
rocksdb::ColumnFamilyOptions tuned_column_options(column where,
                                                  const std::shared_ptr<rocksdb::Cache>& cache);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// A file system that can lose power: whatever was not synced before power_loss() is gone after
// lose_unsynced_data(). On RocksDB's public FileSystemWrapper; forwards to a real file system.

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include <rocksdb/file_system.h>

namespace offstage::test {

class crash_fs : public rocksdb::FileSystemWrapper {
public:
  using rocksdb::FileSystemWrapper::FileSystemWrapper;

  const char* Name() const override { return "crash_fs"; }

  rocksdb::IOStatus NewWritableFile(const std::string& path, const rocksdb::FileOptions& options,
                                    std::unique_ptr<rocksdb::FSWritableFile>* result,
                                    rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus RenameFile(const std::string& from, const std::string& to,
                               const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;
  rocksdb::IOStatus DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                               rocksdb::IODebugContext* context) override;

  /// Fails every later write. The database has to be closed before lose_unsynced_data().
  void power_loss() { set_condition(condition::off); }

  /// Fails every later write as a full disk does, until there is room again.
  void fill_disk() { set_condition(condition::full); }
  void empty_disk() { set_condition(condition::fine); }

  /// Cuts every file back to what its last sync made durable, and has power again; returns the
  /// bytes lost.
  uint64_t lose_unsynced_data();

  uint64_t syncs() const;

private:
  class file;
  struct file_state {
    uint64_t written = 0;
    uint64_t synced = 0;
  };

  enum class condition : uint8_t { fine, full, off };
  void set_condition(condition now);

  /// Why a write fails now; ok if it does not.
  rocksdb::IOStatus refusal() const;
  void wrote(const std::string& path, uint64_t bytes);
  void synced(const std::string& path);

  mutable std::mutex mutex_;
  condition condition_ = condition::fine;
  uint64_t syncs_ = 0;
  std::map<std::string, file_state> files_;
};

} // namespace offstage::test

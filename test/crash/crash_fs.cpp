// SPDX-License-Identifier: MIT
#include "test/crash/crash_fs.hpp"

#include <filesystem>

namespace offstage::test {

class crash_fs::file : public rocksdb::FSWritableFileOwnerWrapper {
public:
  file(crash_fs* fs, std::string path, std::unique_ptr<rocksdb::FSWritableFile>&& target)
      : rocksdb::FSWritableFileOwnerWrapper(std::move(target)), fs_(fs), path_(std::move(path)) {}

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           rocksdb::IODebugContext* context) override {
    if (auto refused = fs_->refusal(); !refused.ok())
      return refused;
    auto status = FSWritableFileOwnerWrapper::Append(data, options, context);
    if (status.ok())
      fs_->wrote(path_, data.size());
    return status;
  }

  rocksdb::IOStatus Append(const rocksdb::Slice& data, const rocksdb::IOOptions& options,
                           const rocksdb::DataVerificationInfo&,
                           rocksdb::IODebugContext* context) override {
    return Append(data, options, context);
  }

  rocksdb::IOStatus Sync(const rocksdb::IOOptions& options,
                         rocksdb::IODebugContext* context) override {
    if (auto refused = fs_->refusal(); !refused.ok())
      return refused;
    auto status = FSWritableFileOwnerWrapper::Sync(options, context);
    if (status.ok())
      fs_->synced(path_);
    return status;
  }

  rocksdb::IOStatus Fsync(const rocksdb::IOOptions& options,
                          rocksdb::IODebugContext* context) override {
    return Sync(options, context);
  }

private:
  crash_fs* fs_;
  std::string path_;
};

rocksdb::IOStatus crash_fs::NewWritableFile(const std::string& path,
                                            const rocksdb::FileOptions& options,
                                            std::unique_ptr<rocksdb::FSWritableFile>* result,
                                            rocksdb::IODebugContext* context) {
  if (auto refused = refusal(); !refused.ok())
    return refused;
  auto status = target()->NewWritableFile(path, options, result, context);
  if (!status.ok())
    return status;
  const std::lock_guard guard{mutex_};
  files_[path] = {};
  *result = std::make_unique<file>(this, path, std::move(*result));
  return status;
}

rocksdb::IOStatus crash_fs::RenameFile(const std::string& from, const std::string& to,
                                       const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* context) {
  if (auto refused = refusal(); !refused.ok())
    return refused;
  auto status = target()->RenameFile(from, to, options, context);
  const std::lock_guard guard{mutex_};
  if (auto node = files_.extract(from); status.ok() && node)
    files_.insert_or_assign(to, node.mapped());
  return status;
}

rocksdb::IOStatus crash_fs::DeleteFile(const std::string& path, const rocksdb::IOOptions& options,
                                       rocksdb::IODebugContext* context) {
  if (auto refused = refusal(); !refused.ok())
    return refused;
  const std::lock_guard guard{mutex_};
  files_.erase(path);
  return target()->DeleteFile(path, options, context);
}

uint64_t crash_fs::lose_unsynced_data() {
  const std::lock_guard guard{mutex_};
  uint64_t lost = 0;
  for (const auto& [path, state] : files_) {
    std::error_code failed;
    const auto size = std::filesystem::file_size(path, failed);
    if (failed || size <= state.synced)
      continue;
    lost += size - state.synced;
    std::filesystem::resize_file(path, state.synced, failed);
  }
  condition_ = condition::fine;
  files_.clear();
  return lost;
}

uint64_t crash_fs::syncs() const {
  const std::lock_guard guard{mutex_};
  return syncs_;
}

void crash_fs::set_condition(condition now) {
  const std::lock_guard guard{mutex_};
  condition_ = now;
}

rocksdb::IOStatus crash_fs::refusal() const {
  const std::lock_guard guard{mutex_};
  if (condition_ == condition::off)
    return rocksdb::IOStatus::IOError("power loss");
  if (condition_ == condition::full)
    return rocksdb::IOStatus::NoSpace("disk full");
  return rocksdb::IOStatus::OK();
}

void crash_fs::wrote(const std::string& path, uint64_t bytes) {
  const std::lock_guard guard{mutex_};
  files_[path].written += bytes;
}

void crash_fs::synced(const std::string& path) {
  const std::lock_guard guard{mutex_};
  ++syncs_;
  files_[path].synced = files_[path].written;
}

} // namespace offstage::test

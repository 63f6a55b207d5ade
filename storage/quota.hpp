// SPDX-License-Identifier: MIT
#pragma once

// What one storage key uses and may use. Shared by the key's cache_storage actor, which owns the
// usage of caches, its indexed_db actor, which owns that of databases, and the write pipeline,
// which reserves for bodies of unknown length while they arrive. Thread-safe.

#include <cstdint>
#include <memory>
#include <mutex>

namespace offstage {

class quota_account {
  template <class F>
  auto locked(F f) const {
    const std::lock_guard guard{mutex_};
    return f();
  }

public:
  explicit quota_account(uint64_t quota_bytes) : quota_bytes_(quota_bytes) {}

  /// What caches have stored, as the usage row has it.
  uint64_t usage() const {
    return locked([this] { return usage_; });
  }
  void set_usage(uint64_t bytes) {
    locked([&] { return usage_ = bytes; });
  }

  /// What databases have stored.
  uint64_t databases_usage() const {
    return locked([this] { return databases_usage_; });
  }
  void change_databases_usage(int64_t growth) {
    locked([&] { return databases_usage_ += static_cast<uint64_t>(growth); });
  }

  /// What registrations, their scripts and artifacts take.
  void set_scripts_usage(uint64_t bytes) {
    locked([&] { return scripts_usage_ = bytes; });
  }

  uint64_t total_usage() const {
    return locked([this] { return usage_ + databases_usage_ + scripts_usage_; });
  }

  uint64_t quota() const { return quota_bytes_; }

  /// Whether so much would fit beside what is stored and reserved.
  bool fits(uint64_t bytes) const {
    return locked([&] { return has_room(bytes); });
  }

  bool reserve(uint64_t bytes) {
    return locked([&] {
      const auto room = has_room(bytes);
      reserved_ += room ? bytes : 0;
      return room;
    });
  }

  void release(uint64_t bytes) {
    locked([&] { return reserved_ -= bytes; });
  }

private:
  bool has_room(uint64_t bytes) const {
    auto room = quota_bytes_;
    for (const auto used : {usage_, databases_usage_, scripts_usage_, reserved_, bytes}) {
      if (used > room)
        return false;
      room -= used;
    }
    return true;
  }

  const uint64_t quota_bytes_;
  mutable std::mutex mutex_;
  uint64_t usage_ = 0;
  uint64_t databases_usage_ = 0;
  uint64_t scripts_usage_ = 0;
  uint64_t reserved_ = 0;
};

using quota_account_ptr = std::shared_ptr<quota_account>;

/// What one put has reserved; gives it back when it ends, however it ends.
class quota_reservation {
public:
  explicit quota_reservation(quota_account_ptr account) : account_(std::move(account)) {}
  quota_reservation(const quota_reservation&) = delete;
  quota_reservation& operator=(const quota_reservation&) = delete;
  ~quota_reservation() { give_back(); }

  bool add(uint64_t bytes) {
    if (!account_->reserve(bytes))
      return false;
    bytes_ += bytes;
    return true;
  }

  void give_back() {
    account_->release(bytes_);
    bytes_ = 0;
  }

private:
  quota_account_ptr account_;
  uint64_t bytes_ = 0;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Rows to be changed together: all of them or none. A value; it is handed to the writer and not
// touched afterwards. Large values are shared, not copied, until RocksDB takes them.

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "protocol/shared_bytes.hpp"

namespace offstage {

/// The column families. The order is internal; their names are part of the format.
enum class column : uint8_t {
  meta,
  scripts,
  entries,
  index,
  bodies,
  quarantine,
  databases,
  artifacts
};
inline constexpr size_t column_count = 8;

/// relaxed: the operating system has it, so it survives the death of the process. strict: the disk
/// has it.
enum class durability : uint8_t { relaxed, strict };

class write_batch {
public:
  enum class action : uint8_t { put, remove, remove_range };

  struct operation {
    action what = action::put;
    column where = column::meta;
    std::string key;
    std::string head;  ///< put: the value's first bytes; remove_range: the end, exclusive.
    shared_bytes tail; ///< put: the rest of the value.
  };

  void put(column where, std::string key, std::string value) {
    put(where, std::move(key), std::move(value), {});
  }

  void put(column where, std::string key, std::string head, shared_bytes tail) {
    bytes_ += key.size() + head.size() + tail.size();
    operations_.push_back({action::put, where, std::move(key), std::move(head), std::move(tail)});
  }

  void remove(column where, std::string key) {
    bytes_ += key.size();
    operations_.push_back({action::remove, where, std::move(key), {}, {}});
  }

  void remove_range(column where, std::string begin, std::string end) {
    bytes_ += begin.size() + end.size();
    operations_.push_back({action::remove_range, where, std::move(begin), std::move(end), {}});
  }

  bool empty() const { return operations_.empty(); }
  size_t bytes() const { return bytes_; }
  const std::vector<operation>& operations() const { return operations_; }

private:
  std::vector<operation> operations_;
  size_t bytes_ = 0;
};

using write_batch_ptr = std::shared_ptr<const write_batch>;

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Opens files below a directory without leaving it, and reads them. Owns a descriptor.

#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace offstage {

class file_reader {
public:
  enum class kind : uint8_t { file, directory };

  file_reader(file_reader&& other) noexcept
      : descriptor_(std::exchange(other.descriptor_, -1)),
        kind_(other.kind_),
        size_(other.size_),
        modified_(other.modified_),
        modified_ns_(other.modified_ns_) {}
  file_reader& operator=(file_reader&&) = delete;
  ~file_reader();

  /// Walks the segments below `root` one by one, following no symbolic link. Nothing if there is no
  /// regular file or directory that may be read.
  static std::optional<file_reader> open(const std::string& root,
                                         const std::vector<std::string>& segments);

  /// At most `count` bytes at `offset`; nothing when the file cannot be read or has become shorter.
  std::optional<std::string> read(uint64_t offset, size_t count) const;

  kind type() const { return kind_; }
  uint64_t size() const { return size_; }
  time_t modified() const { return modified_; }

  /// Changes whenever the file is written.
  std::string entity_tag() const;

private:
  explicit file_reader(int descriptor) : descriptor_(descriptor) {}

  bool inspect();

  int descriptor_;
  kind kind_ = kind::file;
  uint64_t size_ = 0;
  time_t modified_ = 0;
  int64_t modified_ns_ = 0;
};

} // namespace offstage

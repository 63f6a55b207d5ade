// SPDX-License-Identifier: MIT
#pragma once

// A directory for one test, in memory if the machine has a memory file system, removed at the end.

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace offstage::test {

class temp_directory {
public:
  temp_directory() {
    std::error_code ignored;
    const auto in_memory = std::filesystem::is_directory("/dev/shm", ignored);
    const std::filesystem::path parent =
        in_memory ? std::filesystem::path{"/dev/shm"} : std::filesystem::temp_directory_path();
    auto pattern = (parent / "offstage-test-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr)
      throw std::runtime_error{"cannot create " + pattern};
    path_ = pattern;
  }

  temp_directory(const temp_directory&) = delete;
  temp_directory& operator=(const temp_directory&) = delete;

  ~temp_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  const std::filesystem::path& path() const { return path_; }
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

private:
  std::filesystem::path path_;
};

} // namespace offstage::test

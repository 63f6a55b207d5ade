// SPDX-License-Identifier: MIT
// Memory of one compilation: everything the parser builds lives here and dies with it at once. Only
// trivially destructible values may be placed in it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace offstage::lowering {

class arena {
public:
  arena() = default;
  arena(const arena&) = delete;
  arena& operator=(const arena&) = delete;

  template <class T, class... Args>
  T* make(Args&&... args) {
    static_assert(std::is_trivially_destructible_v<T>);
    return new (allocate(sizeof(T), alignof(T))) T{std::forward<Args>(args)...};
  }

  template <class T>
  std::span<T> copy(const std::vector<T>& items) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (items.empty())
      return {};
    T* first = static_cast<T*>(allocate(items.size() * sizeof(T), alignof(T)));
    std::copy(items.begin(), items.end(), first);
    return {first, items.size()};
  }

  std::string_view copy(std::string_view text) {
    char* first = static_cast<char*>(allocate(text.size(), 1));
    std::copy(text.begin(), text.end(), first);
    return {first, text.size()};
  }

private:
  static constexpr std::size_t chunk_bytes = 64 * 1024;

  void* allocate(std::size_t bytes, std::size_t alignment) {
    const std::size_t aligned = (used_ + alignment - 1) / alignment * alignment;
    if (aligned + bytes > capacity_) {
      capacity_ = std::max(chunk_bytes, bytes);
      chunks_.push_back(std::make_unique<std::byte[]>(capacity_));
      used_ = bytes;
      return chunks_.back().get();
    }
    used_ = aligned + bytes;
    return chunks_.back().get() + aligned;
  }

  std::vector<std::unique_ptr<std::byte[]>> chunks_;
  std::size_t used_ = 0;
  std::size_t capacity_ = 0;
};

} // namespace offstage::lowering

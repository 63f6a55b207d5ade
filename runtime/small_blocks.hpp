// SPDX-License-Identifier: MIT
#pragma once

// The small blocks of one JavaScript heap. A script makes and drops dozens of objects per event,
// nearly all of them small: a list of free blocks per size costs a tenth of a general allocator.
// Owned by engine_heap, used on the script's thread only. Destroying it drops every block.
//
// Blocks lie in runs of 16 KiB, one size each, cut from spans of 1 MiB. Every block's address is 8
// modulo 16, which no block of malloc is: that tells whose it is.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace offstage {

class small_blocks {
public:
  static constexpr std::size_t step_bytes = 16;
#if defined(__SANITIZE_ADDRESS__)
  static constexpr std::size_t block_bytes_max = 0; // The sanitizer has to see every block.
#else
  static constexpr std::size_t block_bytes_max = 512;
#endif

  small_blocks() = default;
  ~small_blocks();
  small_blocks(const small_blocks&) = delete;
  small_blocks& operator=(const small_blocks&) = delete;

  static bool owns(const void* block) {
    return (reinterpret_cast<std::uintptr_t>(block) & 8) != 0;
  }

  /// How much the block can hold.
  static std::size_t size_of(const void* block) {
    return run_of(block)->block_bytes;
  }

  /// From 1 to block_bytes_max bytes, aligned to 8. Null if there is no memory.
  void* allocate(std::size_t bytes) {
    auto* const from = open_[index_of(bytes)];
    if (from == nullptr || from->free == nullptr)
      return allocate_slowly(bytes);
    return take(*from);
  }

  void release(void* block) {
    auto* const from = run_of(block);
    auto* const freed = static_cast<free_block*>(block);
    freed->next = from->free;
    from->free = freed;
    if (--from->used == 0 || !from->is_open)
      release_slowly(*from);
  }

  /// Gives the memory of runs without blocks back to the system.
  void trim();

private:
  struct free_block {
    free_block* next;
  };

  struct run {
    free_block* free = nullptr;
    run* previous = nullptr; ///< Open runs of the same size.
    run* next = nullptr;
    std::uint32_t used = 0;
    std::uint32_t fresh = 0; ///< Where blocks begin that were never used, in bytes.
    std::uint32_t block_bytes = 0;
    bool is_open = false; ///< Listed: it has a block to give.
  };

  static constexpr std::size_t run_bytes = std::size_t{16} << 10;
  static constexpr std::size_t span_bytes = std::size_t{1} << 20;
  static constexpr std::size_t first_block = 72; ///< 8 modulo 16, behind the run.
  static constexpr std::size_t size_count = 512 / step_bytes;
  static_assert(sizeof(run) <= first_block);

  static std::size_t index_of(std::size_t bytes) {
    return (bytes - 1) / step_bytes;
  }
  static run* run_of(const void* block) {
    return reinterpret_cast<run*>(reinterpret_cast<std::uintptr_t>(block) & ~(run_bytes - 1));
  }

  void* take(run& from) {
    auto* const block = from.free;
    from.free = block->next;
    ++from.used;
    return block;
  }
  void* allocate_slowly(std::size_t bytes);
  void release_slowly(run& freed);
  static bool extend(run& from);
  run* make_run(std::size_t bytes);
  bool add_span();
  void open(run& opened);
  void close(run& closed);

  std::array<run*, size_count> open_{};
  std::vector<void*> empty_;   ///< Runs without a size.
  std::vector<void*> trimmed_; ///< Those whose memory the system has.
  std::vector<void*> spans_;
};

} // namespace offstage

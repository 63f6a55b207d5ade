// SPDX-License-Identifier: MIT
#pragma once
// Memory accounting and the execution limits of one JavaScript heap. Owned by the engine, handed to
// Duktape as the heap's udata, so that allocator, fatal handler and execution hook reach it without
// any global. `interrupt` may be called from any thread; everything else belongs to the thread that
// runs the script.

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "runtime/small_blocks.hpp"

namespace offstage {

class engine;

enum class stop_cause : std::uint8_t { none, timed_out, terminated, out_of_memory };

/// Where script was; 0: unknown.
struct script_place {
  std::string file;
  int line = 0;
  int column = 0;
};

struct memory_stats {
  std::size_t used_bytes = 0;
  std::size_t peak_bytes = 0;
  std::size_t limit_bytes = 0;
  std::uint32_t allocation_failures = 0;
};

class engine_heap {
public:
  using clock = std::chrono::steady_clock;

  engine_heap(engine& owner, std::size_t limit_bytes) : owner_(owner), limit_bytes_(limit_bytes) {}

  void* allocate(std::size_t bytes);
  void* reallocate(void* block, std::size_t bytes);
  void release(void* block);
  /// Gives memory that no block is in back to the system.
  void trim();

  void set_limit(std::size_t bytes) { limit_bytes_ = bytes; }

  // Script running past the deadline is stopped by an error it cannot hold on to.
  void set_deadline(clock::time_point deadline);
  void clear_deadline();
  // Stops script now and for good; callable from every thread.
  void interrupt() { interrupted_.store(true, std::memory_order_relaxed); }

  // Asked by Duktape's hook every 256 Ki opcodes and by natives that loop for long.
  bool must_stop();
  // Why the running script was stopped, since the outermost entry.
  stop_cause cause() const { return cause_; }
  // The first place counts: the script's handlers see the same error again and again. `find` may
  // use the reserve of memory that script does not have.
  template <class Find>
  void stopped(Find find);
  const script_place& stopped_at() const { return stopped_at_; }
  void enter_script();
  void leave_script() { --depth_; }
  int depth() const { return depth_; }

  memory_stats stats() const { return {used_bytes_, peak_bytes_, limit_bytes_, failures_}; }
  engine& owner() const { return owner_; }

private:
  void* allocate_block(std::size_t bytes);
  void* move(void* block, std::size_t before, std::size_t bytes);
  bool may_grow(std::size_t bytes);
  void account(std::size_t before, std::size_t after);

  engine& owner_;
  small_blocks small_;
  std::size_t limit_bytes_;
  std::size_t used_bytes_ = 0;
  std::size_t peak_bytes_ = 0;
  std::uint32_t failures_ = 0;
  int depth_ = 0;
  stop_cause cause_ = stop_cause::none;
  script_place stopped_at_;
  bool may_use_reserve_ = false;
  std::atomic<bool> interrupted_{false};
  std::atomic<std::int64_t> deadline_ns_{INT64_MAX};
};

template <class Find>
void engine_heap::stopped(Find find) {
  if (stopped_at_.line != 0)
    return;
  may_use_reserve_ = true;
  stopped_at_ = find();
  may_use_reserve_ = false;
}

// Reads the bounds of the calling thread's stack. Reading them later may be impossible: a sealed
// child has no /proc, so whoever seals the process calls this first.
void prepare_native_stack_check();

} // namespace offstage

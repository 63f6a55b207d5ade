// SPDX-License-Identifier: MIT
#include "runtime/engine_heap.hpp"

#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "runtime/engine.hpp"
#include "runtime/engine_limits.hpp"

#include <malloc.h>
#include <pthread.h>

namespace offstage {

namespace {

// The hook that asks has no argument and every thread has its own stack, hence thread_local.
thread_local const char* stack_floor = nullptr;

const char* read_stack_floor(const char* here) {
  pthread_attr_t attributes;
  if (pthread_getattr_np(pthread_self(), &attributes) != 0)
    return here - (js_stack_fallback_bytes - js_stack_reserve_bytes);
  void* base = nullptr;
  std::size_t size = 0;
  pthread_attr_getstack(&attributes, &base, &size);
  pthread_attr_destroy(&attributes);
  return static_cast<const char*>(base) + std::min(js_stack_reserve_bytes, size / 2);
}

bool stack_is_low() {
  const char here = 0;
  if (stack_floor == nullptr)
    stack_floor = read_stack_floor(&here);
  return &here < stack_floor;
}

std::int64_t ticks(engine_heap::clock::time_point point) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(point.time_since_epoch()).count();
}

std::size_t size_of(void* block) {
  return small_blocks::owns(block) ? small_blocks::size_of(block) : malloc_usable_size(block);
}

} // namespace

void prepare_native_stack_check() {
  const char here = 0;
  stack_floor = read_stack_floor(&here);
}

bool engine_heap::may_grow(std::size_t bytes) {
  const auto limit = limit_bytes_ + (depth_ == 0 || may_use_reserve_ ? js_heap_reserve_bytes : 0);
  if (bytes <= limit && used_bytes_ <= limit - bytes)
    return true;
  ++failures_;
  return false;
}

void engine_heap::account(std::size_t before, std::size_t after) {
  used_bytes_ += after;
  used_bytes_ -= before;
  peak_bytes_ = std::max(peak_bytes_, used_bytes_);
}

void* engine_heap::allocate_block(std::size_t bytes) {
  return bytes <= small_blocks::block_bytes_max ? small_.allocate(bytes) : std::malloc(bytes);
}

void* engine_heap::allocate(std::size_t bytes) {
  if (bytes == 0 || !may_grow(bytes))
    return nullptr;
  auto* block = allocate_block(bytes);
  if (block != nullptr)
    account(0, size_of(block));
  return block;
}

/// To where a block of this size belongs.
void* engine_heap::move(void* block, std::size_t before, std::size_t bytes) {
  const auto is_small = small_blocks::owns(block);
  if (is_small && bytes <= before && bytes + small_blocks::step_bytes > before)
    return block;
  if (!is_small && bytes > small_blocks::block_bytes_max)
    return std::realloc(block, bytes);
  auto* moved = allocate_block(bytes);
  if (moved == nullptr)
    return bytes <= before ? block : nullptr;
  std::memcpy(moved, block, std::min(before, bytes));
  if (is_small)
    small_.release(block);
  else
    std::free(block);
  return moved;
}

void* engine_heap::reallocate(void* block, std::size_t bytes) {
  if (block == nullptr)
    return allocate(bytes);
  if (bytes == 0) {
    release(block);
    return nullptr;
  }
  const auto before = size_of(block);
  if (bytes > before && !may_grow(bytes - before))
    return nullptr;
  auto* moved = move(block, before, bytes);
  if (moved != nullptr)
    account(before, size_of(moved));
  return moved;
}

void engine_heap::release(void* block) {
  if (block == nullptr)
    return;
  account(size_of(block), 0);
  if (small_blocks::owns(block))
    small_.release(block);
  else
    std::free(block);
}

void engine_heap::trim() {
  small_.trim();
  ::malloc_trim(0);
}

void engine_heap::set_deadline(clock::time_point deadline) {
  deadline_ns_.store(ticks(deadline), std::memory_order_relaxed);
}

void engine_heap::clear_deadline() {
  deadline_ns_.store(INT64_MAX, std::memory_order_relaxed);
}

bool engine_heap::must_stop() {
  if (interrupted_.load(std::memory_order_relaxed))
    cause_ = stop_cause::terminated;
  else if (failures_ > js_allocation_failures_max)
    cause_ = stop_cause::out_of_memory;
  else if (ticks(clock::now()) > deadline_ns_.load(std::memory_order_relaxed))
    cause_ = stop_cause::timed_out;
  else
    return false;
  return true;
}

void engine_heap::enter_script() {
  if (depth_++ == 0)
    cause_ = stop_cause::none;
}

} // namespace offstage

extern "C" int offstage_exec_timeout(void* udata, void* running) {
  auto& heap = *static_cast<offstage::engine_heap*>(udata);
  if (!heap.must_stop())
    return 0;
  heap.stopped([&] { return offstage::running_place(static_cast<duk_context*>(running)); });
  return 1;
}

extern "C" int offstage_native_stack_check(void) {
  return offstage::stack_is_low() ? 1 : 0;
}

// Without memory for the error there would be one that says nothing.
extern "C" void offstage_creating_error(void* udata, int begins);
extern "C" void offstage_creating_error(void* udata, int begins) {
  auto& heap = *static_cast<offstage::engine_heap*>(udata);
  const auto limit = heap.stats().limit_bytes;
  heap.set_limit(begins != 0 ? limit + offstage::js_heap_reserve_bytes
                             : limit - offstage::js_heap_reserve_bytes);
}

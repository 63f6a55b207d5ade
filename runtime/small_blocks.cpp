// SPDX-License-Identifier: MIT
#include "runtime/small_blocks.hpp"

#include <new>

#include <sys/mman.h>

namespace offstage {

namespace {

/// Fresh blocks become free ones by as many at a time as touch few new pages.
constexpr std::size_t extend_bytes = 2048;

} // namespace

small_blocks::~small_blocks() {
  for (auto* span : spans_)
    ::munmap(span, span_bytes);
}

void* small_blocks::allocate_slowly(std::size_t bytes) {
  auto*& first = open_[index_of(bytes)];
  while (first != nullptr) {
    if (first->free != nullptr || extend(*first))
      return take(*first);
    close(*first);
  }
  auto* const made = make_run(bytes);
  if (made == nullptr)
    return nullptr;
  open(*made);
  extend(*made);
  return take(*made);
}

// A run that was full has a block again, or one has none left in use. The only open run of a size
// is kept: the next block of that size will come.
void small_blocks::release_slowly(run& freed) {
  if (!freed.is_open)
    open(freed);
  if (freed.used > 0 || (freed.next == nullptr && freed.previous == nullptr))
    return;
  close(freed);
  empty_.push_back(&freed);
}

bool small_blocks::extend(run& from) {
  const auto end = from.fresh + extend_bytes;
  auto* const base = reinterpret_cast<char*>(&from);
  free_block** tail = &from.free;
  while (*tail != nullptr)
    tail = &(*tail)->next;
  while (from.fresh < end && from.fresh + from.block_bytes <= run_bytes) {
    auto* const block = reinterpret_cast<free_block*>(base + from.fresh);
    *tail = block;
    tail = &block->next;
    from.fresh += from.block_bytes;
  }
  *tail = nullptr;
  return from.free != nullptr;
}

small_blocks::run* small_blocks::make_run(std::size_t bytes) {
  auto* from = &empty_;
  if (from->empty())
    from = &trimmed_;
  if (from->empty() && !add_span())
    return nullptr;
  auto* const made = new (from->back()) run;
  from->pop_back();
  made->block_bytes = static_cast<std::uint32_t>((index_of(bytes) + 1) * step_bytes);
  made->fresh = first_block;
  return made;
}

bool small_blocks::add_span() {
  const auto wanted = span_bytes + run_bytes;
  auto* const mapped =
      ::mmap(nullptr, wanted, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED)
    return false;
  const auto start = reinterpret_cast<std::uintptr_t>(mapped);
  const auto aligned = (start + run_bytes - 1) & ~(run_bytes - 1);
  const auto before = aligned - start;
  if (before > 0)
    ::munmap(mapped, before);
  if (run_bytes > before)
    ::munmap(reinterpret_cast<void*>(aligned + span_bytes), run_bytes - before);
  spans_.push_back(reinterpret_cast<void*>(aligned));
  for (auto offset = span_bytes; offset > 0; offset -= run_bytes)
    trimmed_.push_back(reinterpret_cast<void*>(aligned + offset - run_bytes));
  return true;
}

void small_blocks::open(run& opened) {
  auto*& first = open_[index_of(opened.block_bytes)];
  opened.is_open = true;
  opened.previous = nullptr;
  opened.next = first;
  if (first != nullptr)
    first->previous = &opened;
  first = &opened;
}

void small_blocks::close(run& closed) {
  if (closed.previous != nullptr)
    closed.previous->next = closed.next;
  else
    open_[index_of(closed.block_bytes)] = closed.next;
  if (closed.next != nullptr)
    closed.next->previous = closed.previous;
  closed.next = nullptr;
  closed.previous = nullptr;
  closed.is_open = false;
}

void small_blocks::trim() {
  for (auto*& first : open_) {
    if (first != nullptr && first->used == 0) {
      auto* const unused = first;
      close(*unused);
      empty_.push_back(unused);
    }
  }
  for (auto* unused : empty_) {
    ::madvise(unused, run_bytes, MADV_DONTNEED);
    trimmed_.push_back(unused);
  }
  empty_.clear();
}

} // namespace offstage

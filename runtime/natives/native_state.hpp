// SPDX-License-Identifier: MIT
#pragma once
// What natives of one heap share: pointers to intrinsics that the global stash keeps alive, and
// counters. Owned by the engine; read by natives through `state_of`.

#include <cstdint>

#include <duktape.h>

namespace offstage {

struct native_state {
  void* promise_constructor = nullptr;
  void* promise_prototype = nullptr;
  void* promise_then = nullptr;
  void* array_values = nullptr;
  void* iterator_prototype = nullptr;
  void* map_iterator_prototype = nullptr;
  void* set_iterator_prototype = nullptr;
  void* array_iterator_prototype = nullptr;
  void* string_iterator_prototype = nullptr;
  void* aggregate_prototype = nullptr;
  // [callback, held value] pairs of registries whose targets died.
  void* cleanups = nullptr;
  bool cleanup_task_posted = false;
  std::uint32_t weak_ids = 0;
  // [string, its UTF-16 units in a buffer, their count] of the last long text matched.
  void* regexp_subject = nullptr;
  // PCRE2's match context; the engine makes and frees it.
  void* regexp_limits = nullptr;
  // Two arrays: jobs are read from one while those they queue go to the other, which keeps
  // first-in-first-out order and lets memory go as soon as a batch is done.
  void* job_arrays[2] = {nullptr, nullptr};
  std::uint32_t job_counts[2] = {0, 0};
  int filling = 0;
  // Promises whose rejection (or late handling) the platform has not been told of.
  void* rejections = nullptr;
  std::uint32_t rejection_count = 0;
  bool rejection_task_posted = false;
  // State of Math.random; seeded by its first call, for a heap may be copied before.
  std::uint64_t random[2] = {0, 0};
  bool random_seeded = false;
};

native_state& state_of(duk_context* ctx);

// Stores the top of the stack in the stash under a name, gives its pointer, and pops it.
void* keep_in_stash(duk_context* ctx, const char* name);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Script values that native code holds on to: callbacks, event objects. They live in an array of
// the heap that script cannot reach; a handle is an index of it and is reused after drop(). Owned
// by a realm; dies with the heap. All members are plain: they may throw into script.

#include <cstdint>
#include <vector>

#include <duktape.h>

namespace offstage {

class handle_table {
public:
  using handle = uint32_t;

  /// Pops nothing.
  handle keep(duk_context* ctx, duk_idx_t index);
  void push(duk_context* ctx, handle kept) const;
  void drop(duk_context* ctx, handle kept);

private:
  void* array_ = nullptr;
  handle next_ = 0;
  std::vector<handle> free_;
};

} // namespace offstage

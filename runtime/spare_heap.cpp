// SPDX-License-Identifier: MIT
#include "runtime/spare_heap.hpp"

#include <utility>

#include "runtime/bindings/platform_engine.hpp"

namespace offstage {

namespace {

// Garbage of the making would be copied into every process that collects it, and compact objects
// share more pages. Two passes: finalizers run in the first.
void tidy(engine& js) {
  duk_gc(js.context(), 0);
  duk_gc(js.context(), DUK_GC_COMPACT);
}

} // namespace

spare_heap::spare_heap() = default;

spare_heap::~spare_heap() = default;

void spare_heap::fill() {
  const std::lock_guard lock{mutex_};
  if (engine_ != nullptr)
    return;
  engine_ = make_platform_engine({});
  tidy(*engine_);
}

std::unique_ptr<engine> spare_heap::take() {
  const std::lock_guard lock{mutex_};
  return std::exchange(engine_, nullptr);
}

} // namespace offstage

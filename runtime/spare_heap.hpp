// SPDX-License-Identifier: MIT
#pragma once

// A JavaScript heap made ahead for a worker that is not known yet. Shared by whoever fills it and
// the worker factory that empties it. The zygote fills one before it forks, and every worker
// process finds its copy full. Nothing in it differs between the workers of a node for good: no
// seed, no time, no script. An unused heap dies with its owner.

#include <memory>
#include <mutex>

namespace offstage {

class engine;

class spare_heap {
public:
  spare_heap();
  ~spare_heap();
  spare_heap(const spare_heap&) = delete;
  spare_heap& operator=(const spare_heap&) = delete;

  /// Makes the heap, unless there is one. Leaves no thread and no open file.
  void fill();

  /// The heap, once; null afterwards and before `fill`. Thread-safe, for a process has a script
  /// thread for each worker.
  std::unique_ptr<engine> take();

private:
  std::mutex mutex_;
  std::unique_ptr<engine> engine_;
};

} // namespace offstage

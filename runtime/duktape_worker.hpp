// SPDX-License-Identifier: MIT
#pragma once

// The worker on Duktape: protocol/worker.hpp for one ServiceWorkerGlobalScope. Owned by
// instance_child's script thread (or a scenario that drives it by hand); passive. When its script
// is stopped (deadline, interrupt, memory) every open event is settled and nothing runs any more.

#include <memory>

#include "protocol/worker.hpp"

namespace offstage {

class spare_heap;

worker_factory make_duktape_worker_factory();

/// The first worker gets the heap of `spare` if it has one; heaps of the others are made when they
/// are needed.
worker_factory make_duktape_worker_factory(std::shared_ptr<spare_heap> spare);

/// The same as the first with the time of somebody else, for scenarios in virtual time. The clock
/// is called on the script thread.
worker_factory make_duktape_worker_factory(std::function<worker::clock::time_point()> clock);

} // namespace offstage

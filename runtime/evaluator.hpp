// SPDX-License-Identifier: MIT
#pragma once

// The worker on Duktape for somebody who brings scripts one by one instead of an event that
// evaluates the instance's own: the verb eval. Owned by its caller and passive, as every worker;
// what nobody catches goes to worker_host::uncaught.

#include <memory>

#include "protocol/script.hpp"
#include "protocol/worker.hpp"
#include "runtime/engine_heap.hpp"

namespace offstage {

class evaluator : public worker {
public:
  /// Makes the global scope that of a dedicated worker. Only before the first script.
  virtual void become_dedicated() = 0;

  /// Runs a classic script in the global scope and a microtask checkpoint. Errors name the script
  /// by its `url`, which may be any text.
  virtual void evaluate(const script_source& script) = 0;

  /// The same for a module script, by whose URL errors name it. What it imports is fetched; as long
  /// as its top-level await waits, module_is_pending().
  virtual void evaluate_module(const script_source& script) = 0;
  virtual bool module_is_pending() const = 0;

  /// The script called close(): nothing that has not begun may run.
  virtual bool closed() const = 0;

  /// The heap has refused to grow at least once.
  virtual bool memory_was_short() const = 0;

  /// Why script was ended for good.
  virtual stop_cause stopped() const = 0;
};

/// The host outlives the worker. Of the constructor's script only the URL counts.
std::unique_ptr<evaluator> make_evaluator(const instance_constructor& constructor,
                                          worker_host& host);

} // namespace offstage

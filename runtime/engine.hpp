// SPDX-License-Identifier: MIT
#pragma once
// One JavaScript heap with everything around it that a worker needs: limits, microtasks, tasks and
// timers, evaluation of lowered scripts. Owned by the worker (duktape_worker) or a tool; lives in
// the process that runs script, on one thread at a time. No exception leaves it: what script threw
// comes back as data. If Duktape reports a fatal error the process dies, which for a child process
// is an ordinary event for its parent.

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <duktape.h>

#include "runtime/engine_event_loop.hpp"
#include "runtime/engine_heap.hpp"
#include "runtime/engine_limits.hpp"
#include "runtime/engine_native.hpp"
#include "runtime/natives/native_state.hpp"
#include "runtime/script_maps.hpp"

namespace offstage {

struct thrown_error {
  stop_cause stopped =
      stop_cause::none; // not `none`: script was stopped and saw no exception it could keep
  std::string name;
  std::string message;
  std::string file;
  int line = 0;
  int column = 0; // 0: unknown
  std::string stack;
};

// Either way exactly one value was left on the stack: the result, or what was thrown.
struct [[nodiscard]] script_outcome {
  std::optional<thrown_error> error;
  explicit operator bool() const { return !error.has_value(); }
};

struct lower_result {
  std::string code;
  script_map map;
  std::optional<std::string> error; // message of a SyntaxError; `code` is empty then
  script_place place;               // of the error
};

enum class rejection : std::uint8_t { unhandled, handled };

// What the embedding platform plugs in. Each may stay empty.
struct engine_hooks {
  // A callback nobody awaits threw (timer, microtask): HTML's "report an exception". The value is
  // the top of the stack and stays there.
  std::function<void(engine&, const thrown_error&)> report;
  // A promise was found rejected without handler after a microtask checkpoint, or got one later.
  // Stack: promise, reason; they stay there.
  std::function<void(engine&, rejection)> promise_rejection;
  // The end of a microtask checkpoint that engine::want_cleanup asked for.
  std::function<void()> cleanup;
  // The last words before the process aborts: for the log.
  std::function<void(std::string_view)> fatal;
  // Modern source to Duktape's dialect, for eval, new Function and string timers. Empty: Duktape
  // gets the source as is.
  std::function<lower_result(std::string_view source)> lower;
};

struct engine_options {
  std::size_t heap_bytes_max = js_heap_bytes_max;
  std::function<event_loop::time_point()> clock = event_loop::clock::now;
  engine_hooks hooks;
};

struct engine_source {
  std::string_view code; // lowered, UTF-8
  std::string file;
};

class engine {
public:
  explicit engine(engine_options options = {});
  ~engine();
  engine(const engine&) = delete;
  engine& operator=(const engine&) = delete;

  // Gives an engine that has run no script to the owner with these options.
  void adopt(engine_options options);

  // The engine a native runs in. `ctx` may be a coroutine: natives use the context they were given,
  // never `context()`.
  static engine& of(duk_context* ctx);
  // The main context, for use while no script runs.
  duk_context* context() const { return ctx_; }

  // Runs a classic script in the global scope, then a microtask checkpoint if no other script is
  // running.
  script_outcome evaluate(const engine_source& source);
  // The same for a script that these steps push as a function to call; they may throw.
  script_outcome evaluate(const std::function<void(duk_context*)>& push);
  // Calls [function, this, arguments...] on the stack, replacing it by the outcome; checkpoint as
  // above.
  script_outcome call(duk_context* ctx, duk_idx_t argument_count);
  // Runs platform steps that may throw, as `protect` does, under the execution limits. No script
  // counts as running meanwhile: callbacks that the steps `call` get their own microtask
  // checkpoint. One value must be left by the steps.
  script_outcome run(duk_context* ctx, const std::function<void(duk_context*)>& steps);
  // HTML: perform-a-microtask-checkpoint
  void checkpoint();
  // The cleanup hook is to run after the next checkpoint, once.
  void want_cleanup() { wants_cleanup_ = true; }

  event_loop& loop() { return loop_; }
  // Deadline, interruption, memory figures.
  engine_heap& heap() { return heap_; }
  engine_hooks& hooks() { return options_.hooks; }
  // Of the scripts that ran: whoever evaluates lowered code adds its map.
  script_maps& maps() { return maps_; }
  // Shared by the natives of this heap.
  native_state& natives() { return natives_; }

private:
  script_outcome finish(duk_context* ctx, bool succeeded);

  engine_options options_;
  engine_heap heap_;
  duk_context* ctx_ = nullptr;
  event_loop loop_;
  native_state natives_;
  script_maps maps_;
  bool in_checkpoint_ = false;
  bool wants_cleanup_ = false;
};

// The innermost frame of running script that is not the platform's own, in the author's source; may
// be called from the execution hook.
script_place running_place(duk_context* ctx);
// The place in the author's source for a frame of the engine.
script_place source_place_of(duk_context* ctx, std::string file, int line);
// What a thrown value says about itself; reading it may run script and is protected.
thrown_error describe_error(duk_context* ctx, duk_idx_t index);
// Pushes a SyntaxError that is described with this place instead of that of its making.
js_error syntax_error(duk_context* ctx, const std::string& message, const script_place& place);

// Bytecode for the cache of scripts. It is trusted when loaded: never accept it from outside, key
// it by engine build.
script_outcome compile_script(engine& js, const engine_source& source,
                              std::vector<std::byte>& bytecode);
script_outcome evaluate_bytecode(engine& js, std::span<const std::byte> bytecode);

} // namespace offstage

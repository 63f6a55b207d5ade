// SPDX-License-Identifier: MIT
#include "runtime/engine.hpp"

#include <cstdlib>
#include <cstring>
#include <utility>

#include "runtime/engine_text.hpp"
#include "runtime/natives/natives.hpp"
#include "runtime/prelude/prelude.hpp"

namespace offstage {

namespace {

void* heap_allocate(void* udata, duk_size_t bytes) {
  return static_cast<engine_heap*>(udata)->allocate(bytes);
}

void* heap_reallocate(void* udata, void* block, duk_size_t bytes) {
  return static_cast<engine_heap*>(udata)->reallocate(block, bytes);
}

void heap_release(void* udata, void* block) {
  static_cast<engine_heap*>(udata)->release(block);
}

// Duktape cannot continue after a fatal error and neither can its owner.
[[noreturn]] void heap_fatal(void* udata, const char* message) {
  const auto& hooks = static_cast<engine_heap*>(udata)->owner().hooks();
  if (hooks.fatal)
    hooks.fatal(message);
  std::abort();
}

engine_heap& heap_of(duk_context* ctx) {
  duk_memory_functions functions;
  duk_get_memory_functions(ctx, &functions);
  return *static_cast<engine_heap*>(functions.udata);
}

class script_scope {
public:
  explicit script_scope(engine_heap& heap) : heap_(heap) { heap_.enter_script(); }
  ~script_scope() { heap_.leave_script(); }
  script_scope(const script_scope&) = delete;
  script_scope& operator=(const script_scope&) = delete;

private:
  engine_heap& heap_;
};

void prepare_globals(duk_context* ctx) {
  install_natives(ctx);
  // Duktape puts its next collection off by a multiple of the objects it finds in this one: with
  // none here, it collects in the middle of the prelude, when there is four times as much to mark.
  duk_gc(ctx, 0);
  load_prelude(ctx);
}

// What eval asks before it compiles. Leaves the code to compile, if it is another than that at
// index 0.
js_result<int> lower_source(duk_context* ctx) {
  auto& js = engine::of(ctx);
  const auto source = string_at(ctx, 0);
  if (!js.hooks().lower || !source)
    return 0;
  auto lowered = js.hooks().lower(*source);
  if (lowered.error)
    return syntax_error(ctx, *lowered.error, lowered.place);
  js.maps().add_eval(std::move(lowered.map));
  if (auto pushed = protect(ctx, 1, [&](duk_context* inner) { push_text(inner, lowered.code); });
      !pushed)
    return pushed.error();
  return 1;
}

} // namespace

engine::engine(engine_options options)
    : options_(std::move(options)),
      heap_(*this, options_.heap_bytes_max),
      loop_(*this, options_.clock) {
  natives_.regexp_limits = create_regexp_limits();
  ctx_ = duk_create_heap(heap_allocate, heap_reallocate, heap_release, &heap_, heap_fatal);
  if (natives_.regexp_limits == nullptr || ctx_ == nullptr)
    heap_fatal(&heap_, "no memory for a heap");
  if (!protect(ctx_, 0, prepare_globals))
    heap_fatal(&heap_, duk_safe_to_stacktrace(ctx_, -1));
}

engine::~engine() {
  duk_destroy_heap(ctx_);
  destroy_regexp_limits(natives_.regexp_limits);
}

void engine::adopt(engine_options options) {
  options_ = std::move(options);
  heap_.set_limit(options_.heap_bytes_max);
  loop_.set_clock(options_.clock);
}

engine& engine::of(duk_context* ctx) {
  return heap_of(ctx).owner();
}

script_outcome engine::finish(duk_context* ctx, bool succeeded) {
  script_outcome outcome;
  if (!succeeded) {
    outcome.error = describe_error(ctx, -1);
    outcome.error->stopped = heap_.cause();
  }
  if (heap_.depth() == 0)
    checkpoint();
  if (!outcome.error && heap_.cause() != stop_cause::none)
    outcome.error =
        thrown_error{heap_.cause(), "RangeError", "execution stopped in a microtask", {}, 0, 0, {}};
  return outcome;
}

script_outcome engine::evaluate(const engine_source& source) {
  bool succeeded = false;
  {
    script_scope scope{heap_};
    duk_push_string(ctx_, source.file.c_str());
    const auto flags = DUK_COMPILE_NOSOURCE;
    succeeded = duk_pcompile_lstring_filename(ctx_, flags, source.code.data(), source.code.size())
                    == DUK_EXEC_SUCCESS
                && duk_pcall(ctx_, 0) == DUK_EXEC_SUCCESS;
  }
  return finish(ctx_, succeeded);
}

script_outcome engine::evaluate(const std::function<void(duk_context*)>& push) {
  bool succeeded = false;
  {
    script_scope scope{heap_};
    succeeded = protect(ctx_, 1, push) && duk_pcall(ctx_, 0) == DUK_EXEC_SUCCESS;
  }
  return finish(ctx_, succeeded);
}

script_outcome engine::call(duk_context* ctx, duk_idx_t argument_count) {
  bool succeeded = false;
  {
    script_scope scope{heap_};
    succeeded = duk_pcall_method(ctx, argument_count) == DUK_EXEC_SUCCESS;
  }
  return finish(ctx, succeeded);
}

script_outcome engine::run(duk_context* ctx, const std::function<void(duk_context*)>& steps) {
  const auto succeeded = static_cast<bool>(protect(ctx, 1, steps));
  return finish(ctx, succeeded);
}

void engine::checkpoint() {
  if (in_checkpoint_ || heap_.depth() > 0)
    return;
  in_checkpoint_ = true;
  run_microtasks(*this);
  if (std::exchange(wants_cleanup_, false) && options_.hooks.cleanup)
    options_.hooks.cleanup();
  in_checkpoint_ = false;
}

script_outcome compile_script(engine& js, const engine_source& source,
                              std::vector<std::byte>& bytecode) {
  auto* ctx = js.context();
  duk_push_string(ctx, source.file.c_str());
  const auto compiled = duk_pcompile_lstring_filename(ctx, DUK_COMPILE_NOSOURCE, source.code.data(),
                                                      source.code.size());
  if (compiled != DUK_EXEC_SUCCESS)
    return {describe_error(ctx, -1)};
  if (!protect(ctx, 1, [](duk_context* inner) {
        duk_dup(inner, -1);
        duk_dump_function(inner);
      })) {
    duk_remove(ctx, -2);
    return {describe_error(ctx, -1)};
  }
  duk_remove(ctx, -2);
  duk_size_t size = 0;
  const auto* bytes = static_cast<const std::byte*>(duk_get_buffer(ctx, -1, &size));
  bytecode.assign(bytes, bytes + size);
  return {};
}

script_outcome evaluate_bytecode(engine& js, std::span<const std::byte> bytecode) {
  const auto load = [&](duk_context* ctx) {
    std::memcpy(duk_push_fixed_buffer(ctx, bytecode.size()), bytecode.data(), bytecode.size());
    duk_load_function(ctx);
  };
  if (!protect(js.context(), 1, load))
    return {describe_error(js.context(), -1)};
  duk_push_undefined(js.context());
  return js.call(js.context(), 0);
}

} // namespace offstage

extern "C" void offstage_lower_eval(void* running) {
  auto* ctx = static_cast<duk_context*>(running);
  if (offstage::native<offstage::lower_source>(ctx) > 0)
    duk_replace(ctx, 0);
}

extern "C" void offstage_push_eval_name(void* running) {
  auto* ctx = static_cast<duk_context*>(running);
  const auto& name = offstage::engine::of(ctx).maps().last_eval();
  duk_push_lstring(ctx, name.data(), name.size());
}

// SPDX-License-Identifier: MIT
#include "runtime/duktape_worker.hpp"

#include <cstdlib>
#include <utility>

#include <caf/variant.hpp>

#include "config/limits.hpp"
#include "protocol/limits_of_wire.hpp"
#include "runtime/bindings/idb_client.hpp"
#include "runtime/bindings/platform_engine.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/bindings/script_lowering.hpp"
#include "runtime/engine_text.hpp"
#include "runtime/evaluator.hpp"
#include "runtime/event_dispatch.hpp"
#include "runtime/spare_heap.hpp"

#define OFFSTAGE_PENDING DUK_HIDDEN_SYMBOL("pending")

namespace offstage {

namespace {

class duktape_worker : public evaluator {
public:
  duktape_worker(const instance_constructor& constructor, worker_host& host,
                 std::function<clock::time_point()> time, std::unique_ptr<engine> spare)
      : realm_(constructor, host,
               make_engine(std::move(spare), options(constructor, std::move(time)))) {}

  void become_dedicated() override {
    const auto load = [this](duk_context* ctx) {
      realm_.push_function(ctx, "load");
      duk_push_literal(ctx, "dedicated");
      duk_call(ctx, 1);
      duk_pop(ctx);
    };
    if (!protect(realm_.js().context(), 0, load))
      std::abort();
  }

  void evaluate(const script_source& script) override {
    auto main = lower_main(script);
    if (main.error)
      return realm_.host().uncaught(std::move(main.error));
    realm_.js().maps().add(script.url, std::move(main.map));
    run([&] {
      const stack_guard guard{realm_.js().context()};
      const auto outcome = realm_.js().evaluate({main.code, script.url});
      realm_.note(realm_.js().heap().cause());
      if (outcome.error)
        report(*outcome.error);
    });
  }

  void evaluate_module(const script_source& script) override {
    module_is_pending_ = true;
    realm_.scripts().emplace(script.url, script.bytes);
    run([&] {
      const auto started = realm_.call_function("runModule", 2, [&](duk_context* ctx) {
        push_text(ctx, script.url);
        duk_push_c_function(ctx, module_settled, 0);
        duk_push_pointer(ctx, &module_is_pending_);
        duk_put_prop_literal(ctx, -2, OFFSTAGE_PENDING);
      });
      module_is_pending_ = module_is_pending_ && started;
    });
  }

  bool module_is_pending() const override { return module_is_pending_; }

  bool memory_was_short() const override {
    return const_cast<realm&>(realm_).js().heap().stats().allocation_failures > 0;
  }

  bool closed() const override { return realm_.closed(); }
  stop_cause stopped() const override { return realm_.stopped(); }

  void dispatch(event_id event, worker_event event_data) override {
    if (is_stopped())
      return refuse(event, event_data);
    run([&] {
      caf::visit([&](const auto& data) { offstage::dispatch(realm_, event, data); }, event_data);
    });
  }

  void abort(event_id event) override {
    run([&] { abort_fetch(realm_, event); });
  }

  void complete(call_id call, service_result result) override {
    run([&] { realm_.complete(call, std::move(result)); });
  }

  void pulled(stream_id parent_stream, caf::expected<body_chunk> chunk) override {
    run([&] { realm_.pulled(parent_stream, std::move(chunk)); });
  }

  void pull_from(stream_id child_stream, uint32_t bytes_max) override {
    run([&] { realm_.pull_from(child_stream, bytes_max); });
  }

  void cancel_stream(stream_id child_stream) override {
    run([&] { realm_.cancel_stream(child_stream); });
  }

  void update(registration_descriptor registration) override {
    run([&] { realm_.update(std::move(registration)); });
  }

  void notify(service_notice notice) override {
    run([&] { realm_.databases().notified(std::move(notice.notice)); });
  }

  std::optional<clock::time_point> next_timer() const override {
    if (is_stopped())
      return std::nullopt;
    return const_cast<realm&>(realm_).js().loop().next_due();
  }

  void run_timers(clock::time_point now) override {
    run([&] {
      realm_.js().loop().run_due(now);
      realm_.note(realm_.js().heap().cause());
    });
  }

  // Twice: what a finalizer lets go of is garbage in the second round only.
  void tidy() override {
    run([&] {
      auto* ctx = realm_.js().context();
      duk_gc(ctx, 0);
      duk_gc(ctx, 0);
    });
    realm_.js().heap().trim();
  }

  bool is_stopped() const override { return realm_.stopped() != stop_cause::none; }

  void interrupt() noexcept override { realm_.js().heap().interrupt(); }

private:
  static std::unique_ptr<engine> make_engine(std::unique_ptr<engine> spare,
                                             engine_options options) {
    if (spare == nullptr)
      return make_platform_engine(std::move(options));
    spare->adopt(std::move(options));
    return spare;
  }

  engine_options options(const instance_constructor& constructor,
                         std::function<clock::time_point()> time) {
    engine_options result;
    result.heap_bytes_max = constructor.limits.heap_bytes_max;
    result.clock = std::move(time);
    result.hooks.report = [this](engine&, const thrown_error& error) { report(error); };
    result.hooks.promise_rejection = [this](engine&, rejection kind) {
      tell_rejection(kind == rejection::unhandled);
    };
    result.hooks.cleanup = [this] { realm_.databases().cleanup(); };
    result.hooks.lower = lower_eval;
    return result;
  }

  /// One entry from outside: a deadline for all script that it runs.
  template <class Steps>
  void run(Steps&& steps) {
    if (is_stopped())
      return;
    auto& heap = realm_.js().heap();
    heap.set_deadline(engine_heap::clock::now()
                      + std::chrono::milliseconds{realm_.constructor().limits.execution_ms_max});
    steps();
    realm_.databases().flush();
    heap.clear_deadline();
    realm_.collect_forgotten_streams();
    if (is_stopped())
      settle_everything();
  }

  void settle_everything() {
    const auto timed_out = realm_.stopped() == stop_cause::timed_out;
    script_error error;
    error.name = "RangeError";
    error.message = timed_out ? "the script ran too long"
                    : realm_.stopped() == stop_cause::out_of_memory
                        ? "the script needs too much memory"
                        : "the script was interrupted";
    const auto& place = realm_.js().heap().stopped_at();
    error.file = place.file;
    error.line = static_cast<uint32_t>(place.line);
    error.column = static_cast<uint32_t>(place.column);
    realm_.host().uncaught(std::move(error));
    realm_.fail_events(timed_out ? event_cause::time_limit : event_cause::terminated);
  }

  void refuse(event_id event, const worker_event& data) {
    auto& open = realm_.events()[event];
    open.is_fetch = caf::holds_alternative<fetch_event>(data);
    event_result result;
    result.status = event_status::aborted;
    result.cause = event_cause::terminated;
    realm_.finish(event, std::move(result));
  }

  /// In the words of the engine.
  static bool is_of_memory(const thrown_error& error) {
    return error.message == "alloc failed" || error.message == "out of memory";
  }

  // What was thrown is the top of the stack.
  void report(const thrown_error& error) {
    realm_.note(error.stopped);
    if (error.stopped != stop_cause::none)
      return;
    // An error event needs more memory than there is.
    if (memory_was_short() && is_of_memory(error))
      return realm_.host().uncaught(protocol_error(error));
    auto* from = realm_.js().context();
    const auto value = duk_get_top_index(from);
    realm_.call_function("report", 1, [&](duk_context* ctx) { duk_dup(ctx, value); });
  }

  // The promise and its reason are the top of the stack.
  void tell_rejection(bool unhandled) {
    const auto reason = duk_get_top_index(realm_.js().context());
    realm_.call_function("promiseRejected", 3, [&](duk_context* ctx) {
      duk_push_boolean(ctx, unhandled);
      duk_dup(ctx, reason - 1);
      duk_dup(ctx, reason);
    });
  }

  static duk_ret_t module_settled(duk_context* ctx) {
    duk_push_current_function(ctx);
    duk_get_prop_literal(ctx, -1, OFFSTAGE_PENDING);
    *static_cast<bool*>(duk_get_pointer(ctx, -1)) = false;
    return 0;
  }

  bool module_is_pending_ = false;
  realm realm_;
};

} // namespace

std::unique_ptr<evaluator> make_evaluator(const instance_constructor& constructor,
                                          worker_host& host) {
  return std::make_unique<duktape_worker>(constructor, host, worker::clock::now, nullptr);
}

worker_factory make_duktape_worker_factory() {
  return make_duktape_worker_factory(worker::clock::now);
}

worker_factory make_duktape_worker_factory(std::shared_ptr<spare_heap> spare) {
  return [spare = std::move(spare)](const instance_constructor& constructor, worker_host& host) {
    return std::unique_ptr<worker>{
        std::make_unique<duktape_worker>(constructor, host, worker::clock::now, spare->take())};
  };
}

worker_factory make_duktape_worker_factory(std::function<worker::clock::time_point()> clock) {
  return [clock = std::move(clock)](const instance_constructor& constructor, worker_host& host) {
    return std::unique_ptr<worker>{
        std::make_unique<duktape_worker>(constructor, host, clock, nullptr)};
  };
}

} // namespace offstage

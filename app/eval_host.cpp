// SPDX-License-Identifier: MIT
#include "app/eval_host.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <utility>

#include "app/eval_report.hpp"
#include "protocol/errors.hpp"
#include "protocol/url.hpp"
#include "runtime/evaluator.hpp"

namespace offstage {

namespace {

constexpr event_id install_id{1};
constexpr worker_id only_worker{1};

enum exit_code : int { done = 0, uncaught_error = 1, time_limit = 3, memory_limit = 4 };

int64_t now_unix_us() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

instance_constructor constructor_of(const eval_options& options) {
  const auto location = *url::parse(options.url);
  instance_constructor result;
  result.worker = only_worker;
  result.key.origin = location.origin();
  result.script.url = options.url;
  result.type = options.files.front().type;
  result.user_agent = "Offstage/" OFFSTAGE_VERSION;
  result.time_origin_unix_us = now_unix_us();
  result.limits.heap_bytes_max = options.heap_bytes_max;
  // The watchdog ends a script; this is for the case that it cannot.
  const auto execution_max = options.time_max + limits::eval_stop_grace;
  result.limits.execution_ms_max = static_cast<uint32_t>(execution_max.count());
  if (options.scope != eval_scope::service_worker)
    return result;
  result.scope = url::parse("./", &location)->href();
  result.registration.key = result.key;
  result.registration.scope = result.scope;
  result.registration.installing = {only_worker, options.url, result.type,
                                    worker_state::installing};
  return result;
}

} // namespace

eval_host::eval_host(eval_options options)
    : options_(std::move(options)),
      constructor_(constructor_of(options_)),
      modules_(options_.files.front().path, options_.url) {}

eval_host::~eval_host() {
  worker_.reset();
  services_.reset();
  watchdog_.reset();
  remove_temporary_directory();
}

// -- The run
// --------------------------------------------------------------------------------------

int eval_host::run(const std::vector<eval_script>& scripts) {
  start();
  evaluate_all(scripts);
  ends_at_error_ = failed_;
  if (!is_over() && options_.scope == eval_scope::service_worker) {
    installing_ = true;
    worker_->dispatch(install_id, install_event{});
  }
  loop();
  return conclude();
}

void eval_host::start() {
  const auto deadline = eval_watchdog::clock::now() + options_.time_max;
  worker_ = make_evaluator(constructor_, *this);
  if (options_.scope == eval_scope::worker)
    worker_->become_dedicated();
  eval_watchdog::orders orders;
  orders.deadline = deadline;
  orders.stop = [this] {
    worker_->interrupt();
    inbox_->wake();
  };
  orders.clean_up = [this] { remove_temporary_directory(); };
  watchdog_ = std::make_unique<eval_watchdog>(std::move(orders));
}

// The next file waits for a module's top-level await.
void eval_host::evaluate_all(const std::vector<eval_script>& scripts) {
  for (const auto& script : scripts) {
    if (script.type == worker_type::module)
      worker_->evaluate_module(script.source);
    else
      worker_->evaluate(script.source);
    while (!is_over() && worker_->module_is_pending() && turn()) {
    }
    if (is_over())
      return;
    if (worker_->module_is_pending()) {
      report_eval_problem(script.source.url + ": its top-level await never settles");
      failed_ = true;
      return;
    }
  }
}

void eval_host::loop() {
  while (!is_over() && turn()) {
  }
}

/// One step of the event loop; false if nothing is pending.
bool eval_host::turn() {
  const auto ran = run_timers();
  if (is_over())
    return true;
  const auto waits = !ran && is_pending();
  if (auto task = waits ? inbox_->take(worker_->next_timer()) : inbox_->take_now()) {
    (*task)(*this);
    return true;
  }
  return ran || waits;
}

bool eval_host::is_pending() const {
  return !calls_.empty() || !pulls_.empty() || worker_->next_timer().has_value();
}

bool eval_host::is_over() const {
  return (failed_ && ends_at_error_) || worker_->closed() || worker_->stopped() != stop_cause::none
         || watchdog_->exit_code() != 0;
}

bool eval_host::run_timers() {
  // Asked in this order: a task that waits is due at the moment of the question.
  const auto due = worker_->next_timer();
  const auto now = worker::clock::now();
  if (!due || *due > now)
    return false;
  worker_->run_timers(now);
  return true;
}

int eval_host::conclude() {
  if (const auto code = watchdog_->exit_code()) {
    if (code == time_limit)
      report_eval_stop(stop_, "the time limit is over");
    return code;
  }
  if (worker_->stopped() == stop_cause::timed_out) {
    report_eval_stop(stop_, "the time limit is over");
    return time_limit;
  }
  if (out_of_memory_ || worker_->stopped() == stop_cause::out_of_memory) {
    report_eval_stop(stop_, "the memory limit is reached");
    return memory_limit;
  }
  if (!failed_ && installing_ && !worker_->closed()) {
    report_eval_problem("install did not finish: a promise given to waitUntil() never settles");
    return uncaught_error;
  }
  return failed_ ? uncaught_error : done;
}

void eval_host::make_temporary_directory() {
  auto pattern = (std::filesystem::temp_directory_path() / "offstage-eval-XXXXXX").string();
  const std::lock_guard lock{temporary_mutex_};
  if (::mkdtemp(pattern.data()) != nullptr)
    temporary_directory_ = pattern;
}

void eval_host::remove_temporary_directory() {
  const std::lock_guard lock{temporary_mutex_};
  std::error_code ignored;
  if (!temporary_directory_.empty())
    std::filesystem::remove_all(temporary_directory_, ignored);
}

// -- From the worker
// ------------------------------------------------------------------------------

void eval_host::finished(event_id, event_result result) {
  installing_ = false;
  if (result.status == event_status::completed || worker_->stopped() != stop_cause::none)
    return;
  failed_ = ends_at_error_ = true;
  report_eval_problem("install failed: " + to_string(result.cause));
  if (result.error)
    report_eval_error(result.error);
}

std::optional<service_result> eval_host::answer_alone(const service_request& request) {
  if (caf::holds_alternative<clients_match_all>(request)
      || caf::holds_alternative<clients_get>(request))
    return client_list{};
  if (caf::holds_alternative<skip_waiting>(request)
      || caf::holds_alternative<client_post_message>(request)
      || caf::holds_alternative<worker_post_message>(request))
    return call_done{};
  if (caf::holds_alternative<clients_claim>(request))
    return call_failure{"InvalidStateError", "the worker is not active"};
  if (caf::holds_alternative<registration_update>(request)
      || caf::holds_alternative<registration_unregister>(request))
    return call_failure{"InvalidStateError", "the worker is not registered"};
  return std::nullopt;
}

void eval_host::complete_later(call_id call, service_result result) {
  inbox_->post([call, result = std::move(result)](eval_listener& listener) {
    listener.completed(call, result);
  });
}

caf::error eval_host::need_services() {
  if (services_)
    return {};
  if (options_.data_dir.empty() && temporary_directory_.empty())
    make_temporary_directory();
  if (options_.data_dir.empty() && temporary_directory_.empty())
    return fail(storage_error::io_failed, "there is no place for temporary files");
  auto started = eval_services::start(options_, constructor_, temporary_directory_, inbox_);
  if (!started)
    return std::move(started.error());
  services_ = std::move(*started);
  return {};
}

void eval_host::call(call_id call, service_request request) {
  calls_.insert(call);
  if (auto answer = answer_alone(request))
    complete_later(call, std::move(*answer));
  else if (auto error = need_services())
    complete_later(call, call_failure{"UnknownError", describe(error)});
  else
    services_->call(call, std::move(request));
}

void eval_host::abort_call(call_id call) {
  if (calls_.erase(call) > 0 && services_)
    services_->abort_call(call);
}

caf::expected<service_result> eval_host::import_now(import_scripts request) {
  if (request.urls.size() == 1)
    if (auto module = modules_.find(request.urls.front()))
      return service_result{script_sources{{std::move(*module)}}};
  if (auto error = need_services())
    return error;
  return services_->import_now(std::move(request));
}

void eval_host::pull(stream_id parent_stream, uint32_t bytes_max) {
  pulls_.insert(parent_stream);
  services_->pull(parent_stream, bytes_max);
}

void eval_host::cancel(stream_id parent_stream) {
  pulls_.erase(parent_stream);
  services_->cancel(parent_stream);
}

void eval_host::provide(stream_id child_stream, caf::expected<body_chunk> chunk) {
  services_->provide(child_stream, std::move(chunk));
}

void eval_host::console(console_message message) {
  print_eval_console(message);
}

// What a stopped script leaves behind is told by conclude().
void eval_host::uncaught(script_error error) {
  if (worker_ == nullptr || worker_->stopped() == stop_cause::none)
    report_eval_error(error);
  else if (error.line != 0)
    stop_ = error;
  failed_ = true;
  // Words of the engine; a script's own error with these words comes without a full heap.
  const auto is_from_engine = error.message == "out of memory" || error.message == "alloc failed"
                              || error.message == "error in error handling";
  out_of_memory_ |= worker_->memory_was_short() && is_from_engine;
}

// -- From the services
// ----------------------------------------------------------------------------

void eval_host::completed(call_id call, service_result result) {
  calls_.erase(call);
  worker_->complete(call, std::move(result));
}

void eval_host::pulled(stream_id parent_stream, caf::expected<body_chunk> chunk) {
  pulls_.erase(parent_stream);
  worker_->pulled(parent_stream, std::move(chunk));
}

void eval_host::pull_wanted(stream_id child_stream, uint32_t bytes_max) {
  worker_->pull_from(child_stream, bytes_max);
}

void eval_host::cancel_wanted(stream_id child_stream) {
  worker_->cancel_stream(child_stream);
}

void eval_host::notified(service_notice notice) {
  worker_->notify(std::move(notice));
}

void eval_host::services_lost() {
  for (const auto call : std::exchange(calls_, {}))
    worker_->complete(call, call_failure{"UnknownError", "the services of the script ended"});
  for (const auto stream : std::exchange(pulls_, {}))
    worker_->pulled(stream, fail(storage_error::body_failed, "the services of the script ended"));
}

} // namespace offstage

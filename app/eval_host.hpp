// SPDX-License-Identifier: MIT
#pragma once

// One eval run: the worker, its surroundings and its loop, on the thread that calls run(). Console
// output goes to stdout (log, info, debug) and stderr (warn, error). Passive; owned by the verb.

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "app/eval_files.hpp"
#include "app/eval_inbox.hpp"
#include "app/eval_options.hpp"
#include "app/eval_services.hpp"
#include "app/eval_watchdog.hpp"
#include "protocol/worker.hpp"

namespace offstage {

class evaluator;

class eval_host final : private worker_host, private eval_listener {
public:
  explicit eval_host(eval_options options);
  ~eval_host() override;
  eval_host(const eval_host&) = delete;
  eval_host& operator=(const eval_host&) = delete;

  /// Runs the scripts, whose URLs are the names that errors give them, until nothing is pending.
  /// The exit code. Once.
  int run(const std::vector<eval_script>& scripts);

private:
  // The run.
  void start();
  void evaluate_all(const std::vector<eval_script>& scripts);
  void loop();
  bool turn();
  bool is_pending() const;
  bool is_over() const;
  bool run_timers();
  int conclude();
  void make_temporary_directory();
  void remove_temporary_directory();

  // From the worker.
  void entered(event_id) override {}
  void responded(event_id, fetch_outcome) override {}
  void finished(event_id event, event_result result) override;
  void call(call_id call, service_request request) override;
  void abort_call(call_id call) override;
  caf::expected<service_result> import_now(import_scripts request) override;
  void pull(stream_id parent_stream, uint32_t bytes_max) override;
  void cancel(stream_id parent_stream) override;
  void provide(stream_id child_stream, caf::expected<body_chunk> chunk) override;
  void console(console_message message) override;
  void uncaught(script_error error) override;

  // From the services.
  void completed(call_id call, service_result result) override;
  void pulled(stream_id parent_stream, caf::expected<body_chunk> chunk) override;
  void pull_wanted(stream_id child_stream, uint32_t bytes_max) override;
  void cancel_wanted(stream_id child_stream) override;
  void notified(service_notice notice) override;
  void services_lost() override;

  /// Starts the services if they do not run. Answers why they cannot.
  caf::error need_services();
  /// The answer to a call that needs no service.
  static std::optional<service_result> answer_alone(const service_request& request);
  void complete_later(call_id call, service_result result);

  eval_options options_;
  instance_constructor constructor_;
  eval_modules modules_;
  eval_inbox_ptr inbox_ = std::make_shared<eval_inbox>();
  std::mutex temporary_mutex_; ///< The watchdog reads the directory, too.
  std::string temporary_directory_;
  std::unique_ptr<eval_services> services_;
  std::unique_ptr<evaluator> worker_;
  std::unique_ptr<eval_watchdog> watchdog_;
  std::unordered_set<call_id> calls_;
  std::unordered_set<stream_id> pulls_;
  bool installing_ = false;
  script_error stop_; ///< Where script was when a limit ended it.
  bool failed_ = false;
  /// As in a browser, only a script that fails while it is evaluated ends everything.
  bool ends_at_error_ = true;
  bool out_of_memory_ = false;
};

} // namespace offstage

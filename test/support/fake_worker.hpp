// SPDX-License-Identifier: MIT
#pragma once

// A worker whose script is a list of instructions, one a line, as `when what`:
//   evaluate throw | import URL     install reject | never | skip        activate claim | never
//   fetch respond TEXT | fall_back | never | stream BYTES | network | pass | cache
//   message never | reject | post ID | idb    push never    types fetch message ...
// What is not mentioned completes at once; `fetch` then responds with its URL.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "protocol/worker.hpp"

namespace offstage::test {

class fake_worker;

/// What all fake workers of a test have done; shared by the test and the workers.
struct fake_world {
  std::vector<std::string> log;     ///< What happened besides events.
  std::vector<std::string> handled; ///< The types of the events that entered a script.
  std::vector<fake_worker*> alive;
  uint64_t made = 0;
  /// Evaluations do not finish while this is set.
  bool holds_evaluations = false;
  /// Which worker (counted from 1) a message event of this origin entered last.
  std::map<std::string, uint64_t> entered_by;

  bool is_alive(uint64_t number) const;

  size_t count(const std::string& line) const;
  size_t count_handled(const std::string& type) const;
};

using fake_world_ptr = std::shared_ptr<fake_world>;

class fake_worker final : public worker {
public:
  fake_worker(const instance_constructor& constructor, worker_host& host, fake_world_ptr world);
  ~fake_worker() override;

  void dispatch(event_id event, worker_event event_data) override;
  void abort(event_id event) override;
  void complete(call_id call, service_result result) override;
  void notify(service_notice notice) override;
  void pulled(stream_id parent_stream, caf::expected<body_chunk> chunk) override;
  void pull_from(stream_id child_stream, uint32_t bytes_max) override;
  void cancel_stream(stream_id child_stream) override;
  void update(registration_descriptor registration) override;
  std::optional<clock::time_point> next_timer() const override { return {}; }
  void run_timers(clock::time_point) override {}
  void interrupt() noexcept override {}

  worker_host& host() { return host_; }
  const instance_constructor& constructor() const { return constructor_; }
  uint64_t number() const { return number_; }

private:
  struct instruction {
    std::string what;
    std::string argument;
  };
  enum class waits_for : uint8_t { import, fetch_response, finish };
  struct open_call {
    event_id event{0};
    waits_for purpose = waits_for::finish;
  };

  void parse(std::string_view text);
  instruction look_up(const std::string& when) const;
  void evaluate(event_id event);
  void finish_evaluation(event_id event);
  void handle(event_id event, const std::string& type, const fetch_request* request);
  void handle_fetch(event_id event, const instruction& now, const fetch_request& request);
  void call(event_id event, service_request request, waits_for purpose);
  void finish(event_id event, bool resolved = true);
  void respond(event_id event, fetch_response response);
  void note(const std::string& line) { world_->log.push_back(line); }

  instance_constructor constructor_;
  worker_host& host_;
  fake_world_ptr world_;
  std::map<std::string, instruction> script_;
  std::map<call_id, open_call> calls_;
  std::map<stream_id, uint64_t> streams_;
  uint64_t number_ = 0;
  uint64_t next_call_ = 1;
  uint64_t next_stream_ = 1;
};

worker_factory make_fake_factory(fake_world_ptr world);

/// A response with these bytes inline.
fetch_response text_response(const std::string& text);

} // namespace offstage::test

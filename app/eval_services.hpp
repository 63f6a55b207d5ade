// SPDX-License-Identifier: MIT
#pragma once

// The network and the storage of an eval run: an actor system of its own, made when the script
// first needs one of them; the storage is opened when a cache or a database is first used. Owned by
// the run; the destructor ends everything and removes the data that nobody asked to keep. What
// comes back goes into the inbox.

#include <memory>
#include <string>

#include <caf/expected.hpp>

#include "app/eval_inbox.hpp"
#include "app/eval_options.hpp"
#include "protocol/instance.hpp"

namespace offstage {

class eval_services {
public:
  /// Errors: bad_configuration, launch_failed.
  static caf::expected<std::unique_ptr<eval_services>> start(const eval_options& options,
                                                             const instance_constructor& instance,
                                                             const std::string& temporary_directory,
                                                             eval_inbox_ptr inbox);
  ~eval_services();
  eval_services(const eval_services&) = delete;
  eval_services& operator=(const eval_services&) = delete;

  void call(call_id call, service_request request);
  void abort_call(call_id call);
  /// Waits for the answer, within a limit.
  caf::expected<service_result> import_now(import_scripts request);
  void pull(stream_id parent_stream, uint32_t bytes_max);
  void cancel(stream_id parent_stream);
  void provide(stream_id child_stream, caf::expected<body_chunk> chunk);

  /// For start(), which alone can make the argument.
  struct parts;
  explicit eval_services(std::unique_ptr<parts> implementation);

private:
  std::unique_ptr<parts> parts_;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The jobs of one scope, first in first out, without actors: equivalent jobs share a promise.

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <vector>

#include <caf/error.hpp>

#include "protocol/registration.hpp"

namespace offstage {

enum class job_kind : uint8_t { register_worker, update, unregister };

struct job_result {
  caf::error error;
  registration_descriptor registration;
  bool existed = false; ///< Of unregister.
};

/// Spec: ServiceWorker#dfn-job
struct job {
  job_kind kind = job_kind::update;
  registration_request request; ///< Of register only; the scope is the queue's.
  std::vector<std::function<void(const job_result&)>> waiters;
  bool settled = false;
};

/// Spec: ServiceWorker#dfn-job-equivalent
bool are_equivalent(const job& a, const job& b);

/// Spec: ServiceWorker#dfn-job-queue
class job_queue {
public:
  enum class pushed : uint8_t { run, queued, coalesced, full };

  explicit job_queue(size_t jobs_max) : jobs_max_(jobs_max) {}

  /// Spec: ServiceWorker#schedule-job-algorithm
  pushed push(job x);

  bool empty() const { return jobs_.empty(); }
  size_t size() const { return jobs_.size(); }
  const job& front() const { return jobs_.front(); }

  /// Settles the promise of the first job and of those that were coalesced with it; once.
  void settle(const job_result& result);

  /// Spec: ServiceWorker#finish-job-algorithm
  /// Answers whether another job is first and has to be run.
  bool finish();

private:
  size_t jobs_max_;
  std::deque<job> jobs_;
};

} // namespace offstage

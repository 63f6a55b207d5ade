// SPDX-License-Identifier: MIT
#include "actors/job_queue.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace offstage {

bool are_equivalent(const job& a, const job& b) {
  if (a.kind != b.kind)
    return false;
  if (a.kind != job_kind::register_worker)
    return true;
  return a.request.script_url == b.request.script_url && a.request.type == b.request.type
         && a.request.via_cache == b.request.via_cache;
}

job_queue::pushed job_queue::push(job x) {
  if (!jobs_.empty()) {
    auto& last = jobs_.back();
    if (!last.settled && are_equivalent(last, x)) {
      std::ranges::move(x.waiters, std::back_inserter(last.waiters));
      return pushed::coalesced;
    }
  }
  if (jobs_.size() >= jobs_max_)
    return pushed::full;
  jobs_.push_back(std::move(x));
  return jobs_.size() == 1 ? pushed::run : pushed::queued;
}

void job_queue::settle(const job_result& result) {
  if (jobs_.empty() || std::exchange(jobs_.front().settled, true))
    return;
  for (const auto& waiter : std::exchange(jobs_.front().waiters, {}))
    waiter(result);
}

bool job_queue::finish() {
  if (!jobs_.empty())
    jobs_.pop_front();
  return !jobs_.empty();
}

} // namespace offstage

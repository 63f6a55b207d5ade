// SPDX-License-Identifier: MIT
#include "app/eval_inbox.hpp"

#include <utility>

namespace offstage {

void eval_inbox::post(task work) {
  {
    const std::lock_guard lock{mutex_};
    tasks_.push_back(std::move(work));
  }
  changed_.notify_one();
}

std::optional<eval_inbox::task> eval_inbox::take_front() {
  if (tasks_.empty())
    return std::nullopt;
  auto work = std::move(tasks_.front());
  tasks_.pop_front();
  return work;
}

std::optional<eval_inbox::task> eval_inbox::take(std::optional<clock::time_point> until) {
  std::unique_lock lock{mutex_};
  const auto ready = [this] { return awake_ || !tasks_.empty(); };
  if (until)
    changed_.wait_until(lock, *until, ready);
  else
    changed_.wait(lock, ready);
  return take_front();
}

std::optional<eval_inbox::task> eval_inbox::take_now() {
  const std::lock_guard lock{mutex_};
  return take_front();
}

void eval_inbox::wake() {
  {
    const std::lock_guard lock{mutex_};
    awake_ = true;
  }
  changed_.notify_all();
}

} // namespace offstage

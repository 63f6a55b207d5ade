// SPDX-License-Identifier: MIT
#include "actors/keep_alive.hpp"

namespace offstage {

void keep_alive::give_back(time_point now) {
  if (tokens_ > 0 && --tokens_ == 0)
    rest(now);
}

std::optional<keep_alive::time_point> keep_alive::due() const {
  if (tokens_ > 0)
    return std::nullopt;
  return due_;
}

keep_alive::verdict keep_alive::judge(time_point now) const {
  if (tokens_ > 0 || now < due_)
    return verdict::wait;
  return in_grace_ ? verdict::stop : verdict::ask;
}

void keep_alive::extend(time_point now, busy_with what) {
  in_grace_ = what == busy_with::events_or_calls;
  due_ = now + (in_grace_ ? grace_ : delay_);
}

bool start_breaker::failed(time_point now) {
  ++failures_;
  open_until_ = now + pause_;
  return failures_ < failures_max_;
}

void start_breaker::attempt(time_point now) {
  if (failures_ >= failures_max_ && now >= open_until_)
    failures_ = failures_max_ - 1;
}

} // namespace offstage

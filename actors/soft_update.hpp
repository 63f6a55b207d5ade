// SPDX-License-Identifier: MIT
#pragma once

// The pending soft update of a registration: asked for after functional events, run once after a
// short delay that later events do not push out. In memory only.
// Spec: ServiceWorker#soft-update-algorithm

#include <algorithm>
#include <cstdint>
#include <utility>

namespace offstage {

enum class soft_update_need : uint8_t {
  none,
  time_check, ///< Only if the registration is stale by then.
  forced,     ///< A navigation: in any case.
};

class soft_update {
public:
  /// Answers whether the timer has to be started.
  bool ask(soft_update_need need) {
    need_ = std::max(need_, need);
    return need_ != soft_update_need::none && !std::exchange(armed_, true);
  }

  /// The timer fired.
  soft_update_need take() {
    armed_ = false;
    return std::exchange(need_, soft_update_need::none);
  }

private:
  soft_update_need need_ = soft_update_need::none;
  bool armed_ = false;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "protocol/registration.hpp"

namespace offstage {

std::string to_string(worker_state state) {
  switch (state) {
  case worker_state::parsed:
    return "parsed";
  case worker_state::installing:
    return "installing";
  case worker_state::installed:
    return "installed";
  case worker_state::activating:
    return "activating";
  case worker_state::activated:
    return "activated";
  case worker_state::redundant:
    return "redundant";
  }
  return "unknown";
}

} // namespace offstage

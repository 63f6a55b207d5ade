// SPDX-License-Identifier: MIT
#include "protocol/message_types.hpp"

#include <caf/actor_system_config.hpp>

#include "protocol/actors.hpp"
#include "protocol/errors.hpp"
#include "protocol/type_ids.hpp"

namespace offstage {

void register_protocol(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::offstage>();
  register_errors(config);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "app/link/worker_process_link.hpp"

namespace offstage {

worker_process_link::worker_process_link(child_process_ptr process,
                                         std::shared_ptr<descriptor_table> table,
                                         std::shared_ptr<link_guard> guard)
    : process_(std::move(process)), bytes_(std::move(table)), guard_(std::move(guard)) {}

int32_t worker_process_link::pid() const {
  return process_->pid();
}

void worker_process_link::allow(caf::actor_id receiver) {
  guard_->allow(receiver);
}

void worker_process_link::revoke(caf::actor_id receiver) {
  guard_->revoke(receiver);
}

void worker_process_link::kill() {
  process_->kill();
}

caf::expected<shared_bytes> worker_process_link::outgoing(shared_bytes bytes) {
  return bytes_.outgoing(std::move(bytes));
}

caf::expected<shared_bytes> worker_process_link::incoming(shared_bytes bytes) {
  return bytes_.incoming(std::move(bytes));
}

} // namespace offstage

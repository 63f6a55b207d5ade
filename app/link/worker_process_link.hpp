// SPDX-License-Identifier: MIT
#pragma once

// The parent's handle of one worker process: its payload end, its guard and the process itself.

#include <memory>

#include "app/link/child_process.hpp"
#include "app/link/descriptor_byte_link.hpp"
#include "app/link/link_guard.hpp"
#include "protocol/process_link.hpp"

namespace offstage {

class worker_process_link final : public process_link {
public:
  worker_process_link(child_process_ptr process, std::shared_ptr<descriptor_table> table,
                      std::shared_ptr<link_guard> guard);

  int32_t pid() const override;
  void allow(caf::actor_id receiver) override;
  void revoke(caf::actor_id receiver) override;
  void kill() override;
  caf::expected<shared_bytes> outgoing(shared_bytes bytes) override;
  caf::expected<shared_bytes> incoming(shared_bytes bytes) override;

private:
  child_process_ptr process_;
  descriptor_byte_link bytes_;
  std::shared_ptr<link_guard> guard_;
};

} // namespace offstage

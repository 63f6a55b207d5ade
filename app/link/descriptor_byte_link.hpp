// SPDX-License-Identifier: MIT
#pragma once

// One end of a link between two processes: long byte sequences travel as sealed memory descriptors
// beside the messages. Both the parent's and the child's end use it; thread-safe.

#include <memory>

#include "app/link/descriptor_table.hpp"
#include "protocol/byte_link.hpp"

namespace offstage {

class descriptor_byte_link final : public byte_link {
public:
  explicit descriptor_byte_link(std::shared_ptr<descriptor_table> table);

  caf::expected<shared_bytes> outgoing(shared_bytes bytes) override;
  caf::expected<shared_bytes> incoming(shared_bytes bytes) override;

private:
  std::shared_ptr<descriptor_table> table_;
};

} // namespace offstage

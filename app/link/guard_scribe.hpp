// SPDX-License-Identifier: MIT
#pragma once

// The parent's end of a link to a worker process: a descriptor_scribe whose link_guard judges every
// frame before CAF sees it. A frame reaches CAF whole or not at all.

#include <memory>
#include <vector>

#include "app/link/descriptor_scribe.hpp"
#include "app/link/link_guard.hpp"

namespace offstage {

class guard_scribe final : public descriptor_scribe {
public:
  guard_scribe(multiplexer& backend, int fd, std::shared_ptr<descriptor_table> table,
               link_events events, std::shared_ptr<link_guard> guard);

  bool consume(caf::execution_unit* context, const void* data, size_t size) override;

private:
  bool consume_header(caf::execution_unit* context, size_t size);
  bool consume_payload(caf::execution_unit* context, size_t size);
  bool hand_over(caf::execution_unit* context, std::vector<char>& payload);
  void forget_spawn_server();
  bool close();
  void await_header();

  std::shared_ptr<link_guard> guard_;
  link_guard::header frame_;
  link_guard::verdict verdict_ = link_guard::verdict::pass;
  std::vector<char> header_bytes_;
  bool awaits_payload_ = false;
};

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "app/link/descriptor_byte_link.hpp"

#include "app/link/sealed_memory.hpp"
#include "protocol/errors.hpp"

namespace offstage {

descriptor_byte_link::descriptor_byte_link(std::shared_ptr<descriptor_table> table)
    : table_(std::move(table)) {}

caf::expected<shared_bytes> descriptor_byte_link::outgoing(shared_bytes bytes) {
  if (bytes.is_detached())
    return fail(node_error::bad_descriptor,
                "a received payload has to be claimed before it is sent");
  if (bytes.size() <= wire::inline_bytes_max || table_->is_closed())
    return bytes;
  if (bytes.size() > wire::bytes_max)
    return fail(node_error::limit_exceeded, "a payload is too long");
  auto memory = seal(bytes);
  if (!memory)
    return std::move(memory.error());
  auto sequence = table_->push(std::move(*memory));
  if (sequence)
    return shared_bytes::detached(*sequence, bytes.size());
  if (table_->is_closed())
    return bytes;
  return std::move(sequence.error());
}

caf::expected<shared_bytes> descriptor_byte_link::incoming(shared_bytes bytes) {
  if (!bytes.is_detached())
    return bytes;
  auto memory = table_->take(bytes.sequence());
  if (!memory)
    return fail(node_error::bad_descriptor, "it is missing");
  return map_sealed(std::move(memory), bytes.size());
}

} // namespace offstage

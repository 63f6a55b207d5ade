// SPDX-License-Identifier: MIT
#include "app/link/guard_scribe.hpp"

#include <caf/exit_reason.hpp>
#include <caf/io/basp/header.hpp>
#include <caf/io/basp/message_type.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/send.hpp>

namespace offstage {

using verdict = link_guard::verdict;

guard_scribe::guard_scribe(multiplexer& backend, int fd, std::shared_ptr<descriptor_table> table,
                           link_events events, std::shared_ptr<link_guard> guard)
    : descriptor_scribe(backend, fd, std::move(table), std::move(events)),
      guard_(std::move(guard)) {}

// scribe::consume() takes its bytes from rd_buf(), whatever it is handed.
bool guard_scribe::consume(caf::execution_unit* context, const void*, size_t size) {
  return awaits_payload_ ? consume_payload(context, size) : consume_header(context, size);
}

bool guard_scribe::consume_header(caf::execution_unit* context, size_t size) {
  if (size != caf::io::basp::header_size)
    return close();
  frame_ = link_guard::parse(rd_buf().data());
  verdict_ = guard_->judge(frame_);
  if (verdict_ == verdict::close)
    return close();
  if (frame_.payload_bytes > 0) {
    awaits_payload_ = true;
    header_bytes_.assign(rd_buf().begin(), rd_buf().begin() + static_cast<ptrdiff_t>(size));
    configure_read(caf::io::receive_policy::exactly(frame_.payload_bytes));
    return true;
  }
  if (verdict_ == verdict::drop)
    return true;
  return descriptor_scribe::consume(context, rd_buf().data(), size);
}

bool guard_scribe::consume_payload(caf::execution_unit* context, size_t size) {
  awaits_payload_ = false;
  if (size != frame_.payload_bytes)
    return close();
  if (verdict_ == verdict::pass)
    verdict_ = guard_->judge(frame_, context, rd_buf().data(), size);
  if (verdict_ == verdict::close)
    return close();
  if (verdict_ == verdict::drop) {
    await_header();
    return true;
  }
  std::vector<char> payload;
  payload.swap(rd_buf());
  payload.resize(size);
  return hand_over(context, payload);
}

bool guard_scribe::hand_over(caf::execution_unit* context, std::vector<char>& payload) {
  rd_buf().swap(header_bytes_);
  if (!descriptor_scribe::consume(context, rd_buf().data(), caf::io::basp::header_size))
    return false;
  rd_buf().swap(payload);
  if (!descriptor_scribe::consume(context, rd_buf().data(), frame_.payload_bytes))
    return false;
  if (frame_.operation == static_cast<uint8_t>(caf::io::basp::message_type::server_handshake))
    forget_spawn_server();
  return true;
}

// BASP keeps one helper actor per node it ever met, for remote spawning, which no worker process
// offers. Without this every process that ever ran would leave one behind.
void guard_scribe::forget_spawn_server() {
  auto* broker = dynamic_cast<caf::io::basp_broker*>(parent());
  if (broker == nullptr)
    return;
  auto i = broker->spawn_servers.find(guard_->peer());
  if (i == broker->spawn_servers.end())
    return;
  caf::anon_send_exit(i->second, caf::exit_reason::kill);
  broker->spawn_servers.erase(i);
}

bool guard_scribe::close() {
  io_failure(&backend(), caf::io::network::operation::read);
  return false;
}

void guard_scribe::await_header() {
  configure_read(caf::io::receive_policy::exactly(caf::io::basp::header_size));
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "app/link/descriptor_scribe.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "config/limits.hpp"

#include <sys/socket.h>

namespace offstage {

namespace {

using caf::io::network::rw_state;

/// Descriptors of one sendmsg(). Linux hands the receiver at most one such batch per recvmsg().
constexpr size_t batch_max = 16;

/// Some dozen messages of a fetch event.
constexpr size_t read_ahead_bytes = size_t{16} << 10;

struct control_buffer {
  alignas(cmsghdr) char bytes[CMSG_SPACE(batch_max * sizeof(int))] = {};
};

void attach(msghdr& message, control_buffer& control, const std::vector<descriptor>& batch) {
  message.msg_control = control.bytes;
  message.msg_controllen = CMSG_SPACE(batch.size() * sizeof(int));
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(batch.size() * sizeof(int));
  auto* target = CMSG_DATA(header);
  for (const auto& fd : batch) {
    auto value = fd.get();
    std::memcpy(target, &value, sizeof value);
    target += sizeof value;
  }
}

// Every received descriptor is owned before the first refusal, so that none leaks.
bool collect(msghdr& message, descriptor_table& table) {
  auto accepted = (message.msg_flags & MSG_CTRUNC) == 0;
  for (auto* header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
    if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
      continue;
    auto count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    for (size_t i = 0; i < count; ++i) {
      int value = -1;
      std::memcpy(&value, CMSG_DATA(header) + i * sizeof value, sizeof value);
      accepted = table.arrived(descriptor{value}) && accepted;
    }
  }
  return accepted;
}

// ETOOMANYREFS: the kernel bounds the descriptors that are in flight; the receiver frees some.
bool is_temporary(int error) {
  return error == EAGAIN || error == EWOULDBLOCK || error == ETOOMANYREFS;
}

} // namespace

descriptor_policy::descriptor_policy(std::shared_ptr<descriptor_table> table)
    : table_(std::move(table)), ahead_(read_ahead_bytes) {}

descriptor_policy::received descriptor_policy::receive(int fd, void* buffer, size_t size) {
  iovec vector{buffer, size};
  control_buffer control;
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  ssize_t count = 0;
  do
    count = ::recvmsg(fd, &message, MSG_NOSIGNAL | MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  received result;
  if (count < 0) {
    result.failed = !is_temporary(errno);
    return result;
  }
  result.with_descriptors = message.msg_controllen > 0;
  result.failed = count == 0 || !collect(message, *table_);
  if (count > 0 && result.failed)
    table_->refuse();
  result.count = static_cast<size_t>(count);
  return result;
}

rw_state descriptor_policy::read_some(size_t& result, int fd, void* buffer, size_t size) {
  result = 0;
  if (taken_ == filled_) {
    if (std::exchange(is_drained_, false))
      return rw_state::success;
    const auto is_long = size >= ahead_.size();
    const auto room = is_long ? size : ahead_.size();
    const auto got = receive(fd, is_long ? buffer : ahead_.data(), room);
    if (got.failed)
      return rw_state::failure;
    // The kernel ends a read behind a message with descriptors, whatever follows.
    is_drained_ = got.count > 0 && got.count < room && !got.with_descriptors;
    if (is_long) {
      result = got.count;
      return rw_state::success;
    }
    taken_ = 0;
    filled_ = got.count;
  }
  result = std::min(size, filled_ - taken_);
  std::memcpy(buffer, ahead_.data() + taken_, result);
  taken_ += result;
  return rw_state::success;
}

// Invariant: a descriptor leaves with or before every byte queued after its push(). A bulk write
// may therefore only carry the last batch; earlier ones go with one byte each. Held by
// descriptors_arrive_before_their_message in test/process/link_test.cpp.
rw_state descriptor_policy::write_some(size_t& result, int fd, const void* buffer, size_t size) {
  auto batch = table_->next_batch(batch_max);
  iovec vector{const_cast<void*>(buffer), size};
  control_buffer control;
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  if (!batch.empty()) {
    attach(message, control, batch);
    if (table_->has_unsent())
      vector.iov_len = 1;
  }
  ssize_t count = 0;
  do
    count = ::sendmsg(fd, &message, MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  result = 0;
  if (count >= 0) {
    result = static_cast<size_t>(count);
    return rw_state::success;
  }
  auto error = errno;
  table_->put_back(std::move(batch));
  return is_temporary(error) ? rw_state::success : rw_state::failure;
}

descriptor_scribe::descriptor_scribe(multiplexer& backend, int fd,
                                     std::shared_ptr<descriptor_table> table, link_events events)
    : scribe(caf::io::network::conn_hdl_from_socket(fd)),
      table_(table),
      events_(std::move(events)),
      stream_(backend, fd, descriptor_policy{std::move(table)}) {}

descriptor_scribe::~descriptor_scribe() {
  closed();
}

void descriptor_scribe::configure_read(caf::io::receive_policy::config config) {
  stream_.configure_read(config);
  if (!started_) {
    started_ = true;
    stream_.start(this);
  }
}

void descriptor_scribe::ack_writes(bool enable) {
  stream_.ack_writes(enable);
}

std::vector<char>& descriptor_scribe::wr_buf() {
  return stream_.wr_buf();
}

std::vector<char>& descriptor_scribe::rd_buf() {
  return stream_.rd_buf();
}

void descriptor_scribe::graceful_shutdown() {
  stream_.graceful_shutdown();
  detach(&stream_.backend(), false);
  closed();
}

void descriptor_scribe::flush() {
  overflowed_ = overflowed_ || stream_.wr_buf().size() > limits::link_queue_bytes_max;
  if (overflowed_) {
    std::vector<char>{}.swap(stream_.wr_buf());
    if (events_.overflowed)
      std::exchange(events_.overflowed, nullptr)();
    return;
  }
  stream_.flush(this);
}

std::string descriptor_scribe::addr() const {
  return "worker process";
}

uint16_t descriptor_scribe::port() const {
  return 0;
}

void descriptor_scribe::add_to_loop() {
  stream_.activate(this);
}

void descriptor_scribe::remove_from_loop() {
  stream_.passivate();
}

caf::message descriptor_scribe::detach_message() {
  closed();
  return scribe::detach_message();
}

void descriptor_scribe::closed() {
  if (std::exchange(closed_, true))
    return;
  table_->close();
  if (events_.closed)
    events_.closed();
}

} // namespace offstage

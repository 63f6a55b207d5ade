// SPDX-License-Identifier: MIT
#include "app/link/descriptor_message.hpp"

#include <array>
#include <cerrno>
#include <cstring>

#include "protocol/errors.hpp"

#include <poll.h>
#include <sys/socket.h>

namespace offstage {

namespace {

constexpr size_t text_bytes_max = 256;

struct control_buffer {
  alignas(cmsghdr) char bytes[CMSG_SPACE(sizeof(int))] = {};
};

} // namespace

bool send_message(int socket, const std::string& text, int fd) {
  iovec vector{const_cast<char*>(text.data()), std::min(text.size(), text_bytes_max)};
  control_buffer control;
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  auto* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fd);
  std::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  ssize_t count = 0;
  do
    count = ::sendmsg(socket, &message, MSG_NOSIGNAL);
  while (count < 0 && errno == EINTR);
  return count >= 0;
}

caf::expected<descriptor_message> receive_message(int socket) {
  std::array<char, text_bytes_max> text{};
  iovec vector{text.data(), text.size()};
  control_buffer control;
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  message.msg_control = control.bytes;
  message.msg_controllen = sizeof control.bytes;
  ssize_t count = 0;
  do
    count = ::recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  while (count < 0 && errno == EINTR);
  if (count <= 0)
    return fail(node_error::aborted, "the peer is gone");
  descriptor_message result;
  result.text.assign(text.data(), static_cast<size_t>(count));
  if (auto* header = CMSG_FIRSTHDR(&message); header && header->cmsg_type == SCM_RIGHTS) {
    int fd = -1;
    std::memcpy(&fd, CMSG_DATA(header), sizeof fd);
    result.fd = descriptor{fd};
  }
  return result;
}

caf::expected<descriptor_message> receive_message(int socket, std::chrono::milliseconds time_max) {
  pollfd entry{socket, POLLIN, 0};
  if (::poll(&entry, 1, static_cast<int>(time_max.count())) != 1)
    return fail(node_error::limit_exceeded, "no answer in time");
  return receive_message(socket);
}

} // namespace offstage

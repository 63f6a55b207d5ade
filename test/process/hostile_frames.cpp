// SPDX-License-Identifier: MIT
#include "test/process/hostile_frames.hpp"

#include <cstring>

#include <caf/io/basp/header.hpp>

#include <poll.h>
#include <sys/socket.h>

namespace offstage::test {

bytes frame_maker::serialize(const writer& write) const {
  bytes result;
  caf::binary_serializer sink{system_, result};
  write(sink);
  return result;
}

bytes frame_maker::frame(const frame_head& head, const bytes& payload) const {
  auto size = head.announced_bytes ? head.announced_bytes : static_cast<uint32_t>(payload.size());
  caf::io::basp::header header{head.operation, head.flags,  size,
                               head.data,      head.source, head.receiver};
  auto result = serialize([&](caf::binary_serializer& sink) { static_cast<void>(sink(header)); });
  result.insert(result.end(), payload.begin(), payload.end());
  return result;
}

bytes frame_maker::message(caf::actor_id receiver, caf::message content) const {
  auto payload = serialize([&](caf::binary_serializer& sink) {
    std::vector<caf::strong_actor_ptr> stages;
    static_cast<void>(sink(stages, content));
  });
  frame_head head;
  head.receiver = receiver;
  return frame(head, payload);
}

bytes frame_maker::forged(caf::actor_id receiver, const std::string& types,
                          const bytes& elements) const {
  auto payload = serialize([&](caf::binary_serializer& sink) {
    std::vector<caf::strong_actor_ptr> stages;
    static_cast<void>(sink(stages));
    uint16_t number = 0;
    auto names = types;
    static_cast<void>(sink.begin_object(number, names));
  });
  payload.insert(payload.end(), elements.begin(), elements.end());
  frame_head head;
  head.receiver = receiver;
  return frame(head, payload);
}

void put(int socket, const bytes& data, const std::vector<descriptor>& fds) {
  iovec vector{const_cast<char*>(data.data()), data.size()};
  std::vector<char> control(CMSG_SPACE(fds.size() * sizeof(int)));
  msghdr message{};
  message.msg_iov = &vector;
  message.msg_iovlen = 1;
  if (!fds.empty()) {
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    auto* header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(fds.size() * sizeof(int));
    for (size_t i = 0; i < fds.size(); ++i) {
      auto value = fds[i].get();
      std::memcpy(CMSG_DATA(header) + i * sizeof value, &value, sizeof value);
    }
  }
  while (vector.iov_len > 0) {
    auto count = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (count < 0) {
      pollfd entry{socket, POLLOUT, 0};
      if (errno != EAGAIN || ::poll(&entry, 1, 1'000) != 1)
        return;
      continue;
    }
    message.msg_control = nullptr;
    message.msg_controllen = 0;
    vector.iov_base = static_cast<char*>(vector.iov_base) + count;
    vector.iov_len -= static_cast<size_t>(count);
  }
}

} // namespace offstage::test

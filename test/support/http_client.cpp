// SPDX-License-Identifier: MIT
#include "test/support/http_client.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>
#include <utility>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace offstage::test {

namespace {

constexpr time_t wait_s = 20;

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return text;
}

} // namespace

http_client::http_client(uint16_t port, int receive_buffer_bytes)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  const timeval wait{wait_s, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
  if (receive_buffer_bytes > 0)
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_buffer_bytes,
                 sizeof receive_buffer_bytes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    ::close(socket_);
    throw std::runtime_error{"cannot connect"};
  }
}

http_client::~http_client() {
  close();
}

void http_client::close() {
  if (socket_ >= 0)
    ::close(socket_);
  socket_ = -1;
}

bool http_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0)
      return false;
    bytes.remove_prefix(static_cast<size_t>(count));
  }
  return true;
}

bool http_client::fill() {
  std::array<char, 65536> bytes{};
  const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
  timed_out_ = count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
  if (count <= 0)
    return false;
  buffer_.append(bytes.data(), static_cast<size_t>(count));
  return true;
}

std::optional<std::string> http_client::line() {
  size_t end = 0;
  while ((end = buffer_.find("\r\n")) == std::string::npos)
    if (!fill())
      return std::nullopt;
  auto text = buffer_.substr(0, end);
  buffer_.erase(0, end + 2);
  return text;
}

std::string http_client::receive_exactly(size_t count) {
  while (buffer_.size() < count && fill()) {
  }
  auto bytes = buffer_.substr(0, count);
  buffer_.erase(0, bytes.size());
  return bytes;
}

std::string http_client::receive_some() {
  if (buffer_.empty())
    fill();
  return std::exchange(buffer_, {});
}

bool http_client::waits_for_close() {
  while (fill())
    buffer_.clear();
  return !timed_out_;
}

http_reply http_client::receive_head() {
  http_reply reply;
  auto text = line();
  if (!text || text->size() < 12)
    return reply;
  reply.status = std::stoi(text->substr(9, 3));
  while ((text = line()) && !text->empty()) {
    const auto colon = text->find(": ");
    if (colon != std::string::npos)
      reply.headers[lower_case(text->substr(0, colon))] = text->substr(colon + 2);
  }
  return reply;
}

http_reply http_client::receive(bool to_head) {
  auto reply = receive_head();
  if (to_head || reply.status == 204 || reply.status == 304 || reply.status < 200)
    reply.complete = reply.status != 0;
  else
    receive_body(reply);
  return reply;
}

void http_client::receive_body(http_reply& reply) {
  if (reply.header("transfer-encoding") == "chunked") {
    while (const auto size_line = line()) {
      const auto size = std::stoul(*size_line, nullptr, 16);
      reply.body += receive_exactly(size);
      if (!line())
        return;
      if (size == 0) {
        reply.complete = true;
        return;
      }
    }
    return;
  }
  if (reply.headers.contains("content-length")) {
    const auto size = std::stoul(reply.header("content-length"));
    reply.body = receive_exactly(size);
    reply.complete = reply.body.size() == size;
    return;
  }
  while (fill()) {
  }
  reply.body = std::exchange(buffer_, {});
  reply.complete = !timed_out_;
}

http_reply http_client::get(std::string_view path, std::string_view more_headers) {
  send("GET " + std::string{path} + " HTTP/1.1\r\nHost: site.test\r\n" + std::string{more_headers}
       + "\r\n");
  return receive();
}

} // namespace offstage::test

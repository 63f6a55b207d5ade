// SPDX-License-Identifier: MIT
#include "test/support/origin_server.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace offstage::test {

namespace {

int bound_socket(uint16_t& port) {
  const auto socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  if (::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) != 0
      || ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw std::runtime_error{"cannot bind"};
  port = ntohs(address.sin_port);
  return socket;
}

/// The bytes of one connection.
class connection {
public:
  explicit connection(int socket) : socket_(socket) {}

  std::optional<std::string> line() {
    size_t end = 0;
    while ((end = buffer_.find("\r\n")) == std::string::npos)
      if (!fill())
        return std::nullopt;
    auto text = buffer_.substr(0, end);
    buffer_.erase(0, end + 2);
    return text;
  }

  std::string exactly(size_t count) {
    while (buffer_.size() < count && fill()) {
    }
    auto bytes = buffer_.substr(0, count);
    buffer_.erase(0, bytes.size());
    return bytes;
  }

  bool send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (count <= 0)
        return false;
      bytes.remove_prefix(static_cast<size_t>(count));
    }
    return true;
  }

private:
  bool fill() {
    std::array<char, 65536> bytes{};
    const auto count = ::recv(socket_, bytes.data(), bytes.size(), 0);
    if (count > 0)
      buffer_.append(bytes.data(), static_cast<size_t>(count));
    return count > 0;
  }

  int socket_;
  std::string buffer_;
};

std::string lower_case(std::string text) {
  std::ranges::transform(text, text.begin(), [](unsigned char c) {
    return static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c);
  });
  return text;
}

std::optional<origin_request> read_request(connection& peer) {
  auto text = peer.line();
  if (!text)
    return std::nullopt;
  origin_request request;
  const auto first = text->find(' ');
  const auto second = text->rfind(' ');
  request.method = text->substr(0, first);
  request.target = text->substr(first + 1, second - first - 1);
  while ((text = peer.line()) && !text->empty()) {
    const auto colon = text->find(':');
    const auto value = text->find_first_not_of(' ', colon + 1);
    request.headers[lower_case(text->substr(0, colon))] =
        value == std::string::npos ? "" : text->substr(value);
  }
  if (request.header("transfer-encoding") == "chunked") {
    while (const auto size_line = peer.line()) {
      const auto size = std::stoul(*size_line, nullptr, 16);
      request.body += peer.exactly(size);
      peer.line();
      if (size == 0)
        break;
    }
  } else if (const auto length = request.header("content-length"); !length.empty()) {
    request.body = peer.exactly(std::stoul(length));
  }
  return request;
}

} // namespace

origin_server::origin_server(handler handle) : handle_(std::move(handle)) {
  listener_ = bound_socket(port_);
  ::listen(listener_, 64);
  acceptor_ = std::thread{[this] { accept_all(); }};
}

origin_server::~origin_server() {
  ::shutdown(listener_, SHUT_RDWR);
  acceptor_.join();
  std::vector<std::thread> threads;
  {
    const std::lock_guard guard{mutex_};
    for (const auto socket : sockets_)
      ::shutdown(socket, SHUT_RDWR);
    threads.swap(threads_);
  }
  for (auto& x : threads)
    x.join();
  for (const auto socket : sockets_)
    ::close(socket);
  ::close(listener_);
}

size_t origin_server::connection_count() const {
  const std::lock_guard guard{mutex_};
  return sockets_.size();
}

void origin_server::accept_all() {
  while (true) {
    const auto socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0)
      return;
    const std::lock_guard guard{mutex_};
    sockets_.push_back(socket);
    threads_.emplace_back([this, socket] { serve(socket); });
  }
}

void origin_server::serve(int socket) {
  connection peer{socket};
  auto alive = true;
  while (alive) {
    const auto request = read_request(peer);
    if (!request)
      break;
    handle_(*request,
            [&](std::string_view bytes) { return alive = !bytes.empty() && peer.send(bytes); });
  }
  ::shutdown(socket, SHUT_RDWR);
}

std::string reply_bytes(int status, std::string_view header_lines, std::string_view body) {
  return "HTTP/1.1 " + std::to_string(status)
         + " Reply\r\nContent-Length: " + std::to_string(body.size()) + "\r\n"
         + std::string{header_lines} + "\r\n" + std::string{body};
}

uint16_t unused_port() {
  uint16_t port = 0;
  ::close(bound_socket(port));
  return port;
}

} // namespace offstage::test

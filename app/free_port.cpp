// SPDX-License-Identifier: MIT
#include "app/free_port.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace offstage {

namespace {

template <class Address>
uint16_t bind_and_look(int family, Address address, uint16_t Address::*port) {
  const int socket = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket < 0)
    return 0;
  socklen_t size = sizeof address;
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  const bool found =
      ::bind(socket, generic, size) == 0 && ::getsockname(socket, generic, &size) == 0;
  ::close(socket);
  return found ? ntohs(address.*port) : uint16_t{0};
}

} // namespace

uint16_t find_free_port(const std::string& address) {
  sockaddr_in v4{};
  v4.sin_family = AF_INET;
  if (::inet_pton(AF_INET, address.c_str(), &v4.sin_addr) == 1)
    return bind_and_look(AF_INET, v4, &sockaddr_in::sin_port);
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  if (::inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) == 1)
    return bind_and_look(AF_INET6, v6, &sockaddr_in6::sin6_port);
  return 0;
}

} // namespace offstage

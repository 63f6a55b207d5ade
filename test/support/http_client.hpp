// SPDX-License-Identifier: MIT
#pragma once

// A blocking HTTP/1.1 client on a raw socket, for tests that have to see the bytes. Every wait ends
// after a generous time, so a hanging server fails a test instead of hanging it.

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace offstage::test {

struct http_reply {
  int status = 0;
  std::map<std::string, std::string> headers; ///< Names in lower case; the last value wins.
  std::string body;
  bool complete = false; ///< The body ended as its framing says.

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
  }
};

class http_client {
public:
  explicit http_client(uint16_t port, int receive_buffer_bytes = 0);
  http_client(const http_client&) = delete;
  http_client& operator=(const http_client&) = delete;
  ~http_client();

  /// False if the server closed the connection before it took everything.
  bool send(std::string_view bytes);
  void close();

  /// The next reply; `to_head` is for answers to HEAD. Status 0 if the connection ended first.
  http_reply receive(bool to_head = false);

  /// Only the head of the next reply; receive_body() or receive_some() follow.
  http_reply receive_head();
  std::string receive_exactly(size_t count);

  /// Whatever comes next; empty when the server has closed.
  std::string receive_some();

  /// Reads and drops until the server closes; false if it does not.
  bool waits_for_close();

  /// "GET path" with a Host header and nothing else.
  http_reply get(std::string_view path, std::string_view more_headers = {});

private:
  bool fill();
  std::optional<std::string> line();
  void receive_body(http_reply& reply);

  int socket_ = -1;
  bool timed_out_ = false;
  std::string buffer_;
};

} // namespace offstage::test

// SPDX-License-Identifier: MIT
#pragma once

// A small HTTP server on loopback whose answers a test writes byte by byte. One thread per
// connection; the destructor closes all connections and joins.

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace offstage::test {

struct origin_request {
  std::string method;
  std::string target;
  std::map<std::string, std::string> headers; ///< Names in lower case.
  std::string body;

  std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
  }
};

class origin_server {
public:
  /// Sends bytes to the client; false when it is gone. No bytes close the connection.
  using sender = std::function<bool(std::string_view)>;
  using handler = std::function<void(const origin_request&, const sender&)>;

  explicit origin_server(handler handle);
  ~origin_server();

  uint16_t port() const { return port_; }
  std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
  size_t connection_count() const;

private:
  void accept_all();
  void serve(int socket);

  handler handle_;
  int listener_ = -1;
  uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::vector<int> sockets_;         ///< Guarded by mutex_.
  std::vector<std::thread> threads_; ///< Guarded by mutex_.
  std::thread acceptor_;
};

/// "HTTP/1.1 <status>" with a Content-Length, the given header lines and the body.
std::string reply_bytes(int status, std::string_view header_lines, std::string_view body);

/// A port of loopback on which nobody listens.
uint16_t unused_port();

} // namespace offstage::test

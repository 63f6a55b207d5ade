// SPDX-License-Identifier: MIT
#pragma once

// An HTTPS server on loopback with a certificate of its own, made for the names that a test gives.
// Answers every request with its path. One connection at a time; the destructor ends it.

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <openssl/ssl.h>

namespace offstage::test {

class tls_origin {
public:
  explicit tls_origin(const std::vector<std::string>& names);
  ~tls_origin();
  tls_origin(const tls_origin&) = delete;
  tls_origin& operator=(const tls_origin&) = delete;

  uint16_t port() const { return port_; }
  /// What a client has to trust.
  const std::string& certificate_pem() const { return pem_; }

private:
  void serve_all();
  void serve(int socket) const;

  std::unique_ptr<SSL_CTX, void (*)(SSL_CTX*)> context_;
  std::string pem_;
  int listener_ = -1;
  uint16_t port_ = 0;
  std::thread thread_;
};

} // namespace offstage::test

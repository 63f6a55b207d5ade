// SPDX-License-Identifier: MIT
#include "test/support/tls_origin.hpp"

#include <csignal>
#include <stdexcept>
#include <string_view>

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

namespace offstage::test {

namespace {

template <class T, void (*Free)(T*)>
struct freeing {
  void operator()(T* x) const { Free(x); }
};

using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY, EVP_PKEY_free>>;
using certificate_ptr = std::unique_ptr<X509, freeing<X509, X509_free>>;

void demand(bool good, const char* what) {
  if (!good)
    throw std::runtime_error{what};
}

certificate_ptr make_certificate(EVP_PKEY* key, const std::vector<std::string>& names) {
  certificate_ptr result{X509_new()};
  X509_set_version(result.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(result.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(result.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(result.get()), 86'400);
  X509_set_pubkey(result.get(), key);
  auto* subject = X509_get_subject_name(result.get());
  const auto* common = reinterpret_cast<const unsigned char*>(names.front().c_str());
  X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, common, -1, -1, 0);
  X509_set_issuer_name(result.get(), subject);
  std::string alternatives;
  for (const auto& name : names)
    alternatives += (alternatives.empty() ? "DNS:" : ",DNS:") + name;
  auto* extension =
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, alternatives.c_str());
  demand(extension != nullptr, "no subject alternative names");
  X509_add_ext(result.get(), extension, -1);
  X509_EXTENSION_free(extension);
  demand(X509_sign(result.get(), key, EVP_sha256()) > 0, "the certificate cannot be signed");
  return result;
}

std::string pem_of(X509* certificate) {
  std::unique_ptr<BIO, freeing<BIO, BIO_vfree>> memory{BIO_new(BIO_s_mem())};
  PEM_write_bio_X509(memory.get(), certificate);
  char* data = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<size_t>(size)};
}

} // namespace

tls_origin::tls_origin(const std::vector<std::string>& names)
    : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  // OpenSSL writes to clients that are gone.
  std::signal(SIGPIPE, SIG_IGN);
  const key_ptr key{EVP_EC_gen("P-256")};
  demand(key != nullptr, "no key");
  const auto certificate = make_certificate(key.get(), names);
  pem_ = pem_of(certificate.get());
  demand(SSL_CTX_use_certificate(context_.get(), certificate.get()) == 1
             && SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1,
         "the certificate is refused");
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* const general = reinterpret_cast<sockaddr*>(&address);
  demand(::bind(listener_, general, size) == 0 && ::listen(listener_, 16) == 0
             && ::getsockname(listener_, general, &size) == 0,
         "cannot listen");
  port_ = ntohs(address.sin_port);
  thread_ = std::thread{[this] { serve_all(); }};
}

tls_origin::~tls_origin() {
  ::shutdown(listener_, SHUT_RDWR);
  thread_.join();
  ::close(listener_);
}

void tls_origin::serve_all() {
  for (int socket = 0; (socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)) >= 0;) {
    const timeval patience{.tv_sec = 10, .tv_usec = 0};
    ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    serve(socket);
    ::close(socket);
  }
}

void tls_origin::serve(int socket) const {
  const std::unique_ptr<SSL, freeing<SSL, SSL_free>> tls{SSL_new(context_.get())};
  SSL_set_fd(tls.get(), socket);
  if (SSL_accept(tls.get()) != 1)
    return;
  std::string head;
  char buffer[4096];
  while (head.find("\r\n\r\n") == std::string::npos) {
    const auto count = SSL_read(tls.get(), buffer, sizeof buffer);
    if (count <= 0)
      return;
    head.append(buffer, static_cast<size_t>(count));
  }
  const auto from = head.find(' ') + 1;
  const auto path = head.substr(from, head.find(' ', from) - from);
  const auto reply = "HTTP/1.1 200 OK\r\nConnection: close\r\nAccess-Control-Allow-Origin: *\r\n"
                     "Content-Length: "
                     + std::to_string(path.size()) + "\r\n\r\n" + path;
  SSL_write(tls.get(), reply.data(), static_cast<int>(reply.size()));
  SSL_shutdown(tls.get());
}

} // namespace offstage::test

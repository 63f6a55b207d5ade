// SPDX-License-Identifier: MIT
// How a transfer sets curl up: every option that matters, in one place.
#include "gateway/transfer.hpp"

#include <curl/curl.h>

namespace offstage {

namespace {

template <class Value>
void set(curl_handle easy, CURLoption option, Value value) {
  curl_easy_setopt(easy, option, value);
}

} // namespace

void transfer::configure() {
  set(easy_, CURLOPT_URL, request_.url.c_str());
  set(easy_, CURLOPT_ERRORBUFFER, error_text_.data());
  set(easy_, CURLOPT_HEADERFUNCTION, &transfer::on_header_line);
  set(easy_, CURLOPT_HEADERDATA, this);
  set(easy_, CURLOPT_WRITEFUNCTION, &transfer::on_body_bytes);
  set(easy_, CURLOPT_WRITEDATA, this);
  // Redirects and credentials are Fetch's, not curl's.
  set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
  set(easy_, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  set(easy_, CURLOPT_NOSIGNAL, 1L);
  // A range is of the bytes on the wire.
  if (!request_.headers.has("Range"))
    set(easy_, CURLOPT_ACCEPT_ENCODING, "");
  if (request_.with_cookies && host_.cookies != nullptr) {
    set(easy_, CURLOPT_SHARE, host_.cookies.get());
    set(easy_, CURLOPT_COOKIEFILE, "");
  }
  configure_connection();
  configure_method();
  add_header_lines();
}

void transfer::configure_connection() {
  const auto& options = host_.options;
  set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  // One connection per running fetch keeps what the kernel buffers for an unread body bounded.
  set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(easy_, CURLOPT_PROXY, "");
  set(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options.connect_time_max.count()));
  set(easy_, CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(easy_, CURLOPT_LOW_SPEED_TIME, static_cast<long>(options.idle_time_max.count()));
  set(easy_, CURLOPT_SSL_VERIFYPEER, options.verify_tls ? 1L : 0L);
  set(easy_, CURLOPT_SSL_VERIFYHOST, options.verify_tls ? 2L : 0L);
  if (!options.ca_file.empty())
    set(easy_, CURLOPT_CAINFO, options.ca_file.c_str());
  for (const auto& entry : options.resolve)
    resolve_ = curl_slist_append(resolve_, entry.c_str());
  if (resolve_ != nullptr)
    set(easy_, CURLOPT_RESOLVE, resolve_);
  for (const auto& entry : options.connect_to)
    connect_to_ = curl_slist_append(connect_to_, entry.c_str());
  if (connect_to_ != nullptr)
    set(easy_, CURLOPT_CONNECT_TO, connect_to_);
}

void transfer::configure_method() {
  const auto& content = request_.content;
  if (content.kind == body_kind::source) {
    set(easy_, CURLOPT_UPLOAD, 1L);
    set(easy_, CURLOPT_READFUNCTION, &transfer::on_upload);
    set(easy_, CURLOPT_READDATA, this);
    if (content.length >= 0)
      set(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(content.length));
    host_.bridge->watch(content.source);
  } else if (content.kind == body_kind::inline_bytes || request_.method == "POST"
             || request_.method == "PUT") {
    set(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(content.bytes.size()));
    set(easy_, CURLOPT_POSTFIELDS,
        content.bytes.empty() ? "" : reinterpret_cast<const char*>(content.bytes.data()));
  } else if (request_.method == "HEAD") {
    set(easy_, CURLOPT_NOBODY, 1L);
  }
  if (request_.method != "HEAD")
    set(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
}

void transfer::add_header_lines() {
  const auto add = [this](const std::string& line) {
    header_lines_ = curl_slist_append(header_lines_, line.c_str());
  };
  for (const auto& x : request_.headers.items())
    add(x.value.empty() ? x.name + ";" : x.name + ": " + x.value);
  // A name without a value keeps curl from adding its own.
  add("Expect:");
  for (const auto* name : {"Content-Type", "Accept", "User-Agent"})
    if (!request_.headers.has(name))
      add(std::string{name} + ":");
  set(easy_, CURLOPT_HTTPHEADER, header_lines_);
}

} // namespace offstage

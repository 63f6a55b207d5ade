// SPDX-License-Identifier: MIT
#pragma once

// A directory that answers like a small web server: index.html for directories, media types by
// extension, ETag and Last-Modified with their conditions, single byte ranges. Only regular files
// below the root; names that begin with a dot are not there (but for .well-known), and symbolic
// links are not followed, so nothing outside can be reached. Files up to wire::inline_bytes_max are
// read at once, longer ones as they are pulled, in small pieces.

#include <memory>
#include <string>

#include "gateway/fetch_host.hpp"
#include "gateway/http_source.hpp"

namespace offstage {

class directory_source : public http_source, public std::enable_shared_from_this<directory_source> {
public:
  directory_source(fetch_host& host, std::string root, outgoing_request request,
                   head_handler on_head);

  void start() override;
  void abort() override { on_head_ = {}; }
  body take_body() override { return std::move(content_); }

private:
  struct open_file;

  incoming_head answer();
  incoming_head answer_file(open_file file, const std::string& path);
  incoming_head answer_error(uint16_t status);
  void set_content(open_file file, uint64_t offset, uint64_t size);

  fetch_host& host_;
  std::string root_;
  outgoing_request request_;
  head_handler on_head_;
  body content_;
};

/// The media type for a file name, by its extension.
std::string_view media_type_of(std::string_view file_name);

} // namespace offstage

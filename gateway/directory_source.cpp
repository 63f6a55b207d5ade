// SPDX-License-Identifier: MIT
#include "gateway/directory_source.hpp"

#include <algorithm>
#include <charconv>

#include <caf/actor_system.hpp>

#include "gateway/file_reader.hpp"
#include "gateway/http_message.hpp"
#include "gateway/http_problem.hpp"
#include "gateway/io_actor.hpp"
#include "gateway/response_head.hpp"
#include "protocol/errors.hpp"
#include "protocol/url.hpp"

namespace offstage {

namespace {

/// A part of a file as a body stream.
class file_source : public io_actor {
public:
  file_source(caf::actor_config& config, std::shared_ptr<io_loop> loop,
              std::shared_ptr<const file_reader> file, uint64_t offset, uint64_t size)
      : io_actor(config, std::move(loop)), file_(std::move(file)), offset_(offset), left_(size) {}

protected:
  caf::behavior make_behavior() override {
    return {[this](pull_atom, uint32_t bytes_max) { return pull(bytes_max); },
            [this](cancel_atom) { quit(); }};
  }

private:
  caf::result<body_chunk> pull(uint32_t bytes_max) {
    const auto count = std::min<uint64_t>({left_, bytes_max, wire::inline_bytes_max});
    auto bytes = file_->read(offset_, static_cast<size_t>(count));
    if (!bytes) {
      quit();
      return fail(storage_error::body_failed, "the file could not be read");
    }
    offset_ += count;
    left_ -= count;
    if (left_ == 0)
      quit();
    return body_chunk{shared_bytes{std::move(*bytes)}, left_ == 0};
  }

  std::shared_ptr<const file_reader> file_;
  uint64_t offset_;
  uint64_t left_;
};

std::optional<uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9')
    return static_cast<uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f')
    return static_cast<uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F')
    return static_cast<uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

std::string percent_decoded(std::string_view text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    const auto high = text[i] == '%' && i + 2 < text.size() ? hex_digit(text[i + 1]) : std::nullopt;
    const auto low = high ? hex_digit(text[i + 2]) : std::nullopt;
    if (low) {
      result += static_cast<char>(*high << 4 | *low);
      i += 2;
    } else {
      result += text[i];
    }
  }
  return result;
}

bool is_served(std::string_view segment) {
  if (segment.find('/') != std::string_view::npos || segment.find('\0') != std::string_view::npos)
    return false;
  return !segment.starts_with('.') || segment == ".well-known";
}

/// Decoded segments without empty ones; nothing if one of them is not served.
std::optional<std::vector<std::string>> segments_of(std::string_view path) {
  std::vector<std::string> segments;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    if (slash > 0)
      segments.push_back(percent_decoded(path.substr(0, slash)));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  if (!std::ranges::all_of(segments, is_served))
    return std::nullopt;
  return segments;
}

struct byte_range {
  uint64_t first = 0;
  uint64_t size = 0;
};

/// One range of a file; nothing if the header is of a form that is better ignored.
std::optional<byte_range> range_of(std::string_view text, uint64_t file_size) {
  if (!text.starts_with("bytes=") || text.find(',') != std::string_view::npos || file_size == 0)
    return std::nullopt;
  text.remove_prefix(6);
  const auto dash = text.find('-');
  if (dash == std::string_view::npos)
    return std::nullopt;
  const auto number = [](std::string_view digits) -> std::optional<uint64_t> {
    uint64_t value = 0;
    const auto* end = digits.data() + digits.size();
    const auto parsed = std::from_chars(digits.data(), end, value);
    return !digits.empty() && parsed.ec == std::errc{} && parsed.ptr == end ? std::optional{value}
                                                                            : std::nullopt;
  };
  const auto first = number(text.substr(0, dash));
  const auto last = number(text.substr(dash + 1));
  if (first && (last || dash + 1 == text.size())) {
    const auto end = std::min(last.value_or(file_size - 1), file_size - 1);
    return end < *first ? byte_range{file_size, 0} : byte_range{*first, end - *first + 1};
  }
  if (dash != 0 || !last)
    return std::nullopt;
  const auto size = std::min(*last, file_size);
  return byte_range{file_size - size, size};
}

} // namespace

struct directory_source::open_file {
  std::shared_ptr<const file_reader> reader;
};

directory_source::directory_source(fetch_host& host, std::string root, outgoing_request request,
                                   head_handler on_head)
    : host_(host),
      root_(std::move(root)),
      request_(std::move(request)),
      on_head_(std::move(on_head)) {}

void directory_source::start() {
  if (request_.content.source)
    host_.bridge->tell(request_.content.source, cancel_atom_v);
  host_.curl->defer([self = shared_from_this()] {
    auto head = self->answer();
    if (const auto handler = std::exchange(self->on_head_, {}))
      handler(std::move(head), {});
  });
}

incoming_head directory_source::answer() {
  if (request_.method != "GET" && request_.method != "HEAD")
    return answer_error(405);
  const auto parsed = url::parse(request_.url);
  const auto path = parsed ? parsed->pathname() : std::string{};
  auto segments = segments_of(path);
  auto file = segments ? file_reader::open(root_, *segments) : std::nullopt;
  if (file && file->type() == file_reader::kind::directory) {
    if (!path.ends_with('/')) {
      auto head = answer_error(301);
      head.headers.append("Location", path + "/" + (parsed->query() ? "?" + *parsed->query() : ""));
      return head;
    }
    segments->emplace_back("index.html");
  } else if (file && path.ends_with('/')) {
    return answer_error(404);
  }
  if (segments && path.ends_with('/')) {
    auto index = file_reader::open(root_, *segments);
    if (!index || index->type() != file_reader::kind::file)
      return answer_error(404);
    return answer_file({std::make_shared<file_reader>(std::move(*index))}, segments->back());
  }
  if (!file)
    return answer_error(404);
  return answer_file({std::make_shared<file_reader>(std::move(*file))}, segments->back());
}

incoming_head directory_source::answer_file(open_file file, const std::string& path) {
  incoming_head head{.status = 200, .status_text = {}, .headers = {}};
  const auto tag = file.reader->entity_tag();
  const auto modified = http_date(file.reader->modified());
  head.headers.append("ETag", tag);
  head.headers.append("Last-Modified", modified);
  head.headers.append("Cache-Control", "no-cache");
  const auto if_none_match = request_.headers.get("If-None-Match");
  if (if_none_match ? list_has(*if_none_match, tag) || list_has(*if_none_match, "W/" + tag)
                    : request_.headers.get("If-Modified-Since") == modified) {
    head.status = 304;
    return head;
  }
  head.headers.append("Content-Type", std::string{media_type_of(path)});
  head.headers.append("Accept-Ranges", "bytes");
  byte_range part{0, file.reader->size()};
  const auto wanted = request_.headers.get("Range");
  if (const auto range = wanted ? range_of(*wanted, part.size) : std::nullopt) {
    const auto total = std::to_string(file.reader->size());
    if (range->size == 0) {
      head = answer_error(416);
      head.headers.append("Content-Range", "bytes */" + total);
      return head;
    }
    part = *range;
    head.status = 206;
    head.headers.append("Content-Range", "bytes " + std::to_string(part.first) + "-"
                                             + std::to_string(part.first + part.size - 1) + "/"
                                             + total);
  }
  head.headers.append("Content-Length", std::to_string(part.size));
  if (request_.method == "GET")
    set_content(std::move(file), part.first, part.size);
  return head;
}

void directory_source::set_content(open_file file, uint64_t offset, uint64_t size) {
  if (size <= wire::inline_bytes_max) {
    auto bytes = file.reader->read(offset, static_cast<size_t>(size));
    content_ = body::of(shared_bytes{std::move(bytes).value_or("")});
    return;
  }
  const auto handle = host_.system->spawn<file_source, caf::hidden>(
      host_.loop, std::move(file.reader), offset, size);
  content_ = body::of(caf::actor_cast<body_source_actor>(handle), static_cast<int64_t>(size));
}

incoming_head directory_source::answer_error(uint16_t status) {
  incoming_head head{.status = status, .status_text = {}, .headers = {}};
  head.headers.append("Content-Type", "text/plain; charset=utf-8");
  if (request_.method != "HEAD")
    content_ = body::of(
        shared_bytes{std::to_string(status) + " " + std::string{reason_phrase(status)} + "\n"});
  return head;
}

} // namespace offstage

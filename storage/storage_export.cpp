// SPDX-License-Identifier: MIT
#include "protocol/errors.hpp"
#include "storage/database_tuning.hpp"
#include "storage/inspection.hpp"
#include "storage/json_line.hpp"
#include "storage/key_codec.hpp"
#include "storage/value_codec.hpp"

// Format: one JSON object per line, its first member is "kind":
//   registration  origin scope updateViaCache lastUpdateCheck active? waiting?
//                 active and waiting are lists of pairs: what, value
//   script        sha256 text, or textBase64 if it is not UTF-8
//   cache         origin cache name; entries and bodies refer to it by its number
//   entry         cache method url requestHeaders type status statusText urls responseHeaders,
//                 and body, or bodyBase64, or bodyId with bodyBytes
//   body          bodyId record base64: bodies of entries in order, cut into records
//   quarantine    row base64: a damaged record as it was found
//   row           column key base64: rows of other column families as they are
// Artifacts are left out: they are made again.

namespace offstage {

namespace {

using line_taker = storage_inspection::line_taker;

void add_worker(json_line& line, std::string_view name, const stored_worker& worker) {
  if (worker.script.sha256.empty())
    return;
  line.begin_list(name);
  line.pair("id", std::to_string(static_cast<uint64_t>(worker.descriptor.id)));
  line.pair("state", to_string(worker.descriptor.state));
  line.pair("type", worker.descriptor.type == worker_type::module ? "module" : "classic");
  line.pair(worker.script.url, worker.script.sha256);
  for (const auto& script : worker.imports)
    line.pair(script.url, script.sha256);
  line.end_list();
}

std::string registration_line(const stored_registration& x) {
  constexpr std::string_view via_cache[] = {"imports", "all", "none"};
  json_line line{"registration"};
  line.text("origin", x.key.origin).text("scope", x.scope);
  line.text("updateViaCache", via_cache[static_cast<size_t>(x.via_cache)]);
  line.number("lastUpdateCheck", static_cast<uint64_t>(x.last_update_check_unix_ms));
  add_worker(line, "active", x.active);
  add_worker(line, "waiting", x.waiting);
  return line.take();
}

std::string damaged_line(column where, std::string_view key, std::string_view value) {
  json_line line{"row"};
  line.text("column", column_name(where)).base64("keyBase64", key).base64("base64", value);
  return line.take();
}

std::string meta_line(std::string_view key, std::string_view value) {
  const shared_bytes record{std::string{value}};
  if (key.starts_with('r')) {
    const auto registration = decode_registration(key, record);
    return registration ? registration_line(*registration) : damaged_line(column::meta, key, value);
  }
  if (key.starts_with('c')) {
    const auto cache = parse_cache_key(key);
    if (!cache)
      return damaged_line(column::meta, key, value);
    json_line line{"cache"};
    line.text("origin", cache->key.origin);
    line.number("cache", static_cast<uint64_t>(cache->cache)).bytes("name", cache->name);
    return line.take();
  }
  return {};
}

void add_headers(json_line& line, std::string_view name, const header_list& headers) {
  line.begin_list(name);
  for (const auto& x : headers.items())
    line.pair(x.name, x.value);
  line.end_list();
}

std::string entry_line(std::string_view key, std::string_view value) {
  constexpr std::string_view types[] = {"default", "basic",  "cors",
                                        "error",   "opaque", "opaqueredirect"};
  const auto entry = decode_entry(key, shared_bytes{std::string{value}});
  const auto cache = cache_of_row_key(key);
  if (!entry || !cache)
    return damaged_line(column::entries, key, value);
  json_line line{"entry"};
  line.number("cache", static_cast<uint64_t>(*cache)).text("method", entry->request.method);
  line.text("url", entry->request.url);
  add_headers(line, "requestHeaders", entry->request.headers);
  line.text("type", types[static_cast<size_t>(entry->response.type)]);
  line.number("status", entry->response.status).text("statusText", entry->response.status_text);
  line.begin_list("urls");
  for (const auto& url : entry->response.url_list)
    line.item(url);
  line.end_list();
  add_headers(line, "responseHeaders", entry->response.headers);
  if (entry->content.where == stored_body::place::beside)
    line.bytes("body", entry->content.bytes.view());
  else if (entry->content.where == stored_body::place::records)
    line.number("bodyId", static_cast<uint64_t>(entry->content.id))
        .number("bodyBytes", entry->content.length);
  return line.take();
}

std::string framed_line(column where, record_kind kind, std::string_view key,
                        std::string_view value) {
  const auto payload = open_frame(kind, key, shared_bytes{std::string{value}});
  if (!payload)
    return damaged_line(where, key, value);
  if (where == column::scripts)
    return json_line{"script"}.text("sha256", key).bytes("text", payload->view()).take();
  const auto id = body_of_record_key(key);
  if (!id)
    return damaged_line(where, key, value);
  uint64_t record = 0;
  for (const auto byte : key.substr(8))
    record = record << 8 | static_cast<uint8_t>(byte);
  json_line line{"body"};
  line.number("bodyId", static_cast<uint64_t>(*id)).number("record", record);
  return line.base64("base64", payload->view()).take();
}

std::string line_of(column where, std::string_view key, std::string_view value) {
  switch (where) {
  case column::meta:
    return meta_line(key, value);
  case column::scripts:
    return framed_line(where, record_kind::script, key, value);
  case column::entries:
    return entry_line(key, value);
  case column::bodies:
    return framed_line(where, record_kind::body_record, key, value);
  case column::quarantine:
    return json_line{"quarantine"}.base64("rowBase64", key).base64("base64", value).take();
  case column::index:
  case column::artifacts:
    return {};
  default:
    return damaged_line(where, key, value);
  }
}

} // namespace

caf::error storage_inspection::write_lines(const line_taker& take) const {
  bool goes_on = true;
  for (size_t i = 0; i < column_count && goes_on; ++i) {
    const auto where = static_cast<column>(i);
    const auto visit = [&](std::string_view key, std::string_view value) {
      const auto line = line_of(where, key, value);
      return goes_on = line.empty() || take(line);
    };
    if (auto err = db_->scan(where, {}, visit))
      return err;
  }
  return caf::none;
}

} // namespace offstage

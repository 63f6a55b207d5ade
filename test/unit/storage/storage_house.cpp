// SPDX-License-Identifier: MIT
#include "test/unit/storage/storage_house.hpp"

#include <doctest/doctest.h>

#include "protocol/message_types.hpp"
#include "storage/database.hpp"
#include "storage/storage.hpp"

namespace offstage::test {

house_config::house_config() {
  register_protocol(*this);
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", 2);
}

void log_book::add(const std::string& line) {
  const std::lock_guard guard{mutex_};
  lines_.push_back(line);
}

bool log_book::contains(const std::string& text) const {
  return this->text().find(text) != std::string::npos;
}

std::string log_book::text() const {
  const std::lock_guard guard{mutex_};
  std::string all;
  for (const auto& line : lines_)
    all += line + "\n";
  return all;
}

storage_house::storage_house(storage_options options, const std::string& directory)
    : options_(std::move(options)) {
  options_.directory = directory.empty() ? directory_ / "data" : directory;
  open();
}

storage_house::~storage_house() {
  close();
}

void storage_house::open() {
  config_ = std::make_unique<house_config>();
  system_ = std::make_unique<caf::actor_system>(*config_);
  self_ = std::make_unique<caf::scoped_actor>(*system_);
  auto spawned =
      spawn_storage(*system_, options_,
                    [log = log_](storage_log_level, const std::string& line) { log->add(line); });
  REQUIRE_MESSAGE(spawned, describe(spawned.error()));
  storage_ = *spawned;
}

void storage_house::close() {
  if (!system_)
    return;
  (*self_)->send_exit(storage_, caf::exit_reason::user_shutdown);
  storage_ = nullptr;
  self_.reset();
  system_.reset();
}

cache_storage_actor storage_house::caches(const std::string& origin) {
  auto result = ask<cache_storage_actor>(storage_, open_atom_v, storage_key{origin});
  REQUIRE_MESSAGE(result, describe(result.error()));
  return *result;
}

caf::expected<cache_result> storage_house::run(cache_operation operation,
                                               const std::string& origin) {
  return ask<cache_result>(caches(origin), cache_atom_v, std::move(operation));
}

cache_id storage_house::open_cache(const std::string& name) {
  const auto result = run(cache_open{name});
  REQUIRE_MESSAGE(result, describe(result.error()));
  return result->cache;
}

caf::expected<cache_result> storage_house::put(cache_id cache, cache_entry entry) {
  cache_put operation;
  operation.cache = cache;
  operation.entries.push_back(std::move(entry));
  return run(operation);
}

cache_result storage_house::match(cache_id cache, const fetch_request& request,
                                  cache_query_options options) {
  cache_query query;
  query.cache = cache;
  query.has_request = true;
  query.request = request;
  query.options = options;
  const auto result = run(query);
  REQUIRE_MESSAGE(result, describe(result.error()));
  return *result;
}

std::vector<std::string> storage_house::keys(cache_id cache) {
  cache_query query;
  query.cache = cache;
  query.want_responses = false;
  const auto result = run(query);
  REQUIRE_MESSAGE(result, describe(result.error()));
  std::vector<std::string> urls;
  for (const auto& request : result->requests)
    urls.push_back(request.url);
  return urls;
}

bool storage_house::remove(cache_id cache, const fetch_request& request,
                           cache_query_options options) {
  const auto result = run(cache_remove{cache, request, options});
  REQUIRE_MESSAGE(result, describe(result.error()));
  return result->found;
}

std::string storage_house::read(const body& content, uint32_t credit) {
  if (content.kind == body_kind::none)
    return {};
  if (content.kind == body_kind::inline_bytes)
    return content.bytes.to_string();
  std::string text;
  while (true) {
    const auto chunk = ask<body_chunk>(content.source, pull_atom_v, credit);
    if (!chunk)
      return "error: " + describe(chunk.error());
    if (chunk->bytes.size() > credit)
      return "error: more than was asked for";
    text += chunk->bytes.view();
    if (chunk->last)
      return text;
  }
}

storage_audit storage_house::audit() {
  close();
  storage_audit result;
  {
    auto db = database::open(options_);
    REQUIRE_MESSAGE(db, describe(db.error()));
    auto audited = audit_storage(**db);
    REQUIRE_MESSAGE(audited, describe(audited.error()));
    result = std::move(*audited);
  }
  open();
  return result;
}

std::string problems_of(const storage_audit& audit) {
  std::string lines;
  for (const auto& problem : audit.problems)
    lines += problem + "\n";
  return lines;
}

fetch_request get(const std::string& url, header_list headers) {
  fetch_request request;
  request.url = url;
  request.headers = std::move(headers);
  return request;
}

fetch_response respond(const std::string& text, header_list headers) {
  fetch_response response;
  response.type = response_type::basic;
  response.status_text = "OK";
  response.headers = std::move(headers);
  response.content = body::of(shared_bytes{text});
  return response;
}

header_list headers_of(std::vector<header> items) {
  header_list result;
  for (auto& item : items)
    result.append(std::move(item.name), std::move(item.value));
  return result;
}

cache_entry entry(const std::string& url, const std::string& text, header_list response_headers,
                  header_list request_headers) {
  cache_entry result;
  result.request = get(url, std::move(request_headers));
  result.response = respond(text, std::move(response_headers));
  result.response.url_list.push_back(url);
  return result;
}

std::string pattern(size_t size, uint64_t seed) {
  std::string bytes(size, '\0');
  uint64_t x = seed * 0x9e3779b97f4a7c15u + 1;
  for (auto& c : bytes) {
    x = x * 6364136223846793005u + 1442695040888963407u;
    c = static_cast<char>(x >> 56);
  }
  return bytes;
}

} // namespace offstage::test

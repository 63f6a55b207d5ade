// SPDX-License-Identifier: MIT
#include "storage/key_codec.hpp"

#include <algorithm>

#include <xxhash.h>

// Format: integers are big endian, hashes are XXH3 64 bit of the bytes.
// meta row:       "v"                                   format version
//                 "w"                                   next worker id
//                 "r" origin NUL scope                  registration
//                 "c" origin NUL cache:u64 name         named cache
//                 "d" origin NUL cache:u64              cache whose name was deleted
//                 "u" origin NUL                        usage
//                 "p" body:u64                          body that is arriving
//                 "i" origin NUL database:u64 name      database of IndexedDB
//                 "s" origin NUL database:u64 store:u64 state of one of its stores
//                 "k" origin NUL                        storage key that is never evicted
//                 "t" origin NUL                        when a storage key was used last
// scripts row:    digest (64 lower-case hex digits)
// entries row:    cache:u64 sequence:u64
// index row:      cache:u64 hash(path):u64 hash(query):u64 sequence:u64
// bodies row:     body:u64 record:u32
// quarantine row: column:u8 key
// databases row:  database:u64 store:u64 key            record
//                 database:u64 index:u64 key key        record of an index: its key, the primary
//                 key keys as protocol/idb_key.hpp has them
// artifacts row:  origin NUL worker:64 hash(type:u8 url NUL digest):u64

namespace offstage {

namespace {

void append_u64(std::string& out, uint64_t x) {
  for (int shift = 56; shift >= 0; shift -= 8)
    out += static_cast<char>(x >> shift);
}

uint64_t read_u64(std::string_view bytes) {
  uint64_t x = 0;
  for (size_t i = 0; i < 8; ++i)
    x = x << 8 | static_cast<uint8_t>(bytes[i]);
  return x;
}

uint64_t hash_of(std::string_view bytes) {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::string of_origin(char tag, const storage_key& key) {
  std::string out{tag};
  out += key.origin;
  out += '\0';
  return out;
}

std::string of_id(uint64_t id) {
  std::string out;
  out.reserve(32);
  append_u64(out, id);
  return out;
}

} // namespace

std::string format_key() {
  return "v";
}

std::string worker_counter_key() {
  return "w";
}

std::string registration_prefix() {
  return "r";
}

std::string registration_row_key(const storage_key& key, std::string_view scope) {
  return of_origin('r', key).append(scope);
}

std::string cache_name_prefix(const storage_key& key) {
  return of_origin('c', key);
}

std::string cache_name_key(const storage_key& key, cache_id cache, std::string_view name) {
  auto out = of_origin('c', key);
  append_u64(out, static_cast<uint64_t>(cache));
  return out.append(name);
}

std::string doomed_cache_prefix(const storage_key& key) {
  return of_origin('d', key);
}

std::string doomed_cache_key(const storage_key& key, cache_id cache) {
  auto out = of_origin('d', key);
  append_u64(out, static_cast<uint64_t>(cache));
  return out;
}

std::string usage_key(const storage_key& key) {
  return of_origin('u', key);
}

std::string usage_prefix() {
  return "u";
}

std::string persisted_key(const storage_key& key) {
  return of_origin('k', key);
}

std::string last_use_key(const storage_key& key) {
  return of_origin('t', key);
}

std::string origin_of_key(std::string_view key) {
  const auto end = key.find('\0');
  if (key.empty() || end == std::string_view::npos)
    return {};
  return std::string{key.substr(1, end - 1)};
}

std::string pending_body_prefix() {
  return "p";
}

std::string pending_body_key(body_id body) {
  std::string out{"p"};
  append_u64(out, static_cast<uint64_t>(body));
  return out;
}

std::string entry_prefix(cache_id cache) {
  return of_id(static_cast<uint64_t>(cache));
}

std::string entry_key(cache_id cache, uint64_t sequence) {
  auto out = entry_prefix(cache);
  append_u64(out, sequence);
  return out;
}

std::string index_prefix(cache_id cache) {
  return of_id(static_cast<uint64_t>(cache));
}

std::string index_path_prefix(cache_id cache, std::string_view path) {
  auto out = index_prefix(cache);
  append_u64(out, hash_of(path));
  return out;
}

std::string index_url_prefix(cache_id cache, std::string_view path, std::string_view query) {
  auto out = index_path_prefix(cache, path);
  append_u64(out, hash_of(query));
  return out;
}

std::string index_key(cache_id cache, std::string_view path, std::string_view query,
                      uint64_t sequence) {
  auto out = index_url_prefix(cache, path, query);
  append_u64(out, sequence);
  return out;
}

std::string body_prefix(body_id body) {
  return of_id(static_cast<uint64_t>(body));
}

std::string body_record_key(body_id body, uint32_t record) {
  auto out = body_prefix(body);
  for (int shift = 24; shift >= 0; shift -= 8)
    out += static_cast<char>(record >> shift);
  return out;
}

std::string artifact_prefix(const storage_key& key) {
  return key.origin + '\0';
}

std::string artifact_prefix(const storage_key& key, std::string_view worker_sha256) {
  return artifact_prefix(key).append(worker_sha256);
}

std::string artifact_key(const artifact_name& name) {
  std::string what{static_cast<char>(name.type)};
  what.append(name.script.url) += '\0';
  what += name.script.sha256;
  auto out = artifact_prefix(name.key, name.worker_sha256);
  append_u64(out, hash_of(what));
  return out;
}

std::string_view prefix_of_artifact_key(std::string_view key) {
  return key.substr(0, key.size() - std::min<size_t>(key.size(), 8));
}

std::string idb_database_prefix() {
  return "i";
}

std::string idb_database_prefix(const storage_key& key) {
  return of_origin('i', key);
}

std::string idb_database_key(const storage_key& key, database_id database, std::string_view name) {
  auto out = of_origin('i', key);
  append_u64(out, static_cast<uint64_t>(database));
  return out.append(name);
}

std::string idb_store_states_prefix(const storage_key& key) {
  return of_origin('s', key);
}

std::string idb_store_state_prefix(const storage_key& key, database_id database) {
  auto out = of_origin('s', key);
  append_u64(out, static_cast<uint64_t>(database));
  return out;
}

std::string idb_store_state_key(const storage_key& key, database_id database, uint64_t store) {
  auto out = idb_store_state_prefix(key, database);
  append_u64(out, store);
  return out;
}

std::string idb_rows_prefix(database_id database) {
  return of_id(static_cast<uint64_t>(database));
}

std::string idb_tree_prefix(database_id database, uint64_t tree) {
  auto out = idb_rows_prefix(database);
  append_u64(out, tree);
  return out;
}

std::string quarantine_key(column where, std::string_view key) {
  return std::string{static_cast<char>(where)}.append(key);
}

std::string prefix_end(std::string prefix) {
  while (!prefix.empty() && static_cast<uint8_t>(prefix.back()) == 0xff)
    prefix.pop_back();
  if (!prefix.empty())
    prefix.back() = static_cast<char>(static_cast<uint8_t>(prefix.back()) + 1);
  return prefix;
}

std::optional<parsed_cache_key> parse_cache_key(std::string_view key) {
  const auto end = key.find('\0');
  if (key.empty() || end == std::string_view::npos || key.size() < end + 9)
    return std::nullopt;
  parsed_cache_key result;
  result.key.origin = key.substr(1, end - 1);
  result.cache = cache_id{read_u64(key.substr(end + 1))};
  result.name = key.substr(end + 9);
  return result;
}

std::optional<parsed_database_key> parse_idb_database_key(std::string_view key) {
  auto parsed = parse_cache_key(key);
  if (!parsed || key.front() != 'i')
    return std::nullopt;
  return parsed_database_key{std::move(parsed->key),
                             database_id{static_cast<uint64_t>(parsed->cache)},
                             std::move(parsed->name)};
}

std::optional<uint64_t> store_of_state_key(std::string_view key) {
  const auto parsed = parse_cache_key(key);
  if (!parsed || key.front() != 's' || parsed->name.size() != 8)
    return std::nullopt;
  return read_u64(parsed->name);
}

std::optional<database_id> database_of_row_key(std::string_view key) {
  if (key.size() <= idb_tree_prefix_bytes)
    return std::nullopt;
  return database_id{read_u64(key)};
}

std::optional<uint64_t> tree_of_row_key(std::string_view key) {
  if (key.size() <= idb_tree_prefix_bytes)
    return std::nullopt;
  return read_u64(key.substr(8));
}

std::optional<body_id> parse_pending_body_key(std::string_view key) {
  if (key.size() != 9 || key.front() != 'p')
    return std::nullopt;
  return body_id{read_u64(key.substr(1))};
}

std::optional<body_id> body_of_record_key(std::string_view key) {
  if (key.size() != 12)
    return std::nullopt;
  return body_id{read_u64(key)};
}

std::optional<cache_id> cache_of_row_key(std::string_view key) {
  if (key.size() < 16)
    return std::nullopt;
  return cache_id{read_u64(key)};
}

std::optional<uint64_t> sequence_of_row_key(std::string_view key) {
  if (key.size() < 16)
    return std::nullopt;
  return read_u64(key.substr(key.size() - 8));
}

bool is_storable(const storage_key& key) {
  return !key.origin.empty() && key.origin.size() <= limits::origin_bytes_max
         && key.origin.find('\0') == std::string::npos;
}

} // namespace offstage

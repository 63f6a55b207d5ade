// SPDX-License-Identifier: MIT
#pragma once

// The keys of all rows. Keys sort in the order in which rows are walked: integers are big endian,
// an origin ends with a NUL, which no origin contains. The grammar is in key_codec.cpp and
// docs/storage_format.md.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/limits.hpp"
#include "protocol/ids.hpp"
#include "protocol/registration.hpp"
#include "protocol/storage_key.hpp"
#include "storage/write_batch.hpp"

namespace offstage {

/// One stored body; never crosses storage's border.
enum class body_id : uint64_t {};

/// cache, path hash, query hash.
inline constexpr size_t index_prefix_bytes = 24;

std::string format_key();
std::string worker_counter_key();

std::string registration_prefix();
std::string registration_row_key(const storage_key& key, std::string_view scope);

std::string cache_name_prefix(const storage_key& key);
std::string cache_name_key(const storage_key& key, cache_id cache, std::string_view name);
std::string doomed_cache_prefix(const storage_key& key);
std::string doomed_cache_key(const storage_key& key, cache_id cache);
std::string usage_key(const storage_key& key);
std::string usage_prefix();
std::string persisted_key(const storage_key& key);
std::string last_use_key(const storage_key& key);
/// The origin in a key that begins with a tag and an origin.
std::string origin_of_key(std::string_view key);
std::string pending_body_prefix();
std::string pending_body_key(body_id body);

std::string entry_key(cache_id cache, uint64_t sequence);
std::string entry_prefix(cache_id cache);

/// Rows of one cache, of one URL without its query, or of one URL.
std::string index_prefix(cache_id cache);
std::string index_path_prefix(cache_id cache, std::string_view path);
std::string index_url_prefix(cache_id cache, std::string_view path, std::string_view query);
std::string index_key(cache_id cache, std::string_view path, std::string_view query,
                      uint64_t sequence);

std::string body_record_key(body_id body, uint32_t record);
std::string body_prefix(body_id body);

/// Artifacts of one storage key.
std::string artifact_prefix(const storage_key& key);
/// Artifacts of one worker; the key of one ends with eight bytes that tell them apart.
std::string artifact_prefix(const storage_key& key, std::string_view worker_sha256);
std::string artifact_key(const artifact_name& name);
std::string_view prefix_of_artifact_key(std::string_view key);

std::string quarantine_key(column where, std::string_view key);

/// A database of IndexedDB; ids rise with every database that is created.
enum class database_id : uint64_t {};

std::string idb_database_prefix();
std::string idb_database_prefix(const storage_key& key);
std::string idb_database_key(const storage_key& key, database_id database, std::string_view name);
std::string idb_store_states_prefix(const storage_key& key);
std::string idb_store_state_prefix(const storage_key& key, database_id database);
std::string idb_store_state_key(const storage_key& key, database_id database, uint64_t store);
/// Rows of a database, or of one store or index of it.
std::string idb_rows_prefix(database_id database);
std::string idb_tree_prefix(database_id database, uint64_t tree);
inline constexpr size_t idb_tree_prefix_bytes = 16;

/// The least key greater than every key that starts with the prefix; empty if there is none.
std::string prefix_end(std::string prefix);

/// What a key says; nothing if it is not such a key.
struct parsed_cache_key {
  storage_key key;
  cache_id cache{0};
  std::string name; ///< Empty for a doomed cache.
};
std::optional<parsed_cache_key> parse_cache_key(std::string_view key);
struct parsed_database_key {
  storage_key key;
  database_id database{0};
  std::string name;
};
std::optional<parsed_database_key> parse_idb_database_key(std::string_view key);
/// The store at the end of a store state's key.
std::optional<uint64_t> store_of_state_key(std::string_view key);
std::optional<database_id> database_of_row_key(std::string_view key);
std::optional<uint64_t> tree_of_row_key(std::string_view key);
std::optional<body_id> parse_pending_body_key(std::string_view key);
std::optional<body_id> body_of_record_key(std::string_view key);
std::optional<cache_id> cache_of_row_key(std::string_view key);
/// The sequence number at the end of an entry's or an index row's key.
std::optional<uint64_t> sequence_of_row_key(std::string_view key);

/// Whether keys can hold it.
bool is_storable(const storage_key& key);

} // namespace offstage

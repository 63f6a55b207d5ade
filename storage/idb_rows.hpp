// SPDX-License-Identifier: MIT
#pragma once

// The rows of databases of IndexedDB as values: schemas, the state of stores, records and the
// records of indexes. Passive; used by the indexed_db actor of a storage key and by the audit.
//
// A record's row has its index keys before its value, so that a record can be removed without
// knowing what a key path means: only workers know that.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "protocol/idb_schema.hpp"
#include "storage/key_codec.hpp"
#include "storage/record.hpp"

namespace offstage {

/// The keys that a record has in one index.
struct idb_index_entry {
  uint64_t index = 0;
  std::vector<std::string> keys; ///< Sorted, each once.
};

/// A row's value in two parts, as write_batch takes it.
struct idb_row_value {
  std::string head;
  shared_bytes tail;

  size_t size() const { return head.size() + tail.size(); }
};

struct idb_stored_record {
  std::vector<idb_index_entry> index_keys;
  shared_bytes value;
  uint64_t row_bytes = 0; ///< Of the row's value.
};

/// Spec: IndexedDB#key-generator-construct. The last number that a generator gives.
inline constexpr uint64_t idb_number_max = uint64_t{1} << 53;

/// A generator's next number after a record got this key.
uint64_t idb_number_after(std::string_view key, uint64_t next);

/// What is kept of a store or an index beside its rows.
struct idb_tree_state {
  uint64_t rows = 0;
  uint64_t bytes = 0; ///< Keys and values of these rows.
};

/// Of a store and its indexes.
struct idb_store_state {
  uint64_t next_number = 1; ///< Spec: IndexedDB#key-generator-construct
  std::map<uint64_t, idb_tree_state> trees;

  uint64_t bytes() const;
};

std::string encode_idb_database(std::string_view key, const idb_database& x);
std::string encode_idb_store(std::string_view key, const idb_store_state& x);
idb_row_value encode_idb_record(std::string_view key,
                                const std::vector<idb_index_entry>& index_keys, shared_bytes value);
std::string encode_idb_index_row(std::string_view key, size_t index_key_bytes);

/// Errors: corrupted.
caf::expected<idb_database> decode_idb_database(std::string_view key, const shared_bytes& row);
caf::expected<idb_store_state> decode_idb_store(std::string_view key, const shared_bytes& row);
caf::expected<idb_stored_record> decode_idb_record(std::string_view key, const shared_bytes& row);
/// Of a row that was not written yet, and needs no check.
idb_stored_record decode_idb_record(const idb_row_value& row);

/// The two keys in the key of an index's row.
struct idb_index_row_keys {
  std::string_view key;
  std::string_view primary_key;
};
caf::expected<idb_index_row_keys> decode_idb_index_row(std::string_view row_key,
                                                       std::string_view row);

} // namespace offstage

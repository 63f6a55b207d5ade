// SPDX-License-Identifier: MIT
#include "storage/idb_rows.hpp"

#include <algorithm>
#include <cmath>

#include "protocol/errors.hpp"
#include "protocol/idb_key.hpp"

// Format: payloads, in the notation of record.cpp; fields in the order of the lists below.
// idb_database   name, version:u64, next id:u64, stores
// store          id:u64, name, path, auto increment, indexes
// index          id:u64, name, path, unique, multi entry
// path           kind:u8, paths
// idb_store      next number of the key generator:u64, list of (tree:u64 rows:u64 bytes:u64)
// idb_record     place:u8 (0), list of (index:u64 keys), then the value to the end of the row
// idb_index_row  length of the index key:u32

namespace offstage {

template <>
inline constexpr auto last_enumerator<idb_path_kind> = idb_path_kind::list;

template <class Archive>
bool fields(Archive& f, idb_key_path& x) {
  return f(x.kind, x.paths);
}

template <class Archive>
bool fields(Archive& f, idb_index& x) {
  return f(x.id, x.name, x.path, x.unique, x.multi_entry);
}

template <class Archive>
bool fields(Archive& f, idb_store& x) {
  return f(x.id, x.name, x.path, x.auto_increment, x.indexes);
}

template <class Archive>
bool fields(Archive& f, idb_database& x) {
  return f(x.name, x.version, x.next_id, x.stores);
}

template <class Archive>
bool fields(Archive& f, idb_index_entry& x) {
  return f(x.index, x.keys);
}

namespace {

constexpr uint8_t value_is_here = 0;

struct tree_row {
  uint64_t tree = 0;
  uint64_t rows = 0;
  uint64_t bytes = 0;
};

template <class Archive>
bool fields(Archive& f, tree_row& x) {
  return f(x.tree, x.rows, x.bytes);
}

std::string framed(record_kind kind, std::string_view key, std::string payload) {
  return make_frame(kind, key, payload) + payload;
}

caf::error damaged(const char* what) {
  return fail(storage_error::corrupted, what);
}

bool read_record_head(record_reader& reader, idb_stored_record& x) {
  uint8_t place = 0;
  return reader(place, x.index_keys) && place == value_is_here;
}

} // namespace

uint64_t idb_number_after(std::string_view key, uint64_t next) {
  const auto number = number_of_idb_key(key);
  if (!number || !(*number >= 1))
    return next;
  const auto most = static_cast<double>(idb_number_max);
  return std::max(next, static_cast<uint64_t>(std::floor(std::min(*number, most))) + 1);
}

uint64_t idb_store_state::bytes() const {
  uint64_t sum = 0;
  for (const auto& [id, tree] : trees)
    sum += tree.bytes;
  return sum;
}

std::string encode_idb_database(std::string_view key, const idb_database& x) {
  record_writer writer;
  writer(x);
  return framed(record_kind::idb_database, key, writer.take());
}

std::string encode_idb_store(std::string_view key, const idb_store_state& x) {
  std::vector<tree_row> trees;
  for (const auto& [id, tree] : x.trees)
    trees.push_back({id, tree.rows, tree.bytes});
  record_writer writer;
  writer(x.next_number, trees);
  return framed(record_kind::idb_store, key, writer.take());
}

idb_row_value encode_idb_record(std::string_view key,
                                const std::vector<idb_index_entry>& index_keys,
                                shared_bytes value) {
  record_writer writer;
  writer(value_is_here, index_keys);
  const auto payload = writer.take();
  idb_row_value row;
  row.head = make_frame(record_kind::idb_record, key, payload, value.view()) + payload;
  row.tail = std::move(value);
  return row;
}

std::string encode_idb_index_row(std::string_view key, size_t index_key_bytes) {
  record_writer writer;
  writer(static_cast<uint32_t>(index_key_bytes));
  return framed(record_kind::idb_index_row, key, writer.take());
}

caf::expected<idb_database> decode_idb_database(std::string_view key, const shared_bytes& row) {
  const auto payload = open_frame(record_kind::idb_database, key, row);
  if (!payload)
    return payload.error();
  record_reader reader{*payload};
  idb_database result;
  if (!reader(result) || !reader.at_end())
    return damaged("description of a database");
  return result;
}

caf::expected<idb_store_state> decode_idb_store(std::string_view key, const shared_bytes& row) {
  const auto payload = open_frame(record_kind::idb_store, key, row);
  if (!payload)
    return payload.error();
  record_reader reader{*payload};
  idb_store_state result;
  std::vector<tree_row> trees;
  if (!reader(result.next_number, trees) || !reader.at_end())
    return damaged("state of a store");
  for (const auto& tree : trees)
    result.trees[tree.tree] = {tree.rows, tree.bytes};
  return result;
}

caf::expected<idb_stored_record> decode_idb_record(std::string_view key, const shared_bytes& row) {
  const auto payload = open_frame(record_kind::idb_record, key, row);
  if (!payload)
    return payload.error();
  record_reader reader{*payload};
  idb_stored_record result;
  if (!read_record_head(reader, result))
    return damaged("record of a store");
  result.value = reader.rest();
  result.row_bytes = row.size();
  return result;
}

idb_stored_record decode_idb_record(const idb_row_value& row) {
  record_reader reader{
      shared_bytes::copy_of(row.head.data() + frame_bytes, row.head.size() - frame_bytes)};
  idb_stored_record result;
  read_record_head(reader, result);
  result.value = row.tail;
  result.row_bytes = row.size();
  return result;
}

caf::expected<idb_index_row_keys> decode_idb_index_row(std::string_view row_key,
                                                       std::string_view row) {
  const auto payload = open_frame(record_kind::idb_index_row, row_key,
                                  shared_bytes::adopt(nullptr, row.data(), row.size()));
  if (!payload)
    return payload.error();
  record_reader reader{*payload};
  uint32_t bytes = 0;
  const auto keys = row_key.substr(std::min(idb_tree_prefix_bytes, row_key.size()));
  if (!reader(bytes) || !reader.at_end() || bytes > keys.size())
    return damaged("record of an index");
  return idb_index_row_keys{keys.substr(0, bytes), keys.substr(bytes)};
}

} // namespace offstage

// SPDX-License-Identifier: MIT
// Format: in a packed answer every outcome with records has one record without a key instead, and
// Format: the first of these has the records of all of them as its value, one after the other:
// Format: count:u32 (key primary_key value)*, each of the three as size:u32 bytes; a primary key of
// Format: size 2^32-1 is that of the record. Integers are little endian. No other record has an
// Format: empty key.
#include "protocol/idb_packing.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

namespace offstage {

namespace {

constexpr uint32_t same_as_key = UINT32_MAX;

/// What may travel in the message itself, and in descriptors of its own beside it.
constexpr size_t message_share_bytes = size_t{1} << 20;
constexpr size_t long_values_max = 16;

template <class F>
void each_outcome(idb_result& result, F visit_one) {
  if (auto* results = caf::get_if<idb_results>(&result))
    for (auto& outcome : results->outcomes)
      if (auto* found = caf::get_if<idb_records>(&outcome); found && !found->records.empty())
        visit_one(*found);
}

bool is_large(idb_result& result) {
  size_t bytes = 0;
  size_t long_values = 0;
  each_outcome(result, [&](const idb_records& found) {
    for (const auto& record : found.records) {
      const auto is_long = record.value.size() > wire::inline_bytes_max;
      long_values += is_long ? 1 : 0;
      bytes += record.key.size() + record.primary_key.size() + (is_long ? 0 : record.value.size());
    }
  });
  return bytes > message_share_bytes || long_values > long_values_max;
}

void append(std::string& out, uint32_t x) {
  for (int shift = 0; shift < 32; shift += 8)
    out += static_cast<char>(x >> shift);
}

void append(std::string& out, std::string_view bytes) {
  append(out, static_cast<uint32_t>(bytes.size()));
  out += bytes;
}

size_t packed_size(idb_result& result) {
  size_t bytes = 0;
  each_outcome(result, [&](const idb_records& found) {
    bytes += sizeof(uint32_t);
    for (const auto& record : found.records)
      bytes += 3 * sizeof(uint32_t) + record.key.size() + record.primary_key.size()
               + record.value.size();
  });
  return bytes;
}

class unpacker {
public:
  explicit unpacker(shared_bytes bytes) : bytes_(std::move(bytes)) {}

  bool read(std::vector<idb_record>& records) {
    uint32_t count = 0;
    // Every record takes the room of its sizes at least.
    if (!read(count) || count > left() / (3 * sizeof(uint32_t)))
      return false;
    records.clear();
    records.resize(count);
    return std::ranges::all_of(records, [this](idb_record& record) { return read(record); });
  }

  bool at_end() const { return left() == 0; }

private:
  size_t left() const { return bytes_.size() - at_; }

  bool read(uint32_t& x) {
    if (left() < sizeof(x))
      return false;
    x = 0;
    for (int shift = 0; shift < 32; shift += 8)
      x |= static_cast<uint32_t>(bytes_.data()[at_++]) << shift;
    return true;
  }

  bool read(std::string& x, uint32_t size) {
    if (size > left())
      return false;
    x = bytes_.view().substr(at_, size);
    at_ += size;
    return true;
  }

  bool read(idb_record& record) {
    uint32_t size = 0;
    if (!read(size) || !read(record.key, size) || !read(size))
      return false;
    if (size == same_as_key)
      record.primary_key = record.key;
    else if (!read(record.primary_key, size))
      return false;
    if (!read(size) || size > left())
      return false;
    record.value = bytes_.slice(at_, size);
    at_ += size;
    return true;
  }

  shared_bytes bytes_;
  size_t at_ = 0;
};

} // namespace

void pack_records(idb_result& result) {
  if (!is_large(result))
    return;
  std::string out;
  out.reserve(packed_size(result));
  each_outcome(result, [&](idb_records& found) {
    append(out, static_cast<uint32_t>(found.records.size()));
    for (auto& record : found.records) {
      append(out, record.key);
      if (record.primary_key == record.key)
        append(out, same_as_key);
      else
        append(out, record.primary_key);
      append(out, record.value.view());
      record = {};
    }
    found.records.resize(1);
  });
  bool is_first = true;
  each_outcome(result, [&](idb_records& found) {
    if (std::exchange(is_first, false))
      found.records[0].value = shared_bytes{std::move(out)};
  });
}

bool unpack_records(idb_result& result) {
  std::optional<unpacker> source;
  bool is_good = true;
  each_outcome(result, [&](idb_records& found) {
    if (found.records.size() != 1 || !found.records[0].key.empty())
      return;
    if (!source)
      source.emplace(std::move(found.records[0].value));
    is_good = is_good && source->read(found.records);
  });
  return is_good && (!source || source->at_end());
}

} // namespace offstage

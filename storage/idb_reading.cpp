// SPDX-License-Identifier: MIT
#include <algorithm>

#include "config/limits.hpp"
#include "protocol/errors.hpp"
#include "storage/idb_transaction.hpp"

// The reading operations of a transaction. No key is the beginning of another one, so the rows of
// one index key are those that start with it, and prefix_end() of it is behind all of them.

namespace offstage {

namespace {

bool is_backward(idb_direction direction) {
  return direction == idb_direction::prev || direction == idb_direction::prev_unique;
}

bool is_unique(idb_direction direction) {
  return direction == idb_direction::next_unique || direction == idb_direction::prev_unique;
}

} // namespace

idb_transaction::interval idb_transaction::rows_of(const tree& where,
                                                   const idb_key_range& range) const {
  const auto& prefix = where.prefix;
  interval rows{prefix, {}};
  if (range.has_lower)
    rows.begin = range.lower_open ? prefix_end(prefix + range.lower) : prefix + range.lower;
  if (!range.has_upper)
    rows.end = prefix_end(prefix);
  else
    rows.end = range.upper_open ? prefix + range.upper : prefix_end(prefix + range.upper);
  return rows;
}

/// Leaves the rows behind the one that the reader has.
void idb_transaction::skip_to(interval& rows, const tree& where, const idb_read& x) const {
  if (!x.has_after)
    return;
  auto last = where.prefix + x.after_key;
  if (where.index != nullptr && !is_unique(x.direction))
    last += x.after_primary_key;
  if (is_backward(x.direction))
    rows.end = std::min(rows.end, last);
  else
    rows.begin = std::max(rows.begin, prefix_end(last));
}

idb_outcome idb_transaction::apply(idb_read& x) {
  const auto where = find(x.store, x.index, access::read);
  if (!where)
    return refusal(access::read);
  const auto& range = x.range;
  if (where->index == nullptr && range.has_lower && range.has_upper && range.lower == range.upper
      && !x.has_after)
    return get(*where, x);
  idb_records found;
  auto rows = rows_of(*where, range);
  skip_to(rows, *where, x);
  if (rows.empty())
    return found;
  idb_cursor cursor{sight_, rows.begin, rows.end};
  if (is_backward(x.direction))
    cursor.seek_before(rows.end);
  else
    cursor.seek(rows.begin);
  if (auto failure = visit(*where, x, cursor, found))
    return std::move(*failure);
  if (auto err = cursor.status())
    return failure_of(err, {});
  return found;
}

/// The record with one key.
idb_outcome idb_transaction::get(const tree& where, const idb_read& x) {
  idb_records found;
  if (x.range.lower_open || x.range.upper_open)
    return found;
  const auto key = where.prefix + x.range.lower;
  idb_record record{x.range.lower, x.range.lower, {}};
  if (!x.want_values) {
    const auto exists = has_row(sight_, key);
    if (!exists)
      return failure_of(exists.error(), key);
    if (*exists)
      found.records.push_back(std::move(record));
    return found;
  }
  auto stored = find_record(sight_, key);
  if (!stored)
    return failure_of(stored.error(), key);
  if (!*stored)
    return found;
  record.value = std::move((*stored)->value);
  answer_bytes_ += record.value.size();
  if (answer_bytes_ > limits::idb_answer_bytes_max)
    return idb_failure{"UnknownError", "the records are too long to be read at once"};
  found.records.push_back(std::move(record));
  return found;
}

std::optional<idb_failure> idb_transaction::visit(const tree& where, const idb_read& x,
                                                  idb_cursor& cursor, idb_records& found) {
  const auto bytes_before = answer_bytes_;
  const auto unique = where.index != nullptr && is_unique(x.direction);
  while (cursor.valid()) {
    std::string same_key;
    if (unique) {
      const auto keys = cursor.index_keys();
      if (!keys)
        return failure_of(keys.error(), cursor.key());
      same_key = where.prefix + std::string{keys->key};
      // Spec: IndexedDB#cursor-iteration-operation. Of equal keys the first record, backward too.
      if (is_backward(x.direction))
        cursor.seek(same_key);
    }
    if (auto failure = add_record(where, x, cursor, found))
      return failure;
    if (answer_bytes_ > limits::idb_answer_bytes_max)
      return idb_failure{"UnknownError", "the records are too long to be read at once"};
    if (is_enough(x, found, answer_bytes_ - bytes_before)) {
      found.more = x.limit == 0 || found.records.size() < x.limit;
      break;
    }
    if (unique && is_backward(x.direction))
      cursor.seek_before(same_key);
    else if (unique)
      cursor.seek(prefix_end(same_key));
    else if (is_backward(x.direction))
      cursor.previous();
    else
      cursor.next();
  }
  return std::nullopt;
}

bool idb_transaction::is_enough(const idb_read& x, const idb_records& found, uint64_t bytes) const {
  if (x.limit != 0 && found.records.size() >= x.limit)
    return true;
  return x.ahead && bytes >= limits::idb_ahead_bytes;
}

std::optional<idb_failure> idb_transaction::add_record(const tree& where, const idb_read& x,
                                                       const idb_cursor& cursor,
                                                       idb_records& found) {
  idb_record record;
  if (where.index == nullptr) {
    record.key = cursor.key().substr(idb_tree_prefix_bytes);
    record.primary_key = record.key;
  } else {
    const auto keys = cursor.index_keys();
    if (!keys)
      return failure_of(keys.error(), cursor.key());
    record.key = keys->key;
    record.primary_key = keys->primary_key;
  }
  answer_bytes_ += record.key.size() + record.primary_key.size() + sizeof(record);
  if (x.want_values && where.index == nullptr) {
    auto stored = cursor.record();
    if (!stored)
      return failure_of(stored.error(), cursor.key());
    record.value = std::move(stored->value);
  } else if (x.want_values) {
    const auto key = prefix_of(where.store->id) + record.primary_key;
    auto stored = find_record(sight_, key);
    if (!stored)
      return failure_of(stored.error(), key);
    if (!*stored)
      return failure_of(fail(storage_error::corrupted), cursor.key());
    record.value = std::move((*stored)->value);
  }
  answer_bytes_ += record.value.size();
  found.records.push_back(std::move(record));
  return std::nullopt;
}

idb_outcome idb_transaction::apply(idb_count& x) {
  const auto where = find(x.store, x.index, access::read);
  if (!where)
    return refusal(access::read);
  if (!x.range.has_lower && !x.range.has_upper) {
    const auto& trees = state(x.store).trees;
    const auto found = trees.find(where->id());
    return idb_number{found != trees.end() ? found->second.rows : 0};
  }
  const auto rows = rows_of(*where, x.range);
  idb_number count;
  if (rows.empty())
    return count;
  idb_cursor cursor{sight_, rows.begin, rows.end};
  for (cursor.seek(rows.begin); cursor.valid(); cursor.next())
    ++count.value;
  if (auto err = cursor.status())
    return failure_of(err, {});
  return count;
}

} // namespace offstage

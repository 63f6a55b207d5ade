// SPDX-License-Identifier: MIT
#include "storage/idb_overlay.hpp"

#include <algorithm>
#include <iterator>

#include "protocol/errors.hpp"

namespace offstage {

namespace {

std::string_view tree_of(std::string_view key) {
  return key.substr(0, idb_tree_prefix_bytes);
}

} // namespace

// -- The overlay

void idb_overlay::forget(const row& x) {
  if (x)
    bytes_ -= x->size();
}

void idb_overlay::put(std::string key, idb_row_value value) {
  const auto [at, is_new] = rows_.try_emplace(std::move(key));
  if (is_new)
    bytes_ += at->first.size();
  forget(at->second);
  bytes_ += value.size();
  at->second = std::move(value);
}

void idb_overlay::remove(std::string key) {
  const auto [at, is_new] = rows_.try_emplace(std::move(key));
  if (is_new)
    bytes_ += at->first.size();
  forget(at->second);
  at->second.reset();
}

void idb_overlay::clear_tree(const std::string& tree_prefix) {
  const auto begin = rows_.lower_bound(tree_prefix);
  const auto end = rows_.lower_bound(prefix_end(tree_prefix));
  for (auto at = begin; at != end; ++at) {
    bytes_ -= at->first.size();
    forget(at->second);
  }
  rows_.erase(begin, end);
  cleared_.insert(tree_prefix);
}

void idb_overlay::write_to(write_batch& batch) const {
  for (const auto& tree : cleared_)
    batch.remove_range(column::databases, tree, prefix_end(tree));
  for (const auto& [key, change] : rows_)
    if (change)
      batch.put(column::databases, key, change->head, change->tail);
    else if (!is_cleared(tree_of(key)))
      batch.remove(column::databases, key);
}

// -- Single rows

caf::expected<bool> has_row(const idb_sight& sight, std::string_view key) {
  const auto& changes = sight.overlay.changes();
  if (const auto found = changes.find(key); found != changes.end())
    return found->second.has_value();
  if (sight.overlay.is_cleared(tree_of(key)))
    return false;
  const auto row = sight.db.get(column::databases, key, sight.view);
  if (row)
    return true;
  if (row.error() == storage_error::not_found)
    return false;
  return row.error();
}

caf::expected<std::optional<idb_stored_record>> find_record(const idb_sight& sight,
                                                            std::string_view key) {
  using result = std::optional<idb_stored_record>;
  const auto& changes = sight.overlay.changes();
  if (const auto found = changes.find(key); found != changes.end())
    return found->second ? result{decode_idb_record(*found->second)} : result{};
  if (sight.overlay.is_cleared(tree_of(key)))
    return result{};
  const auto row = sight.db.get(column::databases, key, sight.view);
  if (!row && row.error() == storage_error::not_found)
    return result{};
  if (!row)
    return row.error();
  auto record = decode_idb_record(key, *row);
  if (!record)
    return record.error();
  return result{std::move(*record)};
}

// -- The cursor

idb_cursor::idb_cursor(const idb_sight& sight, std::string begin, std::string end)
    : begin_(std::move(begin)),
      end_(std::move(end)),
      changes_(sight.overlay.changes()),
      change_(changes_.end()) {
  if (!sight.overlay.is_cleared(tree_of(begin_)))
    committed_ = sight.db.cursor(column::databases, begin_, end_, sight.view);
}

void idb_cursor::seek(std::string_view key) {
  const auto from = std::max<std::string_view>(key, begin_);
  if (committed_)
    committed_->seek(from);
  change_ = changes_.lower_bound(from);
  settle_forward();
}

void idb_cursor::next() {
  if (at_ == place::committed)
    committed_->next();
  else
    ++change_;
  settle_forward();
}

void idb_cursor::settle_forward() {
  for (;; ++change_) {
    const auto has_change = change_ != changes_.end() && change_->first < end_;
    if (has_committed() && (!has_change || committed_->key() < change_->first)) {
      at_ = place::committed;
      return;
    }
    at_ = place::nowhere;
    if (!has_change)
      return;
    if (has_committed() && committed_->key() == change_->first)
      committed_->next();
    if (change_->second) {
      current_ = &*change_;
      at_ = place::overlay;
      return;
    }
  }
}

void idb_cursor::seek_before(std::string_view key) {
  const auto to = std::min<std::string_view>(key, end_);
  if (committed_)
    committed_->seek_before(to);
  change_ = changes_.lower_bound(to);
  settle_backward();
}

void idb_cursor::previous() {
  if (at_ == place::committed)
    committed_->previous();
  else
    --change_;
  settle_backward();
}

void idb_cursor::settle_backward() {
  for (;; --change_) {
    const auto has_change = change_ != changes_.begin() && std::prev(change_)->first >= begin_;
    if (has_committed() && (!has_change || committed_->key() > std::prev(change_)->first)) {
      at_ = place::committed;
      return;
    }
    at_ = place::nowhere;
    if (!has_change)
      return;
    current_ = &*std::prev(change_);
    if (has_committed() && committed_->key() == current_->first)
      committed_->previous();
    if (current_->second) {
      at_ = place::overlay;
      return;
    }
  }
}

std::string_view idb_cursor::key() const {
  return at_ == place::committed ? committed_->key() : current_->first;
}

caf::expected<idb_stored_record> idb_cursor::record() const {
  if (at_ == place::overlay)
    return decode_idb_record(*current_->second);
  const auto value = committed_->value();
  return decode_idb_record(committed_->key(), shared_bytes::copy_of(value.data(), value.size()));
}

caf::expected<idb_index_row_keys> idb_cursor::index_keys() const {
  return decode_idb_index_row(key(),
                              at_ == place::overlay ? current_->second->head : committed_->value());
}

uint64_t idb_cursor::row_bytes() const {
  if (at_ == place::overlay)
    return current_->first.size() + current_->second->size();
  return committed_->key().size() + committed_->value().size();
}

caf::error idb_cursor::status() const {
  return committed_ ? committed_->status() : caf::none;
}

} // namespace offstage

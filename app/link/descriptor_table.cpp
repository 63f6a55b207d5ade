// SPDX-License-Identifier: MIT
#include "app/link/descriptor_table.hpp"

#include "app/link/sealed_memory.hpp"
#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

caf::expected<uint64_t> descriptor_table::push(descriptor fd) {
  std::lock_guard<std::mutex> guard{mutex_};
  if (closed_)
    return fail(node_error::aborted, "the link is closed");
  if (unsent_.size() >= limits::descriptors_in_flight_max)
    return fail(node_error::limit_exceeded, "the peer does not take its payloads");
  unsent_.push_back(std::move(fd));
  return ++sent_count_;
}

std::vector<descriptor> descriptor_table::next_batch(size_t count_max) {
  std::lock_guard<std::mutex> guard{mutex_};
  std::vector<descriptor> batch;
  while (!unsent_.empty() && batch.size() < count_max) {
    batch.push_back(std::move(unsent_.front()));
    unsent_.pop_front();
  }
  return batch;
}

void descriptor_table::put_back(std::vector<descriptor> batch) {
  std::lock_guard<std::mutex> guard{mutex_};
  for (auto i = batch.rbegin(); i != batch.rend(); ++i)
    unsent_.push_front(std::move(*i));
}

bool descriptor_table::has_unsent() const {
  std::lock_guard<std::mutex> guard{mutex_};
  return !unsent_.empty();
}

bool descriptor_table::arrived(descriptor fd) {
  const auto bytes = bytes_at_most(fd);
  std::lock_guard<std::mutex> guard{mutex_};
  if (closed_ || unclaimed_.size() >= limits::descriptors_in_flight_max
      || unclaimed_bytes_ + bytes > limits::descriptor_bytes_in_flight_max)
    return false;
  unclaimed_bytes_ += bytes;
  unclaimed_.emplace(++arrived_count_, payload{std::move(fd), bytes});
  return true;
}

void descriptor_table::refuse() {
  std::lock_guard<std::mutex> guard{mutex_};
  refused_ = true;
}

bool descriptor_table::refused() const {
  std::lock_guard<std::mutex> guard{mutex_};
  return refused_;
}

descriptor descriptor_table::take(uint64_t sequence) {
  std::lock_guard<std::mutex> guard{mutex_};
  auto i = unclaimed_.find(sequence);
  if (i == unclaimed_.end())
    return {};
  auto fd = std::move(i->second.fd);
  unclaimed_bytes_ -= i->second.bytes;
  unclaimed_.erase(i);
  return fd;
}

void descriptor_table::close() {
  std::lock_guard<std::mutex> guard{mutex_};
  closed_ = true;
  unsent_.clear();
  unclaimed_.clear();
  unclaimed_bytes_ = 0;
}

bool descriptor_table::is_closed() const {
  std::lock_guard<std::mutex> guard{mutex_};
  return closed_;
}

} // namespace offstage

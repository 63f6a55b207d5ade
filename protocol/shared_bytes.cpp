// SPDX-License-Identifier: MIT
#include "protocol/shared_bytes.hpp"

#include <algorithm>

#include <caf/binary_deserializer.hpp>
#include <caf/sec.hpp>

namespace offstage {

shared_bytes::shared_bytes(std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  data_ = reinterpret_cast<const uint8_t*>(owner->data());
  size_ = owner->size();
  owner_ = std::move(owner);
}

shared_bytes shared_bytes::copy_of(const void* data, size_t size) {
  return shared_bytes{std::string{static_cast<const char*>(data), size}};
}

shared_bytes shared_bytes::adopt(std::shared_ptr<const void> owner, const void* data, size_t size) {
  shared_bytes result;
  result.owner_ = std::move(owner);
  result.data_ = static_cast<const uint8_t*>(data);
  result.size_ = size;
  return result;
}

shared_bytes shared_bytes::detached(uint64_t sequence, size_t size) {
  shared_bytes result;
  result.sequence_ = sequence;
  result.size_ = size;
  return result;
}

shared_bytes shared_bytes::slice(size_t offset, size_t count) const {
  if (is_detached())
    return {};
  offset = std::min(offset, size_);
  return adopt(owner_, data_ + offset, std::min(count, size_ - offset));
}

// Format: sequence:u64 size:u64 bytes{size if sequence = 0}.
caf::error shared_bytes::save(caf::serializer& sink) const {
  if (!is_detached() && size_ > wire::inline_bytes_max)
    return caf::sec::invalid_argument;
  auto sequence = sequence_;
  auto size = static_cast<uint64_t>(size_);
  if (auto err = sink(sequence, size))
    return err;
  if (is_detached() || size_ == 0)
    return caf::none;
  return sink.apply_raw(size_, const_cast<uint8_t*>(data_));
}

caf::error shared_bytes::load(caf::deserializer& source) {
  uint64_t sequence = 0;
  uint64_t size = 0;
  if (auto err = source(sequence, size))
    return err;
  if (sequence != 0) {
    if (size > wire::bytes_max)
      return caf::sec::invalid_argument;
    *this = detached(sequence, size);
    return caf::none;
  }
  if (size > wire::inline_bytes_max)
    return caf::sec::invalid_argument;
  auto* binary = dynamic_cast<caf::binary_deserializer*>(&source);
  if (binary != nullptr && size > binary->remaining())
    return caf::sec::end_of_stream;
  std::string bytes(size, '\0');
  if (size > 0)
    if (auto err = source.apply_raw(size, bytes.data()))
      return err;
  *this = shared_bytes{std::move(bytes)};
  return caf::none;
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "storage/record.hpp"

#include <memory>

#include "protocol/errors.hpp"

#include <xxhash.h>

// Format: record := version:u8 kind:u8 checksum:u64 payload. Integers are little endian. checksum
// is XXH3 64 bit of the payload, seeded with the XXH3 of version, kind and key. In payloads: bool
// is one byte 0 or 1; an enumeration is its number; strings and byte sequences are size:u32 bytes;
// lists are count:u32 items; an optional is bool and, if true, the value.

namespace offstage {

namespace {

constexpr uint8_t record_version = 1;

uint64_t seed_of(record_kind kind, std::string_view key) {
  return XXH3_64bits_withSeed(key.data(), key.size(),
                              uint64_t{record_version} << 8 | static_cast<uint64_t>(kind));
}

uint64_t checksum_of(record_kind kind, std::string_view key, std::string_view payload) {
  return XXH3_64bits_withSeed(payload.data(), payload.size(), seed_of(kind, key));
}

/// Of a payload in two parts.
uint64_t checksum_of(record_kind kind, std::string_view key, std::string_view payload,
                     std::string_view more_payload) {
  const std::unique_ptr<XXH3_state_t, decltype(&XXH3_freeState)> state{XXH3_createState(),
                                                                       XXH3_freeState};
  XXH3_64bits_reset_withSeed(state.get(), seed_of(kind, key));
  XXH3_64bits_update(state.get(), payload.data(), payload.size());
  XXH3_64bits_update(state.get(), more_payload.data(), more_payload.size());
  return XXH3_64bits_digest(state.get());
}

} // namespace

std::string make_frame(record_kind kind, std::string_view key, std::string_view payload,
                       std::string_view more_payload) {
  record_writer writer;
  writer(record_version, kind,
         more_payload.empty() ? checksum_of(kind, key, payload)
                              : checksum_of(kind, key, payload, more_payload));
  return writer.take();
}

caf::expected<shared_bytes> open_frame(record_kind kind, std::string_view key,
                                       const shared_bytes& record) {
  if (record.size() < frame_bytes)
    return fail(storage_error::corrupted, "record is too short");
  auto payload = record.slice(frame_bytes, record.size() - frame_bytes);
  record_reader reader{record.slice(0, frame_bytes)};
  uint8_t version = 0;
  uint8_t stored_kind = 0;
  uint64_t checksum = 0;
  reader(version, stored_kind, checksum);
  if (version != record_version || stored_kind != static_cast<uint8_t>(kind))
    return fail(storage_error::corrupted, "record has another version or kind");
  if (checksum != checksum_of(kind, key, payload.view()))
    return fail(storage_error::corrupted, "record has a wrong checksum");
  return payload;
}

} // namespace offstage

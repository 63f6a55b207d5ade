// SPDX-License-Identifier: MIT
#include "storage/value_codec.hpp"

#include "protocol/errors.hpp"

// Format: payloads, in the notation of record.cpp; fields in the order of the lists below.
// registration  storage key, scope, update_via_cache, last check (ms since 1970):i64,
//               waiting worker, active worker
// worker        id:u64 url type state, script, imports, event types
// cache_entry   request head, response head, body
// index_row     url, vary fields, charge:u64, body
// body          place:u8, bytes, id:u64, length:u64, record count:u32
// counter, usage, format, cache_name, pending_body: one u64
// artifact      engine build, type:u8, url, digest, bytes
// script, body_record: the bytes themselves

namespace offstage {

template <>
inline constexpr auto last_enumerator<update_via_cache> = update_via_cache::none;
template <>
inline constexpr auto last_enumerator<worker_type> = worker_type::module;
template <>
inline constexpr auto last_enumerator<worker_state> = worker_state::redundant;
template <>
inline constexpr auto last_enumerator<worker_id> = worker_id{UINT64_MAX};
template <>
inline constexpr auto last_enumerator<body_id> = body_id{UINT64_MAX};
template <>
inline constexpr auto last_enumerator<request_mode> = request_mode::cors;
template <>
inline constexpr auto last_enumerator<credentials_mode> = credentials_mode::include;
template <>
inline constexpr auto last_enumerator<cache_mode> = cache_mode::only_if_cached;
template <>
inline constexpr auto last_enumerator<redirect_mode> = redirect_mode::manual;
template <>
inline constexpr auto last_enumerator<response_type> = response_type::opaque_redirect;
template <>
inline constexpr auto last_enumerator<stored_body::place> = stored_body::place::records;

template <class Archive>
bool fields(Archive& f, storage_key& x) {
  return f(x.origin);
}

template <class Archive>
bool fields(Archive& f, worker_descriptor& x) {
  return f(x.id, x.script_url, x.type, x.state);
}

template <class Archive>
bool fields(Archive& f, script_resource& x) {
  return f(x.url, x.sha256);
}

template <class Archive>
bool fields(Archive& f, stored_worker& x) {
  return f(x.descriptor, x.script, x.imports, x.event_types);
}

template <class Archive>
bool fields(Archive& f, stored_registration& x) {
  return f(x.key, x.scope, x.via_cache, x.last_update_check_unix_ms, x.waiting, x.active);
}

template <class Archive>
bool fields(Archive& f, fetch_request& x) {
  return f(x.method, x.url, x.headers, x.destination, x.mode, x.credentials, x.cache, x.redirect,
           x.referrer, x.referrer_policy, x.integrity, x.keepalive);
}

template <class Archive>
bool fields(Archive& f, fetch_response& x) {
  return f(x.type, x.url_list, x.status, x.status_text, x.headers);
}

template <class Archive>
bool fields(Archive& f, stored_body& x) {
  return f(x.where, x.bytes, x.id, x.length, x.record_count);
}

template <class Archive>
bool fields(Archive& f, entry_record& x) {
  return f(x.request, x.response, x.content);
}

template <class Archive>
bool fields(Archive& f, vary_field& x) {
  return f(x.name, x.value);
}

template <class Archive>
bool fields(Archive& f, artifact_record& x) {
  return f(x.engine_build, x.type, x.script, x.bytes);
}

template <class Archive>
bool fields(Archive& f, index_row& x) {
  return f(x.url, x.vary, x.charge_bytes, x.content);
}

namespace {

template <class T>
std::string encode_as(record_kind kind, std::string_view key, const T& x) {
  record_writer writer;
  writer(x);
  const auto payload = writer.take();
  return make_frame(kind, key, payload) + payload;
}

template <class T>
caf::expected<T> decode_as(record_kind kind, std::string_view key, const shared_bytes& record,
                           size_t bytes_max = limits::record_bytes_max) {
  if (record.size() > bytes_max)
    return fail(storage_error::corrupted, "record is too long");
  auto payload = open_frame(kind, key, record);
  if (!payload)
    return payload.error();
  record_reader reader{*payload};
  T result{};
  if (!reader(result) || !reader.at_end())
    return fail(storage_error::corrupted, "record does not decode");
  return result;
}

} // namespace

std::string encode(std::string_view key, const stored_registration& x) {
  return encode_as(record_kind::registration, key, x);
}

std::string encode(std::string_view key, const artifact_record& x) {
  return encode_as(record_kind::artifact, key, x);
}

std::string encode(std::string_view key, const entry_record& x) {
  return encode_as(record_kind::cache_entry, key, x);
}

std::string encode(std::string_view key, const index_row& x) {
  return encode_as(record_kind::index_row, key, x);
}

std::string encode_number(record_kind kind, std::string_view key, uint64_t x) {
  return encode_as(kind, key, x);
}

caf::expected<stored_registration> decode_registration(std::string_view key,
                                                       const shared_bytes& record) {
  return decode_as<stored_registration>(record_kind::registration, key, record);
}

caf::expected<entry_record> decode_entry(std::string_view key, const shared_bytes& record) {
  return decode_as<entry_record>(record_kind::cache_entry, key, record);
}

caf::expected<index_row> decode_index_row(std::string_view key, const shared_bytes& record) {
  return decode_as<index_row>(record_kind::index_row, key, record);
}

caf::expected<artifact_record> decode_artifact(std::string_view key, const shared_bytes& record) {
  return decode_as<artifact_record>(record_kind::artifact, key, record,
                                    limits::artifact_bytes_max + limits::record_bytes_max);
}

caf::expected<uint64_t> decode_number(record_kind kind, std::string_view key,
                                      const shared_bytes& record) {
  return decode_as<uint64_t>(kind, key, record);
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// The values of all rows: what is stored, and how it becomes a framed record and back. Encoding and
// decoding of a type come from one list of fields, so they cannot disagree.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <caf/expected.hpp>

#include "protocol/registration.hpp"
#include "protocol/request.hpp"
#include "protocol/response.hpp"
#include "storage/key_codec.hpp"
#include "storage/record.hpp"

namespace offstage {

/// Where the bytes of a body are: nowhere, beside their response, or in records of their own.
struct stored_body {
  enum class place : uint8_t { none, beside, records };

  place where = place::none;
  shared_bytes bytes; ///< beside.
  body_id id{0};      ///< records.
  uint64_t length = 0;
  uint32_t record_count = 0;
};

/// One request and its response.
struct entry_record {
  fetch_request request;   ///< Without a body.
  fetch_response response; ///< Its body is `content`.
  stored_body content;
};

/// A field that the response's Vary names, with the stored request's value of it.
struct vary_field {
  std::string name;
  std::optional<std::string> value;
};

/// What is needed to find an entry and to remove it without reading it.
struct index_row {
  std::string url; ///< Of the request, without fragment.
  std::vector<vary_field> vary;
  uint64_t charge_bytes = 0; ///< What the entry counts in its storage key's usage.
  stored_body content;       ///< Never beside: that is in the entry.
};

/// An artifact, and what it was made of, since its key has only a hash of that.
struct artifact_record {
  std::string engine_build;
  worker_type type = worker_type::classic;
  script_resource script;
  shared_bytes bytes;
};

std::string encode(std::string_view key, const artifact_record& x);
std::string encode(std::string_view key, const stored_registration& x);
std::string encode(std::string_view key, const entry_record& x);
std::string encode(std::string_view key, const index_row& x);
std::string encode_number(record_kind kind, std::string_view key, uint64_t x);

/// Errors: corrupted.
caf::expected<stored_registration> decode_registration(std::string_view key,
                                                       const shared_bytes& record);
caf::expected<entry_record> decode_entry(std::string_view key, const shared_bytes& record);
caf::expected<index_row> decode_index_row(std::string_view key, const shared_bytes& record);
caf::expected<artifact_record> decode_artifact(std::string_view key, const shared_bytes& record);
caf::expected<uint64_t> decode_number(record_kind kind, std::string_view key,
                                      const shared_bytes& record);

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "runtime/bindings/idb_keys.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "protocol/limits_of_wire.hpp"
#include "runtime/bindings/realm.hpp"
#include "runtime/engine_text.hpp"

#include <offstage_duk.h>
#include <unicode/uchar.h>

#define OFFSTAGE_DATE DUK_HIDDEN_SYMBOL("Date")
#define OFFSTAGE_GET_TIME DUK_HIDDEN_SYMBOL("getTime")
// Shared with buffer_natives.cpp.
#define OFFSTAGE_DETACHED DUK_HIDDEN_SYMBOL("detached")

namespace offstage {

namespace {

duk_ret_t call_get_time(duk_context* ctx, void*) {
  duk_push_global_stash(ctx);
  duk_get_prop_literal(ctx, -1, OFFSTAGE_GET_TIME);
  duk_dup(ctx, -3);
  duk_call_method(ctx, 0);
  return 1;
}

// Date.prototype.getTime is the one that knows.
std::optional<double> time_of_date(duk_context* ctx, duk_idx_t index) {
  duk_dup(ctx, index);
  const auto code = duk_safe_call(ctx, call_get_time, nullptr, 1, 1);
  const auto time = duk_get_number(ctx, -1);
  duk_pop(ctx);
  return code == DUK_EXEC_SUCCESS ? std::optional{time} : std::nullopt;
}

std::string_view bytes_of(duk_context* ctx, duk_idx_t index) {
  duk_size_t size = 0;
  const auto* bytes = static_cast<const char*>(duk_get_buffer_data(ctx, index, &size));
  return {bytes == nullptr ? "" : bytes, bytes == nullptr ? 0 : size};
}

// A mark on the buffer that whoever transfers it leaves.
bool is_detached(duk_context* ctx, duk_idx_t index) {
  duk_get_prop_literal(ctx, index, "buffer");
  const auto on_buffer = duk_is_object(ctx, -1) && duk_has_prop_literal(ctx, -1, OFFSTAGE_DETACHED);
  duk_pop(ctx);
  return on_buffer || duk_has_prop_literal(ctx, index, OFFSTAGE_DETACHED);
}

bool has_own(duk_context* ctx, duk_idx_t index, std::string_view name) {
  index = duk_normalize_index(ctx, index);
  duk_push_lstring(ctx, name.data(), name.size());
  duk_get_prop_desc(ctx, index, 0);
  const auto found = !duk_is_undefined(ctx, -1);
  duk_pop(ctx);
  return found;
}

key_outcome append_array(duk_context* ctx, duk_idx_t index, std::string& out, seen_arrays& seen) {
  auto* self = duk_get_heapptr(ctx, index);
  if (std::find(seen.begin(), seen.end(), self) != seen.end()
      || seen.size() >= wire::idb_key_bytes_max)
    return key_outcome::invalid_value;
  duk_require_stack(ctx, 8);
  duk_get_prop_literal(ctx, index, "length");
  const auto length = std::min(std::max(duk_to_number(ctx, -1), 0.0), 9007199254740991.0);
  duk_pop(ctx);
  seen.push_back(self);
  idb_key_writer{out}.begin_array();
  for (duk_uarridx_t i = 0; static_cast<double>(i) < std::trunc(length); ++i) {
    duk_push_uint(ctx, i);
    duk_get_prop_desc(ctx, index, 0);
    const auto is_there = !duk_is_undefined(ctx, -1);
    duk_pop(ctx);
    if (!is_there || out.size() > wire::idb_key_bytes_max)
      return key_outcome::invalid_value;
    duk_get_prop_index(ctx, index, i);
    const auto outcome = append_key(ctx, -1, out, seen);
    duk_pop(ctx);
    if (outcome != key_outcome::key)
      return key_outcome::invalid_value;
  }
  idb_key_writer{out}.end_array();
  return key_outcome::key;
}

void push_next(duk_context* ctx, idb_key_reader& reader, std::string& scratch);

void push_date(duk_context* ctx, double time) {
  duk_push_global_stash(ctx);
  duk_get_prop_literal(ctx, -1, OFFSTAGE_DATE);
  duk_remove(ctx, -2);
  duk_push_number(ctx, time);
  duk_new(ctx, 1);
}

void push_binary(duk_context* ctx, std::string_view bytes) {
  auto* to = duk_push_fixed_buffer(ctx, bytes.size());
  if (!bytes.empty())
    std::memcpy(to, bytes.data(), bytes.size());
  duk_push_buffer_object(ctx, -1, 0, bytes.size(), DUK_BUFOBJ_ARRAYBUFFER);
  duk_remove(ctx, -2);
}

void push_elements(duk_context* ctx, idb_key_reader& reader, std::string& scratch) {
  duk_require_stack(ctx, 8);
  reader.begin_array();
  duk_push_array(ctx);
  for (duk_uarridx_t i = 0; reader.type() != idb_key_type::none; ++i) {
    push_next(ctx, reader, scratch);
    duk_push_uint(ctx, i);
    duk_insert(ctx, -2);
    duk_def_prop(ctx, -3, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WEC);
  }
  reader.end_array();
}

void push_next(duk_context* ctx, idb_key_reader& reader, std::string& scratch) {
  scratch.clear();
  switch (reader.type()) {
  case idb_key_type::number:
    return duk_push_number(ctx, reader.take_number().value_or(0));
  case idb_key_type::date:
    return push_date(ctx, reader.take_number().value_or(0));
  case idb_key_type::string:
    reader.take_text(scratch);
    duk_push_lstring(ctx, scratch.data(), scratch.size());
    return;
  case idb_key_type::binary:
    reader.take_binary(scratch);
    return push_binary(ctx, scratch);
  case idb_key_type::array:
    return push_elements(ctx, reader, scratch);
  default:
    return duk_push_undefined(ctx);
  }
}

// The attributes of blobs and files that a key path may lead to. Pushes one, or nothing.
bool push_platform_property(duk_context* ctx, duk_idx_t index, std::string_view name) {
  if (name != "size" && name != "type" && name != "name" && name != "lastModified")
    return false;
  realm::of(ctx).push_function(ctx, "blobProperty");
  duk_dup(ctx, index);
  duk_push_lstring(ctx, name.data(), name.size());
  duk_call(ctx, 2);
  if (!duk_is_undefined(ctx, -1))
    return true;
  duk_pop(ctx);
  return false;
}

// Replaces the top by its property; false if it has none.
bool step_into(duk_context* ctx, std::string_view name) {
  if (duk_is_string(ctx, -1) && name == "length") {
    duk_push_number(ctx, static_cast<double>(duk_get_length(ctx, -1)));
  } else if (!duk_is_object(ctx, -1)) {
    return false;
  } else if (!push_platform_property(ctx, duk_get_top_index(ctx), name)) {
    if (!has_own(ctx, -1, name))
      return false;
    duk_get_prop_lstring(ctx, -1, name.data(), name.size());
  }
  duk_remove(ctx, -2);
  return !duk_is_undefined(ctx, -1);
}

void define(duk_context* ctx, duk_idx_t target, std::string_view name) {
  duk_push_lstring(ctx, name.data(), name.size());
  duk_insert(ctx, -2);
  duk_def_prop(ctx, target, DUK_DEFPROP_HAVE_VALUE | DUK_DEFPROP_SET_WEC | DUK_DEFPROP_FORCE);
}

} // namespace

void install_idb_keys(duk_context* ctx) {
  duk_push_global_stash(ctx);
  duk_get_global_literal(ctx, "Date");
  duk_get_prop_literal(ctx, -1, "prototype");
  duk_get_prop_literal(ctx, -1, "getTime");
  duk_put_prop_literal(ctx, -4, OFFSTAGE_GET_TIME);
  duk_pop(ctx);
  duk_put_prop_literal(ctx, -2, OFFSTAGE_DATE);
  duk_pop(ctx);
}

key_outcome append_key(duk_context* ctx, duk_idx_t index, std::string& out, seen_arrays& seen) {
  index = duk_normalize_index(ctx, index);
  idb_key_writer writer{out};
  if (duk_is_number(ctx, index)) {
    const auto number = duk_get_number(ctx, index);
    if (std::isnan(number))
      return key_outcome::invalid_value;
    writer.number(number);
    return key_outcome::key;
  }
  if (offstage_duk_is_bigint(ctx, index))
    return key_outcome::invalid_type;
  if (duk_is_string(ctx, index) && !duk_is_symbol(ctx, index)) {
    duk_size_t size = 0;
    const auto* text = duk_get_lstring(ctx, index, &size);
    writer.text({text, size});
    return key_outcome::key;
  }
  if (!duk_is_object(ctx, index))
    return key_outcome::invalid_type;
  if (duk_is_buffer_data(ctx, index)) {
    if (is_detached(ctx, index))
      return key_outcome::invalid_value;
    writer.binary(bytes_of(ctx, index));
    return key_outcome::key;
  }
  if (duk_is_array(ctx, index))
    return append_array(ctx, index, out, seen);
  const auto time = time_of_date(ctx, index);
  if (!time)
    return key_outcome::invalid_type;
  if (std::isnan(*time))
    return key_outcome::invalid_value;
  writer.date(*time);
  return key_outcome::key;
}

void push_key(duk_context* ctx, std::string_view key) {
  struct {
    idb_key_reader reader;
    std::string scratch;
  } state{idb_key_reader{key}, {}};
  // The scratch text outlives what may throw only because the steps are protected.
  auto pushed =
      protect(ctx, 1, [&](duk_context* inner) { push_next(inner, state.reader, state.scratch); });
  if (!pushed) {
    duk_pop(ctx);
    duk_push_undefined(ctx);
  }
}

parsed_path parse_key_path(const idb_key_path& path) {
  parsed_path parsed;
  parsed.kind = path.kind;
  for (const auto& name : path.paths) {
    const auto text = cesu_from_name(name);
    auto& parts = parsed.paths.emplace_back();
    for (size_t from = 0; !text.empty() && from <= text.size();) {
      const auto dot = std::min(text.find('.', from), text.size());
      parts.push_back(text.substr(from, dot - from));
      from = dot + 1;
    }
  }
  return parsed;
}

bool push_at_path(duk_context* ctx, duk_idx_t index, const parsed_path::identifiers& path) {
  duk_dup(ctx, index);
  for (const auto& name : path)
    if (!step_into(ctx, name)) {
      duk_pop(ctx);
      return false;
    }
  return true;
}

bool inject_key(duk_context* ctx, duk_idx_t index, const parsed_path::identifiers& path,
                std::string_view key, injection what) {
  duk_dup(ctx, index);
  const auto value = duk_get_top_index(ctx);
  for (size_t i = 0; i + 1 < path.size() && duk_is_object(ctx, value); ++i) {
    if (!has_own(ctx, value, path[i])) {
      if (what == injection::check)
        break;
      duk_push_object(ctx);
      define(ctx, value, path[i]);
    }
    duk_get_prop_lstring(ctx, value, path[i].data(), path[i].size());
    duk_replace(ctx, value);
  }
  const auto has_room = duk_is_object(ctx, value) != 0;
  if (has_room && what == injection::perform && !path.empty()) {
    push_key(ctx, key);
    define(ctx, value, path.back());
  }
  duk_pop(ctx);
  return has_room;
}

std::string cesu_from_name(std::string_view name) {
  std::string out;
  out.reserve(name.size());
  for (size_t at = 0; at < name.size();) {
    const auto lead = static_cast<unsigned char>(name[at]);
    if (lead < 0xF0 || at + 3 >= name.size()) {
      out += name[at++];
      continue;
    }
    out += cesu_from_utf8(name.substr(at, 4));
    at += 4;
  }
  return out;
}

bool is_identifier_name(std::string_view cesu8) {
  const auto text = utf16_from_cesu(cesu8);
  size_t at = 0;
  while (at < text.size()) {
    char32_t code = text[at++];
    if (code >= 0xD800 && code < 0xDC00 && at < text.size() && text[at] >= 0xDC00
        && text[at] < 0xE000)
      code = 0x10000 + ((code - 0xD800) << 10) + (char32_t{text[at++]} - 0xDC00);
    const auto point = static_cast<UChar32>(code);
    const auto is_start = code == '$' || code == '_' || u_hasBinaryProperty(point, UCHAR_ID_START);
    const auto is_joiner = code == 0x200C || code == 0x200D;
    const auto is_first = at == (code > 0xFFFF ? 2u : 1u);
    if (!is_start && (is_first || (!is_joiner && !u_hasBinaryProperty(point, UCHAR_ID_CONTINUE))))
      return false;
  }
  return !text.empty();
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Keys of IndexedDB between script values and bytes, and key paths. The functions with a context
// are plain: they may throw into script, and what they append to is owned outside of the protected
// call. A value; on the script thread.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <duktape.h>

#include "protocol/idb_key.hpp"
#include "protocol/indexed_db.hpp"

namespace offstage {

/// What converting a value gives. Spec: IndexedDB#convert-value-to-key
enum class key_outcome : uint8_t { key, invalid_value, invalid_type };

/// Keeps the built-in functions by which dates are told from other objects; script may replace
/// those it sees.
void install_idb_keys(duk_context* ctx);

/// Collects arrays that were seen, so that none is in itself.
using seen_arrays = std::vector<void*>;

key_outcome append_key(duk_context* ctx, duk_idx_t index, std::string& out, seen_arrays& seen);

/// Pushes the value of a key; undefined for bytes that are none.
/// Spec: IndexedDB#convert-key-to-value
void push_key(duk_context* ctx, std::string_view key);

/// One key path, taken apart. Names are CESU-8, as the engine has them.
struct parsed_path {
  using identifiers = std::vector<std::string>;

  idb_path_kind kind = idb_path_kind::none;
  std::vector<identifiers> paths;

  friend bool operator==(const parsed_path&, const parsed_path&) = default;
};

parsed_path parse_key_path(const idb_key_path& path);

/// Pushes what one path leads to. False, and nothing is pushed, if it leads nowhere.
bool push_at_path(duk_context* ctx, duk_idx_t index, const parsed_path::identifiers& path);

/// Puts the key where the path leads. False if the value has no room for it: then nothing is done.
/// Spec: IndexedDB#inject-key-into-value
enum class injection : uint8_t { check, perform };
bool inject_key(duk_context* ctx, duk_idx_t index, const parsed_path::identifiers& path,
                std::string_view key, injection what);

/// Whether the text is an identifier of the language.
bool is_identifier_name(std::string_view cesu8);

/// UTF-8 with lone surrogates kept, as the protocol has names, in the engine's form.
std::string cesu_from_name(std::string_view name);

} // namespace offstage

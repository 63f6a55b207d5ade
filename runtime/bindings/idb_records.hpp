// SPDX-License-Identifier: MIT
#pragma once

// Records of IndexedDB between script and storage: what a put has to carry, the keys that a value
// contributes to indexes, and the values that come back. On the script thread.

#include <vector>

#include "runtime/bindings/idb_client.hpp"
#include "runtime/engine_native.hpp"

namespace offstage {

/// Captures the value at `index`. The key is empty if none was given. Flags: 1 add(), 2 at a
/// cursor, whose key is given then even if the store has a key path.
/// Spec: IndexedDB#object-store-interface
js_result<idb_put> make_put(duk_context* ctx, const idb_store_shape& store, duk_idx_t index,
                            std::string_view key, uint32_t flags);

/// The keys that the records of an answer contribute to a new index.
js_result<std::vector<idb_fill_index>> index_records(duk_context* ctx, const idb_store_shape& store,
                                                     uint64_t index, const idb_results& answer,
                                                     size_t at);

/// Defines on the object on top what reads answers: result, collect, records, more, recordKey,
/// recordPrimary, recordValue. Plain.
void define_idb_answers(duk_context* ctx);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Limits that both ends of a link must agree on. They are part of the wire format, so they are
// constants, not options.

#include <cstddef>
#include <cstdint>

namespace offstage::wire {

/// Rises with every change of a message; a peer with another version is refused.
inline constexpr uint32_t version = 3;

/// Larger byte sequences travel as sealed memory descriptors, not inside messages.
inline constexpr size_t inline_bytes_max = size_t{64} << 10;

/// One chunk of a body stream; bounds what one outstanding pull can cost.
inline constexpr size_t chunk_bytes_max = size_t{1} << 20;

/// One byte sequence of any kind (a script, a clone); what is larger has to be a stream.
inline constexpr size_t bytes_max = size_t{256} << 20;

/// One message without its descriptors; a longer one closes the link.
inline constexpr size_t message_bytes_max = size_t{16} << 20;

/// Headers of one request or response, summed.
inline constexpr size_t header_count_max = 1024;

/// Scripts of one importScripts(), URLs that led to a response, event types of a worker.
inline constexpr size_t urls_max = 1'024;

/// Entries of one cache_put: a child could make the parent hold many times what it sends.
inline constexpr size_t cache_entries_max = 4'096;

// -- IndexedDB

/// One IndexedDB key as bytes: many fit into a message.
inline constexpr size_t idb_key_bytes_max = size_t{1} << 20;

/// Nesting of arrays in an IndexedDB key; who converts one recurses natively.
inline constexpr uint32_t idb_key_depth_max = 2'000;

/// Operations of one idb_submit; more go into the next.
inline constexpr size_t idb_operations_max = 4'096;

/// Keys of one submit, and its values as far as they travel in the message (inline_bytes_max of
/// each): behind the operation with which the sum passes this the worker begins another submit.
inline constexpr size_t idb_submit_bytes_max = size_t{2} << 20;

/// Unanswered requests of one instance; the worker keeps further ones back. Every transaction may
/// have one that waits for another transaction.
inline constexpr size_t idb_calls_max = 16'384;

/// Records of one answer; no message has room for more.
inline constexpr size_t idb_records_max = size_t{4} << 20;

/// Keys of one record in one index (multiEntry).
inline constexpr size_t idb_index_keys_max = size_t{64} << 10;

/// The name of a database, a store or an index, and one key path.
inline constexpr size_t idb_name_bytes_max = size_t{64} << 10;
inline constexpr size_t idb_paths_max = 1'024;

/// The schema is sent whole with every open and upgrade.
inline constexpr size_t idb_stores_max = 10'000;
inline constexpr size_t idb_indexes_max = 1'024;

/// Databases of one storage key.
inline constexpr size_t idb_databases_max = 10'000;

/// The text of a failure.
inline constexpr size_t idb_message_bytes_max = size_t{4} << 10;

} // namespace offstage::wire

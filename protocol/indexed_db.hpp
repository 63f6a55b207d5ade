// SPDX-License-Identifier: MIT
#pragma once

// IndexedDB between a worker and storage. The worker has the script's side: request and transaction
// objects, key paths, conversion of keys and the order of events. Storage has the data's side: the
// connection queue, locks between transactions, indexes, constraints, key generators and
// durability. What a task of the script asks of one transaction travels as one idb_submit, in
// order; storage answers each submit once, in the order of the submits of that transaction.
//
// Ids of connections, transactions, stores and indexes are chosen by the worker, so that it can go
// on without waiting; storage checks them. A connection whose worker is gone is closed, and its
// unfinished transactions are aborted.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>
#include <caf/variant.hpp>

#include "protocol/bounded.hpp"
#include "protocol/idb_schema.hpp"
#include "protocol/shared_bytes.hpp"

namespace offstage {

/// One open connection (or a pending open or delete request); unique within its instance.
enum class idb_connection_id : uint64_t {};

/// Unique within its connection. Zero is the upgrade transaction of the connection's open request.
enum class idb_transaction_id : uint64_t {};

inline constexpr idb_transaction_id idb_upgrade_transaction{0};

/// Spec: IndexedDB#transaction-mode
enum class idb_mode : uint8_t { read_only, read_write, version_change };

/// Spec: IndexedDB#transaction-durability-hint
enum class idb_durability : uint8_t { standard, strict, relaxed };

/// Spec: IndexedDB#enumdef-idbcursordirection
enum class idb_direction : uint8_t { next, next_unique, prev, prev_unique };

/// Keys are byte strings whose order (as unsigned bytes) is that of the keys: protocol/idb_key.hpp.
struct idb_key_range {
  bool has_lower = false;
  bool has_upper = false;
  bool lower_open = false;
  bool upper_open = false;
  std::string lower;
  std::string upper;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_key_range& x) {
    return f(caf::meta::type_name("idb_key_range"), x.has_lower, x.has_upper, x.lower_open,
             x.upper_open, at_most(wire::idb_key_bytes_max, x.lower),
             at_most(wire::idb_key_bytes_max, x.upper));
  }
};

// -- Operations of a transaction

/// Records in key order (get, getKey, getAll, getAllKeys, cursors).
struct idb_read {
  uint64_t store = 0;
  uint64_t index = 0; ///< Zero: the store itself.
  idb_key_range range;
  idb_direction direction = idb_direction::next;
  uint32_t limit = 0;       ///< Zero: all.
  bool ahead = false;       ///< For a cursor: fewer may be answered, at least one if there is one.
  bool want_values = false; ///< Otherwise keys and primary keys only.
  bool has_after = false;   ///< Goes on behind this record in the direction.
  std::string after_key;
  std::string after_primary_key; ///< Empty: behind every record with after_key.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_read& x) {
    return f(caf::meta::type_name("idb_read"), x.store, x.index, x.range, x.direction, x.limit,
             x.ahead, x.want_values, x.has_after, at_most(wire::idb_key_bytes_max, x.after_key),
             at_most(wire::idb_key_bytes_max, x.after_primary_key));
  }
};

struct idb_count {
  uint64_t store = 0;
  uint64_t index = 0;
  idb_key_range range;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_count& x) {
    return f(caf::meta::type_name("idb_count"), x.store, x.index, x.range);
  }
};

/// What a record contributes to one index.
struct idb_index_keys {
  uint64_t index = 0;
  bool is_primary = false; ///< The key that the generator is about to give, besides `keys`.
  /// With idb_put::generate a key may hold idb_key_type::generated: see idb_key_with_number.
  std::vector<std::string> keys;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_index_keys& x) {
    return f(caf::meta::type_name("idb_index_keys"), x.index, x.is_primary,
             at_most(wire::idb_index_keys_max, wire::idb_key_bytes_max, x.keys));
  }
};

/// put() and add(). Answers with the record's key. A value whose key was generated is stored
/// without it; who reads it puts it in.
struct idb_put {
  uint64_t store = 0;
  bool generate = false; ///< The key comes from the store's generator; `key` is empty.
  bool no_overwrite = false;
  std::string key; ///< An explicit number moves the generator of a store that has one.
  shared_bytes value;
  std::vector<idb_index_keys> index_keys;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_put& x) {
    return f(caf::meta::type_name("idb_put"), x.store, x.generate, x.no_overwrite,
             at_most(wire::idb_key_bytes_max, x.key), x.value,
             at_most(wire::idb_indexes_max, x.index_keys));
  }
};

struct idb_delete {
  uint64_t store = 0;
  idb_key_range range;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_delete& x) {
    return f(caf::meta::type_name("idb_delete"), x.store, x.range);
  }
};

struct idb_clear {
  uint64_t store = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_clear& x) {
    return f(caf::meta::type_name("idb_clear"), x.store);
  }
};

// -- Operations of an upgrade transaction

struct idb_create_store {
  idb_store store; ///< Without indexes.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_create_store& x) {
    return f(caf::meta::type_name("idb_create_store"), x.store);
  }
};

/// The index is empty; idb_fill_index brings the keys of the records that are there.
struct idb_create_index {
  uint64_t store = 0;
  idb_index index;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_create_index& x) {
    return f(caf::meta::type_name("idb_create_index"), x.store, x.index);
  }
};

/// A store when `index` is zero, else one of its indexes.
struct idb_delete_schema {
  uint64_t store = 0;
  uint64_t index = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_delete_schema& x) {
    return f(caf::meta::type_name("idb_delete_schema"), x.store, x.index);
  }
};

struct idb_rename_schema {
  uint64_t store = 0;
  uint64_t index = 0;
  std::string name;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_rename_schema& x) {
    return f(caf::meta::type_name("idb_rename_schema"), x.store, x.index,
             at_most(wire::idb_name_bytes_max, x.name));
  }
};

/// Index keys of one record. Fails with ConstraintError when the index is unique and has one.
struct idb_fill_index {
  uint64_t store = 0;
  uint64_t index = 0;
  std::string primary_key;
  std::vector<std::string> keys;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_fill_index& x) {
    return f(caf::meta::type_name("idb_fill_index"), x.store, x.index,
             at_most(wire::idb_key_bytes_max, x.primary_key),
             at_most(wire::idb_index_keys_max, wire::idb_key_bytes_max, x.keys));
  }
};

using idb_operation =
    caf::variant<idb_read, idb_count, idb_put, idb_delete, idb_clear, idb_create_store,
                 idb_create_index, idb_delete_schema, idb_rename_schema, idb_fill_index>;

// -- Requests

/// Answered by idb_opened when the connection is ready. Before that notices come: idb_blocked, and
/// idb_upgrade_needed, after which the worker runs the upgrade transaction. Fails with
/// VersionError, AbortError, UnknownError, QuotaExceededError.
struct idb_open {
  idb_connection_id connection{0};
  std::string name;
  uint64_t version = 0; ///< Zero: the present one, or 1.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_open& x) {
    return f(caf::meta::type_name("idb_open"), x.connection,
             at_most(wire::idb_name_bytes_max, x.name), x.version);
  }
};

/// Answered by idb_deleted. idb_blocked may come before.
struct idb_delete_database {
  idb_connection_id connection{0}; ///< A name for this request in idb_blocked.
  std::string name;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_delete_database& x) {
    return f(caf::meta::type_name("idb_delete_database"), x.connection,
             at_most(wire::idb_name_bytes_max, x.name));
  }
};

struct idb_list_databases {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_list_databases& x) {
    return f(caf::meta::type_name("idb_list_databases"), x.reserved);
  }
};

/// The connection takes no new transactions; it is closed when those that it has are finished.
struct idb_close {
  idb_connection_id connection{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_close& x) {
    return f(caf::meta::type_name("idb_close"), x.connection);
  }
};

/// The versionchange event of idb_version_change was dispatched.
struct idb_acknowledge {
  idb_connection_id connection{0};

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_acknowledge& x) {
    return f(caf::meta::type_name("idb_acknowledge"), x.connection);
  }
};

enum class idb_finish : uint8_t { none, commit, abort };

/// Operations of one transaction. The first submit of a transaction begins it, and that order is
/// the order in which overlapping ones run. Answered by idb_results when all operations are done
/// and, with commit, the transaction is durable as its hint asks. After an abort every submit that
/// is open is answered with a failure. Limits of one submit: wire::idb_operations_max,
/// wire::idb_submit_bytes_max.
struct idb_submit {
  idb_connection_id connection{0};
  idb_transaction_id transaction{0};
  bool begin = false; ///< The next three say how; the upgrade transaction has begun already.
  idb_mode mode = idb_mode::read_only;
  idb_durability durability = idb_durability::standard;
  std::vector<uint64_t> scope; ///< Ids of stores.
  std::vector<idb_operation> operations;
  idb_finish finish = idb_finish::none;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_submit& x) {
    return f(caf::meta::type_name("idb_submit"), x.connection, x.transaction, x.begin, x.mode,
             x.durability, at_most(wire::idb_stores_max, x.scope),
             at_most(wire::idb_operations_max, x.operations), x.finish);
  }
};

using idb_request = caf::variant<idb_submit, idb_open, idb_delete_database, idb_list_databases,
                                 idb_close, idb_acknowledge>;

// -- Answers

/// The answer of requests and operations that return nothing.
struct idb_done {
  uint8_t reserved = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_done& x) {
    return f(caf::meta::type_name("idb_done"), x.reserved);
  }
};

struct idb_failure {
  std::string name; ///< Of a DOMException: "ConstraintError", "QuotaExceededError", ...
  std::string message;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_failure& x) {
    return f(caf::meta::type_name("idb_failure"), at_most(wire::idb_name_bytes_max, x.name),
             at_most(wire::idb_message_bytes_max, x.message));
  }
};

struct idb_record {
  std::string key; ///< Of the index; of a store it is the primary key.
  std::string primary_key;
  shared_bytes value;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_record& x) {
    return f(caf::meta::type_name("idb_record"), at_most(wire::idb_key_bytes_max, x.key),
             at_most(wire::idb_key_bytes_max, x.primary_key), x.value);
  }
};

struct idb_records {
  std::vector<idb_record> records;
  bool more = false; ///< Of a read ahead that was not answered in full: ask behind the last.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_records& x) {
    return f(caf::meta::type_name("idb_records"), at_most(wire::idb_records_max, x.records),
             x.more);
  }
};

struct idb_number {
  uint64_t value = 0;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_number& x) {
    return f(caf::meta::type_name("idb_number"), x.value);
  }
};

struct idb_key {
  std::string key;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_key& x) {
    return f(caf::meta::type_name("idb_key"), at_most(wire::idb_key_bytes_max, x.key));
  }
};

using idb_outcome = caf::variant<idb_failure, idb_done, idb_key, idb_number, idb_records>;

/// One outcome per operation. An operation that failed has changed nothing; those behind it went
/// on, and the worker decides whether the transaction does.
struct idb_results {
  std::vector<idb_outcome> outcomes;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_results& x) {
    return f(caf::meta::type_name("idb_results"), at_most(wire::idb_operations_max, x.outcomes));
  }
};

struct idb_opened {
  idb_database database;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_opened& x) {
    return f(caf::meta::type_name("idb_opened"), x.database);
  }
};

struct idb_deleted {
  uint64_t old_version = 0; ///< Zero: there was none.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_deleted& x) {
    return f(caf::meta::type_name("idb_deleted"), x.old_version);
  }
};

struct idb_database_names {
  std::vector<idb_database> databases; ///< Without stores.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_database_names& x) {
    return f(caf::meta::type_name("idb_database_names"),
             at_most(wire::idb_databases_max, x.databases));
  }
};

using idb_result =
    caf::variant<idb_failure, idb_done, idb_results, idb_opened, idb_deleted, idb_database_names>;

// -- Notices: what storage tells a worker without being asked

/// Other connections stay open; the request goes on when they are closed.
struct idb_blocked {
  idb_connection_id connection{0};
  uint64_t old_version = 0;
  uint64_t new_version = 0; ///< Zero: the database is to be deleted.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_blocked& x) {
    return f(caf::meta::type_name("idb_blocked"), x.connection, x.old_version, x.new_version);
  }
};

/// The upgrade transaction of this open request has begun. Its commit or abort settles the request.
struct idb_upgrade_needed {
  idb_connection_id connection{0};
  uint64_t old_version = 0;
  idb_database database; ///< With the new version.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_upgrade_needed& x) {
    return f(caf::meta::type_name("idb_upgrade_needed"), x.connection, x.old_version, x.database);
  }
};

/// Somebody wants another version. Answered by idb_acknowledge, or by idb_close.
struct idb_version_change {
  idb_connection_id connection{0};
  uint64_t old_version = 0;
  uint64_t new_version = 0; ///< Zero: the database is to be deleted.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_version_change& x) {
    return f(caf::meta::type_name("idb_version_change"), x.connection, x.old_version,
             x.new_version);
  }
};

/// Storage closed the connection (its data was deleted, or is damaged); its transactions are
/// aborted.
struct idb_connection_lost {
  idb_connection_id connection{0};
  std::string why;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_connection_lost& x) {
    return f(caf::meta::type_name("idb_connection_lost"), x.connection,
             at_most(wire::idb_message_bytes_max, x.why));
  }
};

using idb_notice =
    caf::variant<idb_blocked, idb_upgrade_needed, idb_version_change, idb_connection_lost>;

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// What a database of IndexedDB consists of: values that go between a worker and storage, and that
// storage keeps. Strings of code units are UTF-8 with lone surrogates kept, in every name here.
// Passive; no owner.

#include <cstdint>
#include <string>
#include <vector>

#include <caf/meta/type_name.hpp>

#include "protocol/bounded.hpp"
#include "protocol/limits_of_wire.hpp"

namespace offstage {

enum class idb_path_kind : uint8_t { none, string, list };

/// Spec: IndexedDB#key-path
struct idb_key_path {
  idb_path_kind kind = idb_path_kind::none;
  std::vector<std::string> paths; ///< One for a string.

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_key_path& x) {
    return f(caf::meta::type_name("idb_key_path"), x.kind,
             at_most(wire::idb_paths_max, wire::idb_name_bytes_max, x.paths));
  }
};

struct idb_index {
  uint64_t id = 0; ///< Unique within the database, never used again, never zero.
  std::string name;
  idb_key_path path;
  bool unique = false;
  bool multi_entry = false;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_index& x) {
    return f(caf::meta::type_name("idb_index"), x.id, at_most(wire::idb_name_bytes_max, x.name),
             x.path, x.unique, x.multi_entry);
  }
};

struct idb_store {
  uint64_t id = 0; ///< As an index has it; both share one sequence.
  std::string name;
  idb_key_path path;
  bool auto_increment = false;
  std::vector<idb_index> indexes;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_store& x) {
    return f(caf::meta::type_name("idb_store"), x.id, at_most(wire::idb_name_bytes_max, x.name),
             x.path, x.auto_increment, at_most(wire::idb_indexes_max, x.indexes));
  }
};

struct idb_database {
  std::string name;
  uint64_t version = 0;
  uint64_t next_id = 1; ///< The smallest id that no store and no index ever had.
  std::vector<idb_store> stores;

  template <class Inspector>
  friend auto inspect(Inspector& f, idb_database& x) {
    return f(caf::meta::type_name("idb_database"), at_most(wire::idb_name_bytes_max, x.name),
             x.version, x.next_id, at_most(wire::idb_stores_max, x.stores));
  }
};

} // namespace offstage

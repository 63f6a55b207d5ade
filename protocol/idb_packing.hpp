// SPDX-License-Identifier: MIT
#pragma once

// Answers with many records on their way to another process. A message has little room, and every
// long value costs a descriptor; so the records of all operations of an answer become one byte
// sequence, which travels in one descriptor, when they are too many. Plain functions; the node
// packs (instance_parent), the worker process unpacks (script thread). Within a process nobody
// does.

#include "protocol/indexed_db.hpp"

namespace offstage {

/// Packs an answer if it should be.
void pack_records(idb_result& result);

/// The reverse, for an answer whose bytes are here; values share the memory of the sequence. False
/// if no correct sender made this.
bool unpack_records(idb_result& result);

} // namespace offstage

// SPDX-License-Identifier: MIT
#pragma once

// Identities that cross an actor or process boundary. Each is a type of its own so that none is
// taken for another.

#include <cstdint>

namespace offstage {

/// One version of a service worker; unique for the life of a data directory.
enum class worker_id : uint64_t {};

/// One dispatched event; unique within its instance.
enum class event_id : uint64_t {};

/// One call from a worker to a service of its parent; unique within its instance.
enum class call_id : uint64_t {};

/// One body stream of an instance link; parent and child number their own streams independently.
enum class stream_id : uint64_t {};

/// One opened cache (a name to cache map entry), which outlives its name's deletion while an object
/// refers to it.
enum class cache_id : uint64_t {};

} // namespace offstage

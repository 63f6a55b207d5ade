// SPDX-License-Identifier: MIT
#pragma once

// Error codes that cross an actor boundary. A code exists only if some receiver reacts to it in its
// own way; everything else is detail in the error's context, which is one human-readable string and
// never parsed. Outcomes that a specification defines (an event that rejects, a network error) are
// values, not errors.

#include <cstdint>
#include <string>

#include <caf/error.hpp>
#include <caf/fwd.hpp>
#include <caf/make_message.hpp>

#define OFFSTAGE_WORKER_ERRORS(X)                                                                  \
  X(start_failed, "the worker process or instance could not be started")                           \
  X(script_evaluation_failed, "the worker script could not be evaluated")                          \
  X(worker_terminated, "the worker instance ended before the event finished")                      \
  X(event_timed_out, "the event did not finish within its time limit")                             \
  X(no_registration, "no registration matches")                                                    \
  X(redundant_worker, "the worker is redundant")                                                   \
  X(type_error, "TypeError")                                                                       \
  X(security_error, "SecurityError")                                                               \
  X(invalid_state, "InvalidStateError")                                                            \
  X(queue_full, "too many events wait for the worker")                                             \
  X(stopping, "the node is stopping")

#define OFFSTAGE_STORAGE_ERRORS(X)                                                                 \
  X(quota_exceeded, "the write would exceed the quota of its storage key")                         \
  X(corrupted, "stored bytes failed their check")                                                  \
  X(not_found, "there is no such record")                                                          \
  X(body_failed, "a body ended early, ended late or was cancelled")                                \
  X(refused, "the operation is not allowed on these arguments")                                    \
  X(io_failed, "the disk refused a read or a write")                                               \
  X(closed, "the storage is closed")

#define OFFSTAGE_NODE_ERRORS(X)                                                                    \
  X(incompatible, "the peer speaks another wire version")                                          \
  X(launch_failed, "the worker process could not be launched")                                     \
  X(limit_exceeded, "a limit was exceeded")                                                        \
  X(bad_descriptor, "a payload descriptor is missing, unsealed or of the wrong size")              \
  X(aborted, "the operation was aborted by who asked for it")                                      \
  X(bad_configuration, "the configuration is not usable")

namespace offstage {

#define OFFSTAGE_ENUMERATOR(name, text) name,
enum class worker_error : uint8_t { none = 0, OFFSTAGE_WORKER_ERRORS(OFFSTAGE_ENUMERATOR) };
enum class storage_error : uint8_t { none = 0, OFFSTAGE_STORAGE_ERRORS(OFFSTAGE_ENUMERATOR) };
enum class node_error : uint8_t { none = 0, OFFSTAGE_NODE_ERRORS(OFFSTAGE_ENUMERATOR) };
#undef OFFSTAGE_ENUMERATOR

std::string to_string(worker_error);
std::string to_string(storage_error);
std::string to_string(node_error);

/// The context string of an error of ours, or an empty string.
std::string context_of(const caf::error& error);

/// Category, text and context of any error, without an actor system.
std::string describe(const caf::error& error);

/// Adds the renderers of the three categories to a configuration.
void register_errors(caf::actor_system_config& config);

} // namespace offstage

CAF_ERROR_CODE_ENUM(offstage::worker_error, "worker")
CAF_ERROR_CODE_ENUM(offstage::storage_error, "storage")
CAF_ERROR_CODE_ENUM(offstage::node_error, "node")

namespace offstage {

/// An error of ours with its context: `fail(storage_error::corrupted, "record 7")`.
template <class Enum>
caf::error fail(Enum code, std::string context = {}) {
  if (context.empty())
    return caf::make_error(code);
  return caf::make_error(code, std::move(context));
}

} // namespace offstage

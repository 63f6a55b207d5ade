// SPDX-License-Identifier: MIT
#pragma once

// CAF's network protocol over an inherited socket: no port is open on either side. The child is
// BASP's server (it publishes its root actor), the parent its client.

#include <memory>

#include <caf/actor.hpp>
#include <caf/actor_system.hpp>
#include <caf/io/scribe.hpp>

#include "app/link/descriptor_scribe.hpp"
#include "app/link/link_guard.hpp"
#include "protocol/actors.hpp"

namespace offstage {

/// What both ends need of a configuration: the middleman without any port, and the scheduling
/// policy that does not sleep between polls (round trips are almost three times as fast).
void enable_links(caf::actor_system_config& config);

/// The system's BASP broker. CAF keeps it in a map without a lock: call this in the thread that
/// made the system, and keep the handle.
caf::actor basp_broker_of(caf::actor_system& system);

/// The parent's end: request(broker, time, connect_atom, scribe, link_slot) answers with the
/// child's node, root actor and interface. Takes the socket over.
caf::io::scribe_ptr make_guarded_scribe(caf::actor_system& system, int fd,
                                        std::shared_ptr<descriptor_table> table, link_events events,
                                        std::shared_ptr<link_guard> guard);

/// The child's end: publishes its root actor to the parent. Takes the socket over.
void serve(caf::actor_system& system, const caf::actor& broker, int fd,
           std::shared_ptr<descriptor_table> table, link_events events,
           const worker_process_actor& root);

/// BASP's key of the published actor; a link has one.
inline constexpr uint16_t link_slot = 1;

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "app/link/basp_link.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/send.hpp>

#include "app/link/guard_scribe.hpp"
#include "protocol/type_ids.hpp"

namespace offstage {

namespace {

descriptor_scribe::multiplexer& backend_of(caf::actor_system& system) {
  return dynamic_cast<descriptor_scribe::multiplexer&>(system.middleman().backend());
}

} // namespace

void enable_links(caf::actor_system_config& config) {
  config.load<caf::io::middleman>();
  config.set("scheduler.policy", caf::atom("sharing"));
  // Messages are read where they arrive: a worker of the middleman in between halves the rate of
  // round trips, and lets the news of a death overtake what was said before it.
  config.set("middleman.workers", size_t{0});
}

caf::actor basp_broker_of(caf::actor_system& system) {
  return system.middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
}

caf::io::scribe_ptr make_guarded_scribe(caf::actor_system& system, int fd,
                                        std::shared_ptr<descriptor_table> table, link_events events,
                                        std::shared_ptr<link_guard> guard) {
  return caf::make_counted<guard_scribe>(backend_of(system), fd, std::move(table),
                                         std::move(events), std::move(guard));
}

void serve(caf::actor_system& system, const caf::actor& broker, int fd,
           std::shared_ptr<descriptor_table> table, link_events events,
           const worker_process_actor& root) {
  caf::io::scribe_ptr scribe = caf::make_counted<descriptor_scribe>(
      backend_of(system), fd, std::move(table), std::move(events));
  caf::anon_send(broker, caf::publish_atom::value, std::move(scribe), link_slot,
                 caf::actor_cast<caf::strong_actor_ptr>(root), system.message_types(root));
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "bench/link_bench_child.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "protocol/type_ids.hpp"

namespace offstage::bench {

namespace {

using link_ptr = std::shared_ptr<byte_link>;

struct instance_state {
  shared_bytes supply; ///< Made when it is first asked for: an idle process has none.
};

using instance_pointer = instance_child_actor::stateful_pointer<instance_state>;

body_chunk next_chunk(instance_pointer self, byte_link& link, uint32_t size) {
  auto& supply = self->state.supply;
  if (supply.empty())
    supply = shared_bytes{std::string(wire::chunk_bytes_max, 'x')};
  body_chunk chunk;
  if (auto payload = link.outgoing(supply.slice(0, size)))
    chunk.bytes = std::move(*payload);
  return chunk;
}

instance_child_actor::behavior_type instance(instance_pointer self, const link_ptr& link) {
  return {
      [](dispatch_atom, event_id, const worker_event&) {},
      [](abort_atom, event_id) {},
      [=](pull_atom, stream_id, uint32_t size) { return next_chunk(self, *link, size); },
      [](cancel_atom, stream_id) {},
      [](update_atom, const registration_descriptor&) {},
      [](notify_atom, const service_notice&) {},
      [](ping_atom) { return true; },
      [=](terminate_atom) { self->quit(); },
  };
}

worker_process_actor::behavior_type process(worker_process_actor::pointer self,
                                            const link_ptr& link) {
  return {
      [=](spawn_atom, const instance_constructor&, const instance_parent_actor&) {
        return self->system().spawn(instance, link);
      },
  };
}

} // namespace

worker_process_actor spawn_bench_process(caf::actor_system& system,
                                         std::shared_ptr<byte_link> link) {
  return system.spawn(process, std::move(link));
}

} // namespace offstage::bench

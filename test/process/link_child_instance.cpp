// SPDX-License-Identifier: MIT
#include "test/process/link_child_instance.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "protocol/errors.hpp"
#include "protocol/type_ids.hpp"
#include "test/process/forbidden.hpp"

namespace offstage::test {

namespace {

using link_ptr = std::shared_ptr<byte_link>;

fetch_outcome echo(byte_link& link, const shared_bytes& received) {
  auto bytes = link.incoming(received);
  if (bytes)
    bytes = link.outgoing(shared_bytes::copy_of(bytes->data(), bytes->size()));
  if (!bytes)
    return fetch_outcome::network_error(describe(bytes.error()));
  fetch_response response;
  response.content = body::of(std::move(*bytes));
  return fetch_outcome::respond(std::move(response));
}

body_chunk make_chunk(byte_link& link, uint32_t size) {
  body_chunk chunk;
  auto bytes = link.outgoing(shared_bytes{std::string(size, 'x')});
  if (bytes)
    chunk.bytes = std::move(*bytes);
  return chunk;
}

void handle(const link_ptr& link, const instance_parent_actor& parent, event_id event,
            const worker_event& data) {
  if (const auto* push = caf::get_if<push_event>(&data))
    caf::anon_send(parent, respond_atom_v, event, echo(*link, push->data));
  if (const auto* question = caf::get_if<sync_event>(&data)) {
    console_message message;
    message.text = attempt(question->tag);
    caf::anon_send(parent, console_atom_v, std::move(message));
  }
}

instance_child_actor::behavior_type echo_instance(instance_child_actor::pointer self,
                                                  const link_ptr& link,
                                                  const instance_parent_actor& parent) {
  return {
      [=](dispatch_atom, event_id event, const worker_event& data) {
        handle(link, parent, event, data);
      },
      [](abort_atom, event_id) {},
      [=](pull_atom, stream_id, uint32_t size) { return make_chunk(*link, size); },
      [](cancel_atom, stream_id) {},
      [](update_atom, const registration_descriptor&) {},
      [](notify_atom, const service_notice&) {},
      [](ping_atom) { return true; },
      [=](terminate_atom) { self->quit(); },
  };
}

worker_process_actor::behavior_type echo_process(worker_process_actor::pointer self,
                                                 const link_ptr& link) {
  return {
      [=](spawn_atom, const instance_constructor&, const instance_parent_actor& parent) {
        return self->system().spawn(echo_instance, link, parent);
      },
  };
}

} // namespace

worker_process_actor spawn_echo_process(caf::actor_system& system,
                                        std::shared_ptr<byte_link> link) {
  return system.spawn(echo_process, std::move(link));
}

} // namespace offstage::test

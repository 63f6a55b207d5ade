// SPDX-License-Identifier: MIT

// A worker process whose script broke out of its engine: it starts as an honest one does, and when
// an instance is asked of it attacks the parent in the way its first argument names:
// `hostile_child ATTACK PARENT_PID`. It has no sandbox: what the link withstands must not depend on
// one.

#include <future>
#include <map>

#include <caf/actor_system_config.hpp>
#include <caf/io/basp/header.hpp>
#include <caf/io/middleman.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "app/link/basp_link.hpp"
#include "app/link/process_source.hpp"
#include "config/limits.hpp"
#include "protocol/message_types.hpp"
#include "protocol/type_ids.hpp"
#include "test/process/hostile_frames.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

namespace offstage::test {

namespace {

/// What an attack can work with.
struct situation {
  caf::actor_system& system;
  int socket;
  caf::node_id parent_node;
  caf::actor_id parent; ///< The one actor that it may address.
  frame_maker make;

  void send(const bytes& frame) const { put(socket, frame); }
};

using attack = std::function<void(const situation&)>;
using attacks = std::map<std::string, attack>;

/// A length as CAF encodes it, of a sequence that is not there.
const bytes giant_length{'\xF0', '\xFF', '\xFF', '\xFF', '\x0F'};

caf::message line(const std::string& text) {
  console_message result;
  result.text = text;
  return caf::make_message(console_atom::value, std::move(result));
}

void scan(const situation& at) {
  for (caf::actor_id id = 1; id < 1'000; ++id)
    if (id != at.parent)
      at.send(at.make.message(id, line("intruder")));
}

void announce_length(const situation& at) {
  frame_head head;
  head.receiver = at.parent;
  head.announced_bytes = 0xFFFF'FFF0;
  at.send(at.make.frame(head, {}));
}

void garbage(const situation& at) {
  at.send(bytes(4'096, '\xAA'));
}

void char_buffer(const situation& at) {
  at.send(at.make.forged(at.parent, "@<>+@charbuf", giant_length));
}

void nested_in_error(const situation& at) {
  auto elements = at.make.serialize([](caf::binary_serializer& sink) {
    uint8_t code = 1;
    auto category = caf::atom("node");
    uint16_t number = 0;
    std::string names = "@<>+@charbuf";
    static_cast<void>(sink(code, category));
    static_cast<void>(sink.begin_object(number, names));
  });
  elements.insert(elements.end(), giant_length.begin(), giant_length.end());
  for (uint64_t i = 0; i < 2 * limits::refused_messages_max; ++i)
    at.send(at.make.forged(at.parent, "@<>+@error", elements));
}

/// A payload of a type that the parent takes, whose inner length is a lie.
void inner_length(const situation& at) {
  auto elements = at.make.serialize([](caf::binary_serializer& sink) {
    auto verb = caf::atom("respond");
    auto event = event_id{1};
    auto kind = fetch_outcome_kind::respond;
    auto type = response_type::default_;
    static_cast<void>(sink(verb, event, kind, type));
  });
  elements.insert(elements.end(), giant_length.begin(), giant_length.end());
  for (int i = 0; i < 100; ++i)
    at.send(at.make.forged(at.parent, "@<>+@atom+offstage::event_id+offstage::fetch_outcome",
                           elements));
}

void second_handshake(const situation& at) {
  frame_head head;
  head.operation = message_type::server_handshake;
  at.send(at.make.frame(head, bytes(64, 'x')));
}

void client_handshake(const situation& at) {
  frame_head head;
  head.operation = message_type::client_handshake;
  head.flags = caf::io::basp::header::select_connection_flag;
  at.send(at.make.frame(head, at.make.serialize([&](caf::binary_serializer& sink) {
    auto node = at.system.node();
    static_cast<void>(sink(node));
  })));
}

void routed(const situation& at) {
  frame_head head;
  head.operation = message_type::routed_message;
  head.receiver = at.parent;
  at.send(at.make.frame(head, at.make.serialize([&](caf::binary_serializer& sink) {
    auto node = at.parent_node;
    static_cast<void>(sink(node, node));
  })));
}

void named_receiver(const situation& at) {
  frame_head head;
  head.flags = caf::io::basp::header::named_receiver_flag;
  head.receiver = static_cast<uint64_t>(caf::atom("ConfigServ"));
  for (uint64_t i = 0; i < 2 * limits::refused_messages_max; ++i)
    at.send(at.make.frame(head, bytes(16, '\0')));
}

void forwarding_stack(const situation& at) {
  auto payload = at.make.serialize([&](caf::binary_serializer& sink) {
    size_t stages = 1;
    caf::actor_id id = 1;
    auto node = at.parent_node;
    static_cast<void>(sink.begin_sequence(stages));
    static_cast<void>(sink(id, node));
  });
  frame_head head;
  head.receiver = at.parent;
  at.send(at.make.frame(head, payload));
}

void exit_message(const situation& at) {
  at.send(at.make.forged(at.parent, "@<>+@exit", bytes(64, '\0')));
}

void link_to_local_actor(const situation& at) {
  auto elements = at.make.serialize([&](caf::binary_serializer& sink) {
    auto verb = caf::atom("link");
    caf::actor_id id = at.parent;
    auto node = at.parent_node;
    static_cast<void>(sink(verb, id, node));
  });
  at.send(at.make.forged(at.parent, "@<>+@atom+@strong_actor_ptr", elements));
}

void foreign_handle(const situation& at) {
  auto elements = at.make.serialize([&](caf::binary_serializer& sink) {
    caf::actor_id id = at.parent;
    auto node = at.parent_node;
    static_cast<void>(sink(id, node));
  });
  at.send(at.make.forged(at.parent, "@<>+offstage::instance_child_actor", elements));
}

bytes death_of(const situation& at, caf::node_id node) {
  frame_head head;
  head.operation = message_type::down_message;
  head.source = 1;
  return at.make.frame(head, at.make.serialize([&](caf::binary_serializer& sink) {
    auto receiver = at.parent_node;
    auto reason = caf::make_error(caf::exit_reason::kill);
    static_cast<void>(sink(node, receiver, reason));
  }));
}

void foreign_death(const situation& at) {
  auto* own = dynamic_cast<const caf::node_id::default_data*>(at.system.node().operator->());
  at.send(death_of(at, caf::make_node_id(own->process_id() + 1, own->host_id())));
}

void many_senders(const situation& at) {
  auto content = line("flood");
  auto payload = at.make.serialize([&](caf::binary_serializer& sink) {
    std::vector<caf::strong_actor_ptr> stages;
    static_cast<void>(sink(stages, content));
  });
  frame_head head;
  head.receiver = at.parent;
  for (head.source = 1'000; head.source < 1'000 + 2 * limits::senders_per_process_max;
       ++head.source)
    at.send(at.make.frame(head, payload));
}

descriptor memory(size_t size, int seals) {
  descriptor fd{::memfd_create("hostile", MFD_CLOEXEC | MFD_ALLOW_SEALING)};
  static_cast<void>(!::ftruncate(fd.get(), static_cast<off_t>(size)));
  static_cast<void>(::fcntl(fd.get(), F_ADD_SEALS, seals));
  return fd;
}

bytes outcome_with(const situation& at, uint64_t sequence, size_t size) {
  fetch_response response;
  response.content = body::of(shared_bytes::detached(sequence, size));
  return at.make.message(at.parent, caf::make_message(respond_atom::value, event_id{1},
                                                      fetch_outcome::respond(std::move(response))));
}

void respond_with_memory(const situation& at, descriptor fd, size_t announced) {
  std::vector<descriptor> fds;
  fds.push_back(std::move(fd));
  put(at.socket, outcome_with(at, 1, announced), fds);
}

constexpr size_t payload_bytes = 100'000;
constexpr int all_seals = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW;

void too_many_descriptors(const situation& at) {
  auto fd = memory(payload_bytes, all_seals);
  for (size_t i = 0; i <= limits::descriptors_in_flight_max; ++i) {
    std::vector<descriptor> fds;
    fds.push_back(descriptor{::dup(fd.get())});
    put(at.socket, at.make.message(at.parent, line("beside a descriptor")), fds);
  }
}

void descriptors_at_once(const situation& at) {
  std::vector<descriptor> fds;
  for (int i = 0; i < 200; ++i)
    fds.push_back(memory(1, 0));
  put(at.socket, at.make.message(at.parent, line("beside descriptors")), fds);
}

void bytes_at_once(const situation& at) {
  std::vector<descriptor> fds;
  for (uint64_t sent = 0; sent <= limits::descriptor_bytes_in_flight_max; sent += wire::bytes_max)
    fds.push_back(memory(wire::bytes_max, all_seals));
  put(at.socket, at.make.message(at.parent, line("beside much memory")), fds);
}

attacks of_frames() {
  return {
      {"scan", scan},
      {"announce_length", announce_length},
      {"garbage", garbage},
      {"char_buffer", char_buffer},
      {"nested_in_error", nested_in_error},
      {"inner_length", inner_length},
      {"second_handshake", second_handshake},
      {"client_handshake", client_handshake},
      {"routed", routed},
      {"named_receiver", named_receiver},
      {"forwarding_stack", forwarding_stack},
      {"exit_message", exit_message},
      {"link_to_local_actor", link_to_local_actor},
      {"foreign_handle", foreign_handle},
      {"foreign_death", foreign_death},
      {"many_senders", many_senders},
  };
}

attacks of_descriptors() {
  return {
      {"unsealed",
       [](auto& at) { respond_with_memory(at, memory(payload_bytes, 0), payload_bytes); }},
      {"growing_only",
       [](auto& at) {
         respond_with_memory(at, memory(payload_bytes, F_SEAL_GROW), payload_bytes);
       }},
      {"short", [](auto& at) { respond_with_memory(at, memory(4'096, all_seals), payload_bytes); }},
      {"missing", [](auto& at) { at.send(outcome_with(at, 1, payload_bytes)); }},
      {"not_memory",
       [](auto& at) {
         respond_with_memory(at, descriptor{::open("/dev/zero", O_RDONLY)}, payload_bytes);
       }},
      {"too_long",
       [](auto& at) {
         respond_with_memory(at, memory(wire::bytes_max + 1, all_seals), wire::bytes_max + 1);
       }},
      {"too_many_descriptors", too_many_descriptors},
      {"descriptors_at_once", descriptors_at_once},
      {"bytes_at_once", bytes_at_once},
  };
}

instance_child_actor::behavior_type silent_instance(instance_child_actor::pointer) {
  return {
      [](dispatch_atom, event_id, const worker_event&) {},
      [](abort_atom, event_id) {},
      [](pull_atom, stream_id, uint32_t) { return body_chunk{}; },
      [](cancel_atom, stream_id) {},
      [](update_atom, const registration_descriptor&) {},
      [](notify_atom, const service_notice&) {},
      [](ping_atom) { return true; },
      [](terminate_atom) {},
  };
}

worker_process_actor::behavior_type hostile_process(worker_process_actor::pointer self, int socket,
                                                    const attack& run) {
  return {
      [=](spawn_atom, const instance_constructor&, const instance_parent_actor& parent) {
        auto& system = self->system();
        // In the multiplexer's thread, so that no frame of CAF gets between those of the attack.
        system.middleman().backend().post([&system, socket, parent, run] {
          run({system, socket, parent.node(), parent.id(), frame_maker{system}});
        });
        return system.spawn(silent_instance);
      },
  };
}

class hostile_config : public caf::actor_system_config {
public:
  hostile_config() {
    register_protocol(*this);
    load<caf::io::middleman>();
  }
};

/// A handshake in the name of another process; nothing else of BASP runs.
void handshake_as_other(caf::actor_system& system) {
  frame_maker make{system};
  auto* own = dynamic_cast<const caf::node_id::default_data*>(system.node().operator->());
  auto payload = make.serialize([&](caf::binary_serializer& sink) {
    auto node = caf::make_node_id(own->process_id() + 1, own->host_id());
    std::vector<std::string> applications{"generic-caf-app"};
    caf::actor_id root = 1;
    auto interface = system.message_types<worker_process_actor>();
    static_cast<void>(sink(node, applications, root, interface));
  });
  frame_head head;
  head.operation = message_type::server_handshake;
  put(worker_socket, make.frame(head, payload));
}

int run(const std::string& name) {
  hostile_config config;
  caf::actor_system system{config};
  auto known = of_frames();
  known.merge(of_descriptors());
  if (name == "handshake_as_other")
    handshake_as_other(system);
  else if (auto i = known.find(name); i != known.end()) {
    auto root = system.spawn(hostile_process, ::dup(worker_socket), i->second);
    serve(system, basp_broker_of(system), worker_socket, std::make_shared<descriptor_table>(), {},
          root);
  } else {
    return 1;
  }
  std::promise<void> never;
  never.get_future().wait();
  return 0;
}

} // namespace

} // namespace offstage::test

int main(int argc, char** argv) {
  return argc == 3 ? offstage::test::run(argv[1]) : 1;
}

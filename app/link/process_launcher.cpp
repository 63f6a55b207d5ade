// SPDX-License-Identifier: MIT
#include "app/link/process_launcher.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <set>
#include <unordered_map>

#include <caf/actor_addr.hpp>
#include <caf/send.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "app/link/basp_link.hpp"
#include "app/link/process_reaper.hpp"
#include "app/link/worker_process_link.hpp"
#include "protocol/errors.hpp"
#include "protocol/type_ids.hpp"

#include <sys/resource.h>
#include <sys/socket.h>

namespace offstage {

namespace {

struct launcher_state {
  static inline constexpr const char* name = "process_launcher";

  launch_options options;
  caf::actor broker;
  caf::actor reaper;
  std::unordered_map<caf::actor_addr, child_process_ptr> running;
  std::set<child_process_ptr> starting;

  ~launcher_state() {
    for (auto& entry : running)
      finish(*entry.second);
    for (auto& process : starting)
      finish(*process);
  }

  static void finish(child_process& process) {
    process.kill();
    process.wait();
  }
};

using launcher_pointer = process_launcher_actor::stateful_pointer<launcher_state>;
using launch_promise = caf::typed_response_promise<worker_process>;

struct socket_pair {
  descriptor parent;
  descriptor child;
};

caf::expected<socket_pair> make_sockets() {
  std::array<int, 2> fds{};
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds.data()) != 0)
    return fail(node_error::launch_failed,
                std::string{"no socket for a worker process: "} + std::strerror(errno));
  return socket_pair{descriptor{fds[0]}, descriptor{fds[1]}};
}

/// One process on its way from the start to its announcement.
struct launch_record {
  std::string label;
  child_process_ptr process;
  std::shared_ptr<descriptor_table> table;
  std::shared_ptr<link_guard> guard;

  std::string reason() const {
    return table->refused() ? "it sent too many descriptors" : guard->reason();
  }
};

/// What happens in the multiplexer's thread when a link ends.
link_events events_of(const launch_options& options, const launch_record& record) {
  link_events events;
  events.closed = [record, on_lost = options.on_lost] {
    record.process->kill();
    if (on_lost)
      on_lost(record.process->pid(), record.label, record.reason());
  };
  events.overflowed = [process = record.process, guard = record.guard] {
    guard->note("it does not read what is sent to it");
    process->kill();
  };
  return events;
}

void bury(launcher_pointer self, const child_process_ptr& process) {
  self->state.starting.erase(process);
  caf::anon_send(self->state.reaper, process);
}

void lost(launcher_pointer self, const caf::actor_addr& root) {
  auto node = self->state.running.extract(root);
  if (!node.empty())
    bury(self, node.mapped());
}

std::string why(const launch_record& record, const caf::error& error) {
  record.process->ended();
  auto text = "a worker process did not start: " + describe(error);
  for (const auto& detail : {record.process->fate(), record.reason()})
    if (!detail.empty())
      text += "; " + detail;
  return text;
}

bool speaks_our_interface(launcher_pointer self, const std::set<std::string>& interface) {
  return self->system().assignable<worker_process_actor>(interface);
}

void connected(launcher_pointer self, launch_promise promise, const launch_record& record,
               const caf::strong_actor_ptr& root, const std::set<std::string>& interface) {
  if (!root || !speaks_our_interface(self, interface)) {
    bury(self, record.process);
    promise.deliver(fail(node_error::incompatible, "the worker process has another interface"));
    return;
  }
  auto handle = caf::actor_cast<worker_process_actor>(root);
  self->state.starting.erase(record.process);
  self->state.running.emplace(handle.address(), record.process);
  self->monitor(handle);
  auto link = std::make_shared<worker_process_link>(record.process, record.table, record.guard);
  promise.deliver(worker_process{std::move(handle), std::move(link)});
}

void connect(launcher_pointer self, const launch_promise& promise, descriptor socket,
             const launch_record& record) {
  auto scribe = make_guarded_scribe(self->system(), socket.release(), record.table,
                                    events_of(self->state.options, record), record.guard);
  self->state.starting.insert(record.process);
  self->request(self->state.broker, self->state.options.start_time_max, caf::connect_atom::value,
                std::move(scribe), link_slot)
      .then(
          [=](const caf::node_id&, const caf::strong_actor_ptr& root,
              const std::set<std::string>& interface) {
            connected(self, promise, record, root, interface);
          },
          [=, result = promise](const caf::error& error) mutable {
            auto text = why(record, error);
            bury(self, record.process);
            result.deliver(fail(node_error::launch_failed, std::move(text)));
          });
}

caf::result<worker_process> launch(launcher_pointer self, const std::string& label) {
  auto& state = self->state;
  if (state.running.size() + state.starting.size() >= state.options.processes_max)
    return fail(node_error::launch_failed, "too many worker processes run");
  auto sockets = make_sockets();
  if (!sockets)
    return std::move(sockets.error());
  auto process = state.options.source->start(label, std::move(sockets->child));
  if (!process)
    return std::move(process.error());
  auto promise = self->make_response_promise<worker_process>();
  launch_record record{label, *process, std::make_shared<descriptor_table>(),
                       std::make_shared<link_guard>(self->system().node(), (*process)->pid())};
  connect(self, promise, std::move(sockets->parent), record);
  return promise;
}

process_launcher_actor::behavior_type
process_launcher(launcher_pointer self, launch_options options, const caf::actor& broker) {
  self->state.options = std::move(options);
  self->state.broker = broker;
  self->state.reaper = spawn_process_reaper(self->system());
  self->link_to(self->state.reaper);
  self->set_down_handler([self](const caf::down_msg& down) { lost(self, down.source); });
  return {
      [self](launch_atom, const std::string& label) { return launch(self, label); },
  };
}

// Every worker process costs descriptors here, and the usual soft limit is made for programs that
// still use select().
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

} // namespace

process_launcher_actor spawn_process_launcher(caf::actor_system& system, launch_options options) {
  raise_descriptor_limit();
  return system.spawn(process_launcher, std::move(options), basp_broker_of(system));
}

} // namespace offstage

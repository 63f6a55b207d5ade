// SPDX-License-Identifier: MIT
#include "app/child/child_main.hpp"

#include <charconv>
#include <cstring>
#include <future>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>

#include "app/child/sandbox.hpp"
#include "app/link/basp_link.hpp"
#include "app/link/descriptor_byte_link.hpp"
#include "app/link/process_source.hpp"
#include "config/limits.hpp"
#include "protocol/message_types.hpp"

#include <malloc.h>
#include <unistd.h>

namespace offstage {

namespace {

/// One thread for actors besides the script threads, and one for the socket.
class child_config : public caf::actor_system_config {
public:
  child_config() {
    register_protocol(*this);
    enable_links(*this);
    set("scheduler.max-threads", size_t{1});
    set("middleman.attach-utility-actors", true);
  }
};

// Heaps, code and stacks, and one payload of the greatest length in each direction.
size_t address_space_bytes(size_t heap_bytes) {
  return heap_bytes + limits::process_overhead_bytes + 2 * wire::bytes_max;
}

// Each arena of the allocator reserves address space and keeps freed memory for itself.
void use_few_arenas() {
  ::mallopt(M_ARENA_MAX, 2);
}

[[noreturn]] void give_up(const std::string& failure) {
  auto text = "offstage: worker process cannot " + failure + "\n";
  static_cast<void>(!::write(STDERR_FILENO, text.data(), text.size()));
  ::_exit(exit_no_sandbox);
}

[[noreturn]] void serve_until_the_end(int socket, const worker_process_factory& factory,
                                      caf::actor_system_config& config) {
  caf::actor_system system{config};
  auto table = std::make_shared<descriptor_table>();
  auto root = factory(system, std::make_shared<descriptor_byte_link>(table));
  link_events events;
  events.closed = [] { ::_exit(0); };
  events.overflowed = events.closed;
  serve(system, basp_broker_of(system), socket, table, std::move(events), root);
  // Without destructors: they would wait for every actor, and script may run.
  caf::actor_cast<caf::strong_actor_ptr>(root)->get()->attach_functor([] { ::_exit(0); });
  std::promise<void> never;
  never.get_future().wait();
  ::_exit(0);
}

} // namespace

child_options default_child_options(int32_t parent_pid, int socket) {
  child_options options;
  options.parent_pid = parent_pid;
  options.socket = socket;
  options.heap_bytes = limits::heaps_per_process_max * limits::heap_bytes_max;
  return options;
}

std::unique_ptr<caf::actor_system_config> make_child_config() {
  return std::make_unique<child_config>();
}

void run_child(const child_options& options, const worker_process_factory& factory,
               caf::actor_system_config& config) {
  use_few_arenas();
  sandbox_options sandbox;
  sandbox.parent_pid = options.parent_pid;
  sandbox.socket = options.socket;
  sandbox.address_space_bytes = address_space_bytes(options.heap_bytes);
  sandbox.keep_stderr = options.keep_stderr;
  std::string failure;
  auto socket = enter_sandbox(sandbox, failure);
  if (socket < 0)
    give_up(failure);
  serve_until_the_end(socket, factory, config);
}

void child_main(int argc, char** argv, const worker_process_factory& factory) {
  int32_t parent_pid = 0;
  const char* word = argc > 1 ? argv[argc - 1] : "";
  auto end = word + std::strlen(word);
  if (auto [rest, error] = std::from_chars(word, end, parent_pid);
      error != std::errc{} || rest != end || parent_pid <= 0)
    ::_exit(exit_bad_arguments);
  run_child(default_child_options(parent_pid, worker_socket), factory, *make_child_config());
}

} // namespace offstage

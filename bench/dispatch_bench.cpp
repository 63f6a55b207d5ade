// SPDX-License-Identifier: MIT

// Fetch events per second from the manager down to a worker and back: the tree of actors alone, a
// script in the node's process, and a script in a process of its own. Prints one JSON object for
// each.  usage: dispatch_bench [EVENTS]

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <string>
#include <string_view>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "actors/spawn.hpp"
#include "app/core.hpp"
#include "app/link/process_source.hpp"
#include "protocol/message_types.hpp"
#include "test/support/fake_services.hpp"
#include "test/support/temp_directory.hpp"

using namespace offstage;
using namespace std::chrono_literals;

namespace {

constexpr auto script_url = "https://a.example/sw.js";
constexpr std::string_view script =
    "self.addEventListener('fetch', (event) => event.respondWith(new Response('x')));\n";

struct bench_config : caf::actor_system_config {
  bench_config() {
    register_protocol(*this);
    set("scheduler.policy", caf::atom("sharing"));
  }
};

/// Keeps `window` intercepts outstanding until `count` are answered.
class load_generator final : public caf::event_based_actor {
public:
  load_generator(caf::actor_config& config, service_worker_manager_actor manager, uint64_t count,
                 uint64_t window, std::promise<void>& finished)
      : caf::event_based_actor(config),
        manager_(std::move(manager)),
        count_(count),
        window_(window),
        finished_(finished) {
    fetch_.url = "https://a.example/page";
    fetch_.headers.append("Accept", "*/*");
    fetch_.headers.append("User-Agent", "bench");
  }

  caf::behavior make_behavior() override {
    for (uint64_t i = 0; i < window_; ++i)
      ask();
    return {[](caf::unit_t) {}};
  }

private:
  void ask() {
    request(manager_, caf::duration{}, intercept_atom_v, call_id{++asked_}, fetch_)
        .then([this](const fetch_outcome& outcome) { answered(outcome); });
  }

  void answered(const fetch_outcome& outcome) {
    if (outcome.kind != fetch_outcome_kind::respond)
      std::abort();
    if (++answered_ == count_) {
      finished_.set_value();
      quit();
    } else if (asked_ < count_) {
      ask();
    }
  }

  service_worker_manager_actor manager_;
  uint64_t count_;
  uint64_t window_;
  std::promise<void>& finished_;
  fetch_request fetch_;
  uint64_t asked_ = 0;
  uint64_t answered_ = 0;
};

double events_per_second(caf::actor_system& system, const service_worker_manager_actor& manager,
                         uint64_t count, uint64_t window) {
  std::promise<void> finished;
  const auto begin = std::chrono::steady_clock::now();
  system.spawn<load_generator>(manager, count, window, finished);
  finished.get_future().wait();
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  return static_cast<double>(count) / took.count();
}

bool is_activated(caf::scoped_actor& self, const service_worker_manager_actor& manager) {
  bool result = false;
  self->request(manager, 10s, list_atom_v)
      .receive(
          [&](const registration_list& list) {
            result = !list.registrations.empty()
                     && list.registrations.front().active.state == worker_state::activated;
          },
          [](const caf::error&) { std::abort(); });
  return result;
}

/// A registration is answered while its worker installs; the bench needs it activated.
void register_worker(caf::actor_system& system, const service_worker_manager_actor& manager) {
  caf::scoped_actor self{system};
  registration_request request;
  request.script_url = script_url;
  self->request(manager, 10s, register_atom_v, request)
      .receive([](const registration_descriptor&) {}, [](const caf::error&) { std::abort(); });
  const auto give_up = std::chrono::steady_clock::now() + 10s;
  while (!is_activated(self, manager))
    if (std::chrono::steady_clock::now() > give_up)
      std::abort();
}

template <class... Handles>
void end(const Handles&... actors) {
  (caf::anon_send_exit(actors, caf::exit_reason::user_shutdown), ...);
}

void measure(const char* way, caf::actor_system& system,
             const service_worker_manager_actor& manager, uint64_t count) {
  register_worker(system, manager);
  events_per_second(system, manager, 1'000, 64);
  const auto one = events_per_second(system, manager, count / 4, 1);
  const auto many = events_per_second(system, manager, count, 64);
  std::printf("{\"bench\":\"dispatch\",\"way\":\"%s\",\"events\":%llu,"
              "\"per_s_1_outstanding\":%.0f,\"per_s_64_outstanding\":%.0f}\n",
              way, static_cast<unsigned long long>(count), one, many);
}

/// The tree of actors with a worker that runs no script.
void measure_tree(uint64_t count) {
  bench_config config;
  caf::actor_system system{config};
  auto network = std::make_shared<test::fake_network_state>();
  network->pages[script_url].text = "fetch respond hello";
  auto world = std::make_shared<test::fake_world>();
  auto storage = test::spawn_fake_storage(system, std::make_shared<test::fake_storage_state>());
  auto fetcher = test::spawn_fake_fetcher(system, network);
  auto clients = spawn_clients(system);
  auto launcher =
      spawn_in_process_launcher(system, test::make_fake_factory(world), script_threads::scheduled);
  auto spawner = spawn_instance_spawner(system, spawn_strategy::in_process, launcher);
  auto manager = spawn_service_worker_manager(system, {storage, fetcher, clients, spawner},
                                              std::make_shared<const actor_options>());
  measure("actors alone", system, manager, count);
  end(manager, spawner, launcher, clients, storage, fetcher);
}

/// A node whose worker answers every fetch from a script.
void measure_node(const char* way, spawn_strategy strategy,
                  const std::shared_ptr<process_source>& processes, uint64_t count) {
  const test::temp_directory directory;
  const auto site = directory.path() / "site";
  std::filesystem::create_directory(site);
  std::ofstream{site / "sw.js"} << script;
  core_options options;
  options.data_dir = directory.path() / "data";
  options.strategy = strategy;
  options.processes = processes;
  options.sites.push_back({"https://a.example", site});
  const auto node = core::start(std::move(options));
  if (!node)
    std::abort();
  measure(way, (*node)->system(), (*node)->manager(), count);
}

} // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::string_view{argv[1]} == "--worker-process")
    run_worker_process(argc, argv);
  const auto given = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 0;
  const auto count = given > 0 ? given : 40'000;
  const auto zygote = start_zygote();
  measure_tree(count * 4);
  measure_node("script in process", spawn_strategy::in_process, nullptr, count);
  measure_node("script in a process of its own", spawn_strategy::per_origin, zygote, count);
  return 0;
}

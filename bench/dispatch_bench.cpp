// SPDX-License-Identifier: MIT

// Fetch events per second from the manager down to a trivial worker and back, in process: the cost
// of the tree of actors alone. Prints one JSON object.

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>

#include "actors/spawn.hpp"
#include "protocol/message_types.hpp"
#include "test/support/fake_services.hpp"

using namespace offstage;
using namespace std::chrono_literals;

namespace {

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

void register_worker(caf::actor_system& system, const service_worker_manager_actor& manager) {
  caf::scoped_actor self{system};
  registration_request request;
  request.script_url = "https://a.example/sw.js";
  self->request(manager, 10s, register_atom_v, request)
      .receive([](const registration_descriptor&) {}, [](const caf::error&) { std::abort(); });
}

template <class... Handles>
void end(const Handles&... actors) {
  (caf::anon_send_exit(actors, caf::exit_reason::user_shutdown), ...);
}

} // namespace

int main(int argc, char** argv) {
  const auto count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 200'000;
  bench_config config;
  caf::actor_system system{config};
  auto network = std::make_shared<test::fake_network_state>();
  network->pages["https://a.example/sw.js"].text = "fetch respond hello";
  auto world = std::make_shared<test::fake_world>();
  auto storage = test::spawn_fake_storage(system, std::make_shared<test::fake_storage_state>());
  auto fetcher = test::spawn_fake_fetcher(system, network);
  auto clients = spawn_clients(system);
  auto launcher =
      spawn_in_process_launcher(system, test::make_fake_factory(world), script_threads::scheduled);
  auto spawner = spawn_instance_spawner(system, spawn_strategy::in_process, launcher);
  auto manager = spawn_service_worker_manager(system, {storage, fetcher, clients, spawner},
                                              std::make_shared<const actor_options>());
  register_worker(system, manager);
  events_per_second(system, manager, 1'000, 64);
  const auto one = events_per_second(system, manager, count / 4, 1);
  const auto many = events_per_second(system, manager, count, 64);
  std::printf("{\"bench\":\"dispatch\",\"strategy\":\"in_process\",\"events\":%llu,"
              "\"per_s_1_outstanding\":%.0f,\"per_s_64_outstanding\":%.0f}\n",
              static_cast<unsigned long long>(count), one, many);
  end(manager, spawner, launcher, clients, storage, fetcher);
  return 0;
}

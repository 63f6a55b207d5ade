// SPDX-License-Identifier: MIT
#include "app/core.hpp"

#include <algorithm>
#include <filesystem>
#include <thread>

#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>

#include "actors/clients.hpp"
#include "actors/in_process_launcher.hpp"
#include "actors/instance_spawner.hpp"
#include "actors/service_worker_manager.hpp"
#include "actors/worker_process.hpp"
#include "app/child/child_main.hpp"
#include "app/child/zygote.hpp"
#include "app/link/basp_link.hpp"
#include "app/link/process_launcher.hpp"
#include "gateway/network_fetcher.hpp"
#include "protocol/errors.hpp"
#include "protocol/message_types.hpp"
#include "runtime/duktape_worker.hpp"
#include "runtime/engine_build.hpp"
#include "runtime/spare_heap.hpp"
#include "storage/storage.hpp"

namespace offstage {

namespace {

/// Options of CAF are ours alone: no file in the working directory and no command line changes
/// them.
class system_config : public caf::actor_system_config {
public:
  system_config() {
    register_protocol(*this);
    enable_links(*this);
    set("scheduler.max-threads", std::max<size_t>(2, std::thread::hardware_concurrency()));
  }
};

/// Whose artifacts a worker may get: bytecode is believed, so a process that trusts nobody gets
/// none, and a process that several origins share gets what such a process made only.
std::string artifact_domain(spawn_strategy strategy) {
  switch (strategy) {
  case spawn_strategy::in_process:
    return {};
  case spawn_strategy::shared:
    return std::string{engine_build()} + "+shared";
  case spawn_strategy::per_origin:
  case spawn_strategy::per_worker:
    return std::string{engine_build()};
  }
  return {};
}

log_level level_of(storage_log_level level) {
  switch (level) {
  case storage_log_level::info:
    return log_level::info;
  case storage_log_level::warning:
    return log_level::warn;
  case storage_log_level::error:
    return log_level::error;
  }
  return log_level::error;
}

template <class Handle, class... Ts>
auto ask(caf::actor_system& system, const Handle& receiver, caf::timespan limit, Ts... xs) {
  caf::scoped_actor self{system};
  bool answered = false;
  self->request(receiver, limit, xs...).receive([&](bool) { answered = true; }, [](caf::error&) {});
  return answered;
}

} // namespace

struct core::parts {
  explicit parts(core_options x) : options(std::move(x)), system(config) {}

  caf::expected<caf::unit_t> open();
  caf::expected<caf::unit_t> open_storage();
  caf::expected<caf::unit_t> open_fetcher();
  process_launcher_actor make_launcher();
  actor_options_ptr make_actor_options() const;
  void restore();
  void drain();
  void close();

  core_options options;
  system_config config;
  caf::actor_system system;
  storage_actor storage;
  std::unique_ptr<network_fetcher> fetcher;
  network_fetcher_actor fetching;
  clients_actor clients;
  process_launcher_actor launcher;
  instance_spawner_actor spawner;
  service_worker_manager_actor manager;
  uint32_t restored_count = 0;
  bool drained = false;
};

caf::expected<caf::unit_t> core::parts::open_storage() {
  std::error_code failure;
  std::filesystem::create_directories(options.data_dir, failure);
  if (failure)
    return fail(storage_error::io_failed,
                "cannot create " + options.data_dir + ": " + failure.message());
  storage_options chosen;
  chosen.directory = (std::filesystem::path{options.data_dir} / "storage").string();
  chosen.quota_bytes = options.quota_bytes;
  chosen.budget_bytes = options.budget_bytes;
  auto opened = spawn_storage(
      system, chosen, [log = options.log](storage_log_level level, const std::string& text) {
        log(level_of(level), "storage: " + text);
      });
  if (!opened)
    return opened.error();
  storage = std::move(*opened);
  for (const auto& site : options.sites)
    caf::anon_send(storage, control_atom_v, storage_key{site.origin}, site.persistent);
  return caf::unit;
}

caf::expected<caf::unit_t> core::parts::open_fetcher() {
  fetcher_options chosen;
  for (const auto& site : options.sites)
    chosen.sites.push_back({site.origin, site.upstream});
  auto opened = network_fetcher::start(system, std::move(chosen));
  if (!opened)
    return opened.error();
  fetcher = std::move(*opened);
  fetching = fetcher->actor();
  return caf::unit;
}

process_launcher_actor core::parts::make_launcher() {
  if (options.strategy == spawn_strategy::in_process)
    return spawn_in_process_launcher(system, make_duktape_worker_factory(),
                                     script_threads::detached);
  launch_options chosen;
  if (options.processes)
    chosen.source = options.processes;
  else if (!options.worker_program.empty())
    chosen.source = std::make_shared<exec_process_source>(options.worker_program);
  chosen.on_lost = [log = options.log](int32_t pid, const std::string& label,
                                       const std::string& reason) {
    if (!reason.empty())
      log(log_level::warn,
          "worker process " + std::to_string(pid) + " (" + label + ") was dropped: " + reason);
  };
  return spawn_process_launcher(system, std::move(chosen));
}

actor_options_ptr core::parts::make_actor_options() const {
  auto chosen = std::make_shared<actor_options>();
  chosen->idle_delay = std::chrono::seconds{options.worker_idle_s};
  chosen->instance.heap_bytes_max = options.worker_heap_bytes;
  chosen->instance.execution_ms_max = options.worker_execution_s * 1000;
  chosen->user_agent = "Offstage/" OFFSTAGE_VERSION;
  chosen->engine_build = artifact_domain(options.strategy);
  return chosen;
}

void core::parts::restore() {
  caf::scoped_actor self{system};
  self->request(manager, limits::internal_request_max, restore_atom_v)
      .receive([&](uint32_t count) { restored_count = count; },
               [&](caf::error& error) {
                 options.log(log_level::error, "cannot restore: " + describe(error));
               });
}

caf::expected<caf::unit_t> core::parts::open() {
  if (auto opened = open_storage(); !opened)
    return opened;
  if (auto opened = open_fetcher(); !opened)
    return opened;
  clients = spawn_clients(system);
  launcher = make_launcher();
  spawner = spawn_instance_spawner(system, options.strategy, launcher);
  manager = spawn_service_worker_manager(system, {storage, fetching, clients, spawner},
                                         make_actor_options());
  restore();
  return caf::unit;
}

void core::parts::drain() {
  if (drained || !manager)
    return;
  drained = true;
  ask(system, manager, limits::drain_time_max + limits::stop_time_max, drain_atom_v);
}

void core::parts::close() {
  drain();
  const auto end = [](auto& handle) {
    caf::anon_send_exit(handle, caf::exit_reason::user_shutdown);
    handle = nullptr;
  };
  if (manager)
    end(manager);
  if (spawner)
    end(spawner);
  if (launcher)
    end(launcher);
  if (clients)
    end(clients);
  fetching = nullptr;
  fetcher.reset();
  if (storage) {
    ask(system, storage, limits::internal_request_max, flush_atom_v);
    end(storage);
  }
}

caf::expected<std::unique_ptr<core>> core::start(core_options options) {
  auto made = std::make_unique<parts>(std::move(options));
  if (auto opened = made->open(); !opened) {
    auto error = opened.error();
    made->close();
    return error;
  }
  return std::make_unique<core>(std::move(made));
}

core::core(std::unique_ptr<parts> implementation) : parts_(std::move(implementation)) {}

core::~core() {
  parts_->close();
}

caf::actor_system& core::system() {
  return parts_->system;
}

const service_worker_manager_actor& core::manager() const {
  return parts_->manager;
}

const clients_actor& core::clients() const {
  return parts_->clients;
}

const network_fetcher_actor& core::fetcher() const {
  return parts_->fetching;
}

const storage_actor& core::storage() const {
  return parts_->storage;
}

uint32_t core::restored_count() const {
  return parts_->restored_count;
}

void core::drain() {
  parts_->drain();
}

namespace {

worker_process_factory worker_process_with(worker_factory make_worker) {
  return [make_worker = std::move(make_worker)](caf::actor_system& system,
                                                std::shared_ptr<byte_link> link) {
    return spawn_worker_process(system, {make_worker, std::move(link)});
  };
}

} // namespace

std::shared_ptr<process_source> start_zygote() {
  const auto spare = std::make_shared<spare_heap>();
  zygote_options chosen;
  chosen.preload = [spare] { spare->fill(); };
  chosen.factory = worker_process_with(make_duktape_worker_factory(spare));
  chosen.fallback = std::make_unique<exec_process_source>();
  auto started = zygote::start(std::move(chosen));
  return started ? std::shared_ptr<process_source>{*started} : nullptr;
}

void run_worker_process(int argc, char** argv) {
  child_main(argc, argv, worker_process_with(make_duktape_worker_factory()));
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "app/eval_services.hpp"

#include <cstdio>
#include <filesystem>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/instance_parent.hpp"
#include "actors/owned.hpp"
#include "app/eval_bridge.hpp"
#include "gateway/network_fetcher.hpp"
#include "protocol/errors.hpp"
#include "protocol/message_types.hpp"
#include "storage/storage.hpp"

#include <unistd.h>

namespace offstage {

namespace {

/// A run has one script and few calls at a time.
constexpr size_t scheduler_threads = 2;

class eval_system_config : public caf::actor_system_config {
public:
  eval_system_config() {
    register_protocol(*this);
    set("scheduler.max-threads", scheduler_threads);
  }
};

/// The instance is in this process: nothing has to be allowed, and bytes stay where they are.
class eval_link final : public process_link {
public:
  caf::expected<shared_bytes> outgoing(shared_bytes bytes) override { return bytes; }
  caf::expected<shared_bytes> incoming(shared_bytes bytes) override { return bytes; }
  int32_t pid() const override { return static_cast<int32_t>(::getpid()); }
  void allow(caf::actor_id) override {}
  void revoke(caf::actor_id) override {}
  void kill() override {}
};

/// A storage that opens its directory with the first message: most scripts send none, and opening
/// takes longer than they run.
class lazy_storage final : public storage_actor::base {
public:
  lazy_storage(caf::actor_config& config, std::string directory)
      : storage_actor::base(config), directory_(std::move(directory)) {}

  const char* name() const override { return "lazy_storage"; }

  storage_actor::behavior_type make_behavior() override {
    return {
        [this](open_atom a, storage_key& key) {
          return forward<cache_storage_actor>(a, std::move(key));
        },
        [this](connect_atom a, storage_key& key) {
          return forward<indexed_db_actor>(a, std::move(key));
        },
        [this](put_atom a, shared_bytes& x) { return forward<std::string>(a, std::move(x)); },
        [this](get_atom a, std::string& x) { return forward<shared_bytes>(a, std::move(x)); },
        [this](get_atom a, worker_scripts_query& x) {
          return forward<script_sources>(a, std::move(x));
        },
        [this](put_atom a, artifact_name& made_of, shared_bytes& x) {
          return forward<bool>(a, std::move(made_of), std::move(x));
        },
        [this](load_atom a) { return forward<stored_registration_list>(a); },
        [this](store_atom a, stored_registration& x) { return forward<bool>(a, std::move(x)); },
        [this](remove_atom a, storage_key& key, std::string& scope) {
          return forward<bool>(a, std::move(key), std::move(scope));
        },
        [this](status_atom a, storage_key& key) {
          return forward<storage_figures>(a, std::move(key));
        },
        [this](control_atom a, storage_key& key, bool persisted) {
          return forward<bool>(a, std::move(key), persisted);
        },
        [this](remove_atom a, storage_key& key) { return forward<bool>(a, std::move(key)); },
        [](run_atom, const storage_key&) {},
        [this](spawn_atom a) { return forward<worker_id>(a); },
        [this](flush_atom a) { return flush(a); },
    };
  }

  void on_exit() override { opened_.reset(); }

private:
  template <class Result, class... Ts>
  caf::result<Result> forward(Ts... message) {
    if (auto error = open())
      return error;
    return delegate(opened_.get(), std::move(message)...);
  }

  caf::result<bool> flush(flush_atom a) {
    if (!opened_)
      return true;
    return delegate(opened_.get(), a);
  }

  caf::error open() {
    if (opened_)
      return {};
    std::error_code failure;
    std::filesystem::create_directories(directory_, failure);
    if (failure)
      return fail(storage_error::io_failed, directory_ + ": " + failure.message());
    storage_options chosen;
    chosen.directory = (std::filesystem::path{directory_} / "storage").string();
    auto opened = spawn_storage(system(), chosen, tell);
    if (!opened)
      return std::move(opened.error());
    opened_ = owned{std::move(*opened)};
    return {};
  }

  static void tell(storage_log_level level, const std::string& text) {
    if (level != storage_log_level::info)
      std::fprintf(stderr, "offstage eval: storage: %s\n", text.c_str());
  }

  std::string directory_;
  owned<storage_actor> opened_;
};

template <class Handle>
void flush(caf::actor_system& system, const Handle& storage) {
  caf::scoped_actor self{system};
  self->request(storage, limits::internal_request_max, flush_atom_v)
      .receive([](bool) {},
               [](const caf::error& error) {
                 std::fprintf(stderr, "offstage eval: the caches could not be kept: %s\n",
                              describe(error).c_str());
               });
}

} // namespace

struct eval_services::parts {
  parts() : system(config) {}
  ~parts();

  caf::expected<caf::unit_t> open(const eval_options& options, const instance_constructor& instance,
                                  const std::string& temporary_directory);

  eval_system_config config;
  caf::actor_system system;
  eval_inbox_ptr inbox;
  std::unique_ptr<network_fetcher> fetcher;
  owned<storage_actor> storage;
  owned<eval_bridge_actor> bridge;
  owned<instance_parent_actor> instance_parent;
};

caf::expected<caf::unit_t> eval_services::parts::open(const eval_options& options,
                                                      const instance_constructor& instance,
                                                      const std::string& temporary_directory) {
  fetcher_options network;
  network.user_agent = instance.user_agent;
  network.verify_tls = options.verify_tls;
  network.keep_cookies = true;
  network.ca_file = options.ca_file;
  network.connect_to = options.connect_to;
  auto started = network_fetcher::start(system, std::move(network));
  if (!started)
    return std::move(started.error());
  fetcher = std::move(*started);
  storage = owned{storage_actor{system.spawn<lazy_storage>(
      options.data_dir.empty() ? temporary_directory : options.data_dir)}};
  const auto connected = std::make_shared<std::promise<void>>();
  bridge = owned{spawn_eval_bridge(system, inbox, connected)};
  auto chosen = std::make_shared<actor_options>();
  chosen->instance = instance.limits;
  instance_parent_arguments arguments;
  arguments.constructor = instance;
  arguments.process = {bridge.get(), std::make_shared<eval_link>()};
  arguments.services.shared.storage = storage.get();
  arguments.services.shared.fetcher = fetcher->actor();
  arguments.services.options = std::move(chosen);
  instance_parent = owned{spawn_instance_parent(system, std::move(arguments))};
  if (connected->get_future().wait_for(limits::start_time_max) != std::future_status::ready)
    return fail(node_error::launch_failed, "the services of the script");
  return caf::unit;
}

eval_services::parts::~parts() {
  if (storage)
    flush(system, storage.get());
  bridge.reset();
  instance_parent.reset();
  storage.reset();
  fetcher.reset();
}

caf::expected<std::unique_ptr<eval_services>>
eval_services::start(const eval_options& options, const instance_constructor& instance,
                     const std::string& temporary_directory, eval_inbox_ptr inbox) {
  auto made = std::make_unique<parts>();
  made->inbox = std::move(inbox);
  if (auto opened = made->open(options, instance, temporary_directory); !opened)
    return std::move(opened.error());
  return std::make_unique<eval_services>(std::move(made));
}

eval_services::eval_services(std::unique_ptr<parts> implementation)
    : parts_(std::move(implementation)) {}

eval_services::~eval_services() = default;

void eval_services::call(call_id call, service_request request) {
  caf::anon_send(parts_->bridge.get(), call_atom_v, call, std::move(request));
}

void eval_services::abort_call(call_id call) {
  caf::anon_send(parts_->bridge.get(), abort_atom_v, call);
}

caf::expected<service_result> eval_services::import_now(import_scripts request) {
  const auto ticket = std::make_shared<import_ticket>(std::move(request));
  caf::anon_send(parts_->bridge.get(), call_atom_v, ticket);
  return ticket->wait(limits::import_time_max);
}

void eval_services::pull(stream_id parent_stream, uint32_t bytes_max) {
  caf::anon_send(parts_->bridge.get(), get_atom_v, parent_stream, bytes_max);
}

void eval_services::cancel(stream_id parent_stream) {
  caf::anon_send(parts_->bridge.get(), remove_atom_v, parent_stream);
}

void eval_services::provide(stream_id child_stream, caf::expected<body_chunk> chunk) {
  if (chunk)
    caf::anon_send(parts_->bridge.get(), provide_atom_v, child_stream, std::move(*chunk));
  else
    caf::anon_send(parts_->bridge.get(), provide_atom_v, child_stream, std::move(chunk.error()));
}

} // namespace offstage

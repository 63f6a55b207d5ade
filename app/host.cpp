// SPDX-License-Identifier: MIT
#include "app/host.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

#include "app/core.hpp"
#include "app/host_actors.hpp"
#include "app/terminal.hpp"
#include "protocol/errors.hpp"

namespace offstage {

host_error::host_error(const caf::error& error)
    : std::runtime_error(describe(error)), code_(error) {}

struct host::parts {
  std::unique_ptr<core> node;

  /// One short-lived actor per call: the future is fulfilled whatever happens to the receiver.
  template <class Result, class Handle, class... Ts>
  std::future<Result> ask(const Handle& receiver, caf::timespan limit, Ts... xs) {
    auto promise = std::make_shared<std::promise<Result>>();
    auto future = promise->get_future();
    node->system().spawn([=](caf::event_based_actor* self) {
      const auto failed = [promise, self](const caf::error& error) {
        promise->set_exception(std::make_exception_ptr(host_error{error}));
        self->quit();
      };
      self->set_down_handler(
          [failed](caf::down_msg&) { failed(caf::make_error(worker_error::stopping)); });
      self->monitor(receiver);
      self->request(receiver, limit, xs...)
          .then(
              [promise, self](const Result& result) {
                promise->set_value(result);
                self->quit();
              },
              failed);
    });
    return future;
  }
};

namespace {

core_options core_options_of(host_options&& options) {
  core_options result;
  result.data_dir = std::move(options.data_dir);
  result.strategy = options.strategy;
  result.worker_program = std::move(options.worker_program);
  result.worker_heap_bytes = options.worker_heap_bytes;
  result.quota_bytes = options.quota_bytes;
  result.budget_bytes = options.budget_bytes;
  for (auto& site : options.sites)
    result.sites.push_back({std::move(site.origin), std::move(site.upstream), site.persistent});
  if (options.log)
    result.log = std::move(options.log);
  return result;
}

} // namespace

caf::expected<std::unique_ptr<host>> host::start(host_options options) {
  if (options.data_dir.empty())
    return fail(node_error::bad_configuration, "host_options::data_dir is empty");
  if (options.strategy != spawn_strategy::in_process && options.worker_program.empty())
    return fail(node_error::bad_configuration, "host_options::worker_program is empty");
  const auto log = options.log;
  auto node = core::start(core_options_of(std::move(options)));
  if (!node)
    return node.error();
  if (log)
    caf::anon_send((*node)->manager(), subscribe_atom_v, spawn_terminal((*node)->system(), log));
  auto made = std::make_unique<parts>();
  made->node = std::move(*node);
  return std::make_unique<host>(std::move(made));
}

host::host(std::unique_ptr<parts> implementation) : parts_(std::move(implementation)) {}

host::~host() = default;

std::future<registration_descriptor> host::register_worker(registration_request request) {
  return parts_->ask<registration_descriptor>(manager(), limits::job_time_max, register_atom_v,
                                              std::move(request));
}

std::future<registration_descriptor> host::ready(storage_key key, std::string scope) {
  auto promise = std::make_shared<std::promise<registration_descriptor>>();
  auto future = promise->get_future();
  spawn_ready_watcher(system(), manager(), std::move(key), std::move(scope), std::move(promise));
  return future;
}

std::future<bool> host::unregister(storage_key key, std::string scope) {
  return parts_->ask<bool>(manager(), limits::job_time_max, unregister_atom_v, std::move(key),
                           std::move(scope));
}

std::future<fetch_outcome> host::fetch(fetch_request request) {
  return parts_->ask<fetch_outcome>(manager(), limits::service_call_max, intercept_atom_v,
                                    call_id{1}, std::move(request));
}

std::future<event_result> host::post_message(storage_key key, std::string scope,
                                             structured_clone message) {
  message_event event;
  event.data = std::move(message);
  event.origin = key.origin;
  return parts_->ask<event_result>(manager(), limits::service_call_max, dispatch_atom_v,
                                   std::move(key), std::move(scope),
                                   worker_event{std::move(event)});
}

std::future<shared_bytes> host::read(body content, size_t bytes_max) {
  auto promise = std::make_shared<std::promise<shared_bytes>>();
  auto future = promise->get_future();
  if (content.kind == body_kind::source)
    spawn_body_reader(system(), content.source, bytes_max, std::move(promise));
  else
    promise->set_value(content.bytes);
  return future;
}

caf::actor_system& host::system() {
  return parts_->node->system();
}

const service_worker_manager_actor& host::manager() const {
  return parts_->node->manager();
}

const clients_actor& host::clients() const {
  return parts_->node->clients();
}

} // namespace offstage

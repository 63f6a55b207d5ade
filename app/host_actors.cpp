// SPDX-License-Identifier: MIT
#include "app/host_actors.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "app/host.hpp"
#include "config/limits.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

class ready_watcher final : public observer_actor::base {
public:
  ready_watcher(caf::actor_config& config, service_worker_manager_actor manager, storage_key key,
                std::string scope, std::shared_ptr<std::promise<registration_descriptor>> promise)
      : observer_actor::base(config),
        manager_(std::move(manager)),
        key_(std::move(key)),
        scope_(std::move(scope)),
        promise_(std::move(promise)) {}

  observer_actor::behavior_type make_behavior() override {
    set_down_handler(
        [this](caf::down_msg&) { fail_with(caf::make_error(worker_error::stopping)); });
    monitor(manager_);
    send(manager_, subscribe_atom_v, observer_actor{this});
    request(manager_, limits::internal_request_max, list_atom_v)
        .then([this](const registration_list& all) { look_through(all); },
              [this](const caf::error& error) { fail_with(error); });
    return {[this](note_atom, const lifecycle_note& note) { look_at(note.registration); }};
  }

private:
  void look_through(const registration_list& all) {
    for (const auto& registration : all.registrations)
      look_at(registration);
  }

  void look_at(const registration_descriptor& registration) {
    const bool is_ours = registration.key == key_ && registration.scope == scope_;
    if (done_ || !is_ours || registration.active.state != worker_state::activated)
      return;
    done_ = true;
    promise_->set_value(registration);
    quit();
  }

  void fail_with(const caf::error& error) {
    if (done_)
      return;
    done_ = true;
    promise_->set_exception(std::make_exception_ptr(host_error{error}));
    quit();
  }

  service_worker_manager_actor manager_;
  storage_key key_;
  std::string scope_;
  std::shared_ptr<std::promise<registration_descriptor>> promise_;
  bool done_ = false;
};

class body_reader final : public caf::event_based_actor {
public:
  body_reader(caf::actor_config& config, body_source_actor source, size_t bytes_max,
              std::shared_ptr<std::promise<shared_bytes>> promise)
      : event_based_actor(config),
        source_(std::move(source)),
        bytes_max_(bytes_max),
        promise_(std::move(promise)) {}

  caf::behavior make_behavior() override {
    set_down_handler(
        [this](caf::down_msg&) { fail_with(caf::make_error(storage_error::body_failed)); });
    monitor(source_);
    pull();
    return {[](tick_atom) {}};
  }

private:
  void pull() {
    request(source_, limits::pull_time_max, pull_atom_v,
            static_cast<uint32_t>(wire::chunk_bytes_max))
        .then([this](const body_chunk& chunk) { take(chunk); },
              [this](const caf::error& error) { fail_with(error); });
  }

  void take(const body_chunk& chunk) {
    bytes_ += chunk.bytes.view();
    if (bytes_.size() > bytes_max_) {
      send(source_, cancel_atom_v);
      fail_with(fail(node_error::limit_exceeded,
                     "the body is longer than " + std::to_string(bytes_max_) + " bytes"));
    } else if (chunk.last) {
      done_ = true;
      promise_->set_value(shared_bytes{std::move(bytes_)});
      quit();
    } else {
      pull();
    }
  }

  void fail_with(const caf::error& error) {
    if (done_)
      return;
    done_ = true;
    promise_->set_exception(std::make_exception_ptr(host_error{error}));
    quit();
  }

  body_source_actor source_;
  size_t bytes_max_;
  std::shared_ptr<std::promise<shared_bytes>> promise_;
  std::string bytes_;
  bool done_ = false;
};

} // namespace

void spawn_ready_watcher(caf::actor_system& sys, const service_worker_manager_actor& manager,
                         storage_key key, std::string scope,
                         std::shared_ptr<std::promise<registration_descriptor>> promise) {
  sys.spawn<ready_watcher>(manager, std::move(key), std::move(scope), std::move(promise));
}

void spawn_body_reader(caf::actor_system& sys, const body_source_actor& source, size_t bytes_max,
                       std::shared_ptr<std::promise<shared_bytes>> promise) {
  sys.spawn<body_reader>(source, bytes_max, std::move(promise));
}

} // namespace offstage

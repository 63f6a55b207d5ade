// SPDX-License-Identifier: MIT
#include <algorithm>

#include <caf/actor_system.hpp>

#include "actors/registration_state.hpp"
#include "protocol/errors.hpp"

namespace offstage {

// -- Register and update
// ----------------------------------------------------------------------------

// Spec: ServiceWorker#register-algorithm
caf::result<registration_descriptor>
registration_state::run_register(registration_request request) {
  const auto* newest = slots_.newest();
  if (newest != nullptr && newest->descriptor.script_url == request.script_url
      && newest->descriptor.type == request.type
      && slots_.stored().via_cache == request.via_cache) {
    auto promise = self_->make_response_promise<registration_descriptor>();
    promise.deliver(published_);
    finish_job();
    return promise;
  }
  return begin_job(std::move(request));
}

// Spec: ServiceWorker#update-algorithm
caf::result<registration_descriptor> registration_state::run_update() {
  const auto* newest = slots_.newest();
  if (newest == nullptr || unregistered_) {
    auto promise = self_->make_response_promise<registration_descriptor>();
    promise.deliver(fail(worker_error::type_error, arguments_.scope + " has no worker to update"));
    finish_job();
    return promise;
  }
  registration_request request;
  request.script_url = newest->descriptor.script_url;
  request.scope = arguments_.scope;
  request.type = newest->descriptor.type;
  request.via_cache = slots_.stored().via_cache;
  return begin_job(std::move(request));
}

caf::result<registration_descriptor> registration_state::begin_job(registration_request request) {
  current_job job;
  job.promise = self_->make_response_promise<registration_descriptor>();
  job.request = std::move(request);
  job_ = job;
  update_check_arguments arguments;
  arguments.services = arguments_.services;
  arguments.request = job.request;
  if (const auto* newest = slots_.newest()) {
    arguments.has_newest = true;
    arguments.newest = *newest;
  }
  arguments.is_stale = slots_.is_stale(options().unix_ms());
  check_ = owned{spawn_update_check(self_->system(), std::move(arguments))};
  self_->request(check_.get(), limits::job_time_max, run_atom_v)
      .then([this](const update_check_result& result) { checked(result); },
            [this](const caf::error& error) { reject_job(error); });
  return job.promise;
}

void registration_state::checked(const update_check_result& result) {
  check_.release();
  if (!job_)
    return;
  slots_.set_last_check(options().unix_ms());
  if (result.changed) {
    create_worker(result.scripts);
    return;
  }
  slots_.set_via_cache(job_->request.via_cache);
  publish();
  store();
  job_->promise.deliver(published_);
  finish_job();
}

// -- A new worker
// ---------------------------------------------------------------------------------

void registration_state::create_worker(script_sources scripts) {
  self_->request(arguments_.services.storage, limits::internal_request_max, spawn_atom_v)
      .then([=, this](worker_id id) { evaluate(id, scripts); },
            [this](const caf::error& error) { reject_job(error); });
}

void registration_state::evaluate(worker_id id, script_sources scripts) {
  if (!job_)
    return;
  job_->worker = id;
  stored_worker worker;
  worker.descriptor.id = id;
  worker.descriptor.script_url = job_->request.script_url;
  worker.descriptor.type = job_->request.type;
  const auto instance = spawn_instance(worker, std::move(scripts));
  self_
      ->request(instance, limits::job_time_max, dispatch_atom_v,
                worker_event{evaluate_script{true}})
      .then([=, this](const event_result& result) { evaluated(worker, result); },
            [=, this](const caf::error& error) {
              retire({id});
              reject_job(error);
            });
}

void registration_state::evaluated(stored_worker worker, const event_result& result) {
  const auto id = worker.descriptor.id;
  if (!is_job_of(id))
    return;
  if (result.status != event_status::completed || !result.evaluation.evaluated) {
    retire({id});
    const auto& error = result.evaluation.error ? result.evaluation.error : result.error;
    reject_job(fail(worker_error::script_evaluation_failed,
                    error ? to_string(error) : to_string(result.cause)));
    return;
  }
  worker.event_types = result.evaluation.event_types;
  install(std::move(worker));
}

// Spec: ServiceWorker#installation-algorithm
void registration_state::install(stored_worker worker) {
  const auto id = worker.descriptor.id;
  slots_.set_via_cache(job_->request.via_cache);
  slots_.begin_install(std::move(worker));
  publish();
  job_->promise.deliver(published_);
  self_
      ->request(instances_.at(id).get(), limits::job_time_max, dispatch_atom_v,
                worker_event{install_event{}})
      .then([this](const event_result& result) { installed(result); },
            [this](const caf::error& error) { fail_install(describe(error)); });
}

void registration_state::installed(const event_result& result) {
  if (!job_ || !slots_.contains(job_->worker))
    return;
  if (result.status != event_status::completed) {
    fail_install(result.error ? to_string(result.error) : to_string(result.cause));
    return;
  }
  const auto id = job_->worker;
  self_->request(instances_.at(id).get(), limits::internal_request_max, get_atom_v)
      .then([=, this](const script_sources& scripts) { store_next_script(id, scripts, {}); },
            [this](const caf::error& error) { fail_install(describe(error)); });
}

void registration_state::store_next_script(worker_id id, script_sources scripts,
                                           std::vector<script_resource> stored) {
  if (!is_job_of(id))
    return;
  if (stored.size() == scripts.scripts.size()) {
    scripts_stored(id, std::move(stored));
    return;
  }
  const auto& next = scripts.scripts[stored.size()];
  self_->request(arguments_.services.storage, limits::internal_request_max, put_atom_v, next.bytes)
      .then(
          [=, this](const std::string& sha256) {
            auto more = stored;
            more.push_back({scripts.scripts[stored.size()].url, sha256});
            store_next_script(id, scripts, std::move(more));
          },
          [this](const caf::error& error) { fail_install(describe(error)); });
}

void registration_state::scripts_stored(worker_id id, std::vector<script_resource> stored) {
  const auto script = stored.front();
  stored.erase(stored.begin());
  retire(slots_.finish_install(script, std::move(stored)));
  self_->send(instances_.at(id).get(), store_atom_v, slots_.waiting());
  publish();
  store();
  finish_job();
  try_activate();
}

void registration_state::fail_install(const std::string& why) {
  if (!job_ || !slots_.contains(job_->worker))
    return;
  note(note_kind::update_failed, slots_.installing().descriptor, why);
  retire(slots_.fail_install());
  publish();
  end_failed_job();
}

// -- The end of a job
// -----------------------------------------------------------------------------

void registration_state::reject_job(const caf::error& error) {
  check_.release();
  if (!job_)
    return;
  note(note_kind::update_failed, {}, describe(error));
  job_->promise.deliver(error);
  end_failed_job();
}

// The registration is gone before the next job of its scope runs: that one makes a new one.
void registration_state::end_failed_job() {
  if (slots_.empty())
    clear();
  finish_job();
}

// Spec: ServiceWorker#finish-job-algorithm
void registration_state::finish_job() {
  job_.reset();
  self_->send(arguments_.manager, finish_atom_v, arguments_.key, arguments_.scope);
}

// The registration goes on when storage fails: it works until the node ends, and the log says why.
void registration_state::store() {
  if (unregistered_)
    return;
  self_
      ->request(arguments_.services.storage, limits::internal_request_max, store_atom_v,
                slots_.stored())
      .then([](bool) {},
            [this](const caf::error& error) {
              note(note_kind::update_failed, {}, "not stored: " + describe(error));
            });
}

} // namespace offstage

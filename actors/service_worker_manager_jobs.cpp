// SPDX-License-Identifier: MIT
#include "actors/service_worker_manager_state.hpp"
#include "protocol/errors.hpp"

namespace offstage {

// -- Jobs
// ----------------------------------------------------------------------------------------

// Spec: ServiceWorker#start-register-algorithm
caf::result<registration_descriptor>
service_worker_manager::register_worker(const registration_request& request) {
  auto checked = check_registration(request);
  if (!checked)
    return std::move(checked.error());
  job x;
  x.kind = job_kind::register_worker;
  x.request = checked->request;
  auto promise = make_response_promise<registration_descriptor>();
  x.waiters.push_back([=](const job_result& result) {
    auto answer = promise;
    if (result.error)
      answer.deliver(result.error);
    else
      answer.deliver(result.registration);
  });
  schedule(checked->key, checked->request.scope, std::move(x));
  return promise;
}

caf::result<registration_descriptor> service_worker_manager::update(const storage_key& key,
                                                                    const std::string& scope) {
  job x;
  x.kind = job_kind::update;
  auto promise = make_response_promise<registration_descriptor>();
  x.waiters.push_back([=](const job_result& result) {
    auto answer = promise;
    if (result.error)
      answer.deliver(result.error);
    else
      answer.deliver(result.registration);
  });
  schedule(key, scope, std::move(x));
  return promise;
}

caf::result<bool> service_worker_manager::unregister(const storage_key& key,
                                                     const std::string& scope) {
  job x;
  x.kind = job_kind::unregister;
  auto promise = make_response_promise<bool>();
  x.waiters.push_back([=](const job_result& result) {
    auto answer = promise;
    if (result.error)
      answer.deliver(result.error);
    else
      answer.deliver(result.existed);
  });
  schedule(key, scope, std::move(x));
  return promise;
}

void service_worker_manager::soft_update(const storage_key& key, const std::string& scope) {
  job x;
  x.kind = job_kind::update;
  schedule(key, scope, std::move(x));
}

// Spec: ServiceWorker#schedule-job-algorithm
void service_worker_manager::schedule(const storage_key& key, const std::string& scope, job x) {
  if (draining_) {
    for (const auto& waiter : x.waiters)
      waiter({fail(worker_error::stopping), {}, false});
    return;
  }
  auto* queue = queues_.find(key, scope);
  if (queue == nullptr)
    queue = &queues_.insert(key, scope,
                            queue_entry{key, scope, job_queue{limits::jobs_per_scope_max}, {}});
  const auto waiters = x.waiters;
  const auto pushed = queue->jobs.push(std::move(x));
  if (pushed == job_queue::pushed::run)
    run(*queue);
  else if (pushed == job_queue::pushed::full)
    for (const auto& waiter : waiters)
      waiter({fail(worker_error::queue_full, "jobs of " + scope), {}, false});
}

// Spec: ServiceWorker#run-job-algorithm
void service_worker_manager::run(queue_entry& queue) {
  switch (queue.jobs.front().kind) {
  case job_kind::register_worker:
    run_register(queue);
    return;
  case job_kind::update:
    run_update(queue);
    return;
  case job_kind::unregister:
    run_unregister(queue);
    return;
  }
}

template <class... Ts>
void service_worker_manager::ask_runner(queue_entry& queue, const registration_actor& registration,
                                        Ts... message) {
  queue.runner = registration.address();
  request(registration, limits::job_time_max, std::move(message)...)
      .then(
          [this, key = queue.key, scope = queue.scope](const registration_descriptor& descriptor) {
            settle(key, scope, {{}, descriptor, true});
          },
          [this, key = queue.key, scope = queue.scope](const caf::error& error) {
            settle(key, scope, {error, {}, false});
          });
}

// Spec: ServiceWorker#set-registration-algorithm
void service_worker_manager::run_register(queue_entry& queue) {
  auto* entry = registrations_.find(queue.key, queue.scope);
  const auto registration =
      entry != nullptr ? entry->registration.get() : spawn(queue.key, queue.scope, std::nullopt);
  ask_runner(queue, registration, run_atom_v, queue.jobs.front().request);
}

void service_worker_manager::run_update(queue_entry& queue) {
  if (auto* entry = registrations_.find(queue.key, queue.scope)) {
    ask_runner(queue, entry->registration.get(), update_atom_v);
    return;
  }
  queue.jobs.settle(
      {fail(worker_error::type_error, queue.scope + " is not registered"), {}, false});
  finish_now(queue);
}

// The registration is out of the map at once; its actor lives on until no client uses it.
void service_worker_manager::run_unregister(queue_entry& queue) {
  auto* entry = registrations_.find(queue.key, queue.scope);
  if (entry == nullptr) {
    queue.jobs.settle({{}, {}, false});
    finish_now(queue);
    return;
  }
  auto registration = std::move(entry->registration);
  const auto handle = registration.get();
  registrations_.erase(queue.key, queue.scope);
  orphans_.emplace(handle.address(), std::move(registration));
  const auto unregistered = [this, key = queue.key, scope = queue.scope](job_result result) {
    settle(key, scope, result);
    if (auto* same = queues_.find(key, scope))
      finish_now(*same);
  };
  request(handle, limits::internal_request_max, unregister_atom_v)
      .then(
          [=](bool) {
            unregistered({{}, {}, true});
          },
          [=](const caf::error& error) {
            unregistered({error, {}, true});
          });
}

void service_worker_manager::settle(const storage_key& key, const std::string& scope,
                                    const job_result& result) {
  if (auto* queue = queues_.find(key, scope))
    queue->jobs.settle(result);
}

void service_worker_manager::finish(const storage_key& key, const std::string& scope) {
  auto* queue = queues_.find(key, scope);
  if (queue != nullptr && current_sender() && queue->runner == current_sender()->address())
    finish_now(*queue);
}

// Spec: ServiceWorker#finish-job-algorithm
void service_worker_manager::finish_now(queue_entry& queue) {
  queue.runner = {};
  if (queue.jobs.finish())
    run(queue);
  else
    queues_.erase(storage_key{queue.key}, std::string{queue.scope});
}

} // namespace offstage

// SPDX-License-Identifier: MIT
#include "actors/service_calls.hpp"

#include <algorithm>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/scope.hpp"
#include "protocol/errors.hpp"

namespace offstage {

namespace {

call_failure worker_failure(worker_error code, const std::string& text) {
  switch (code) {
  case worker_error::type_error:
  case worker_error::script_evaluation_failed:
    return {"TypeError", text};
  case worker_error::security_error:
    return {"SecurityError", text};
  default:
    return {"InvalidStateError", text};
  }
}

call_failure storage_failure(storage_error code, const std::string& text) {
  switch (code) {
  case storage_error::quota_exceeded:
    return {"QuotaExceededError", text};
  case storage_error::refused:
  case storage_error::body_failed:
    return {"TypeError", text};
  case storage_error::not_found:
    return {"NotFoundError", text};
  default:
    return {"UnknownError", text};
  }
}

service_result done(bool value) {
  return call_done{value};
}

} // namespace

call_failure failure_of(const caf::error& error) {
  const auto text = describe(error);
  if (error.category() == caf::atom("worker"))
    return worker_failure(static_cast<worker_error>(error.code()), text);
  if (error.category() == caf::atom("storage"))
    return storage_failure(static_cast<storage_error>(error.code()), text);
  if (error == caf::make_error(node_error::aborted))
    return {"AbortError", text};
  if (error == caf::sec::request_timeout)
    return {"TimeoutError", "the service took too long"};
  return {"UnknownError", text};
}

void service_calls::close() {
  for (const auto& [call, item] : calls_)
    if (item.is_fetch)
      context_.self->send(context_.services.shared.fetcher, abort_atom_v, call);
  calls_.clear();
  waiting_for_cache_.clear();
  waiting_for_databases_.clear();
  cache_ = cache_storage_actor{};
  databases_ = indexed_db_actor{};
}

service_calls::promise service_calls::start(call_id call, service_request request) {
  entry item;
  item.call = call;
  item.is_fetch = caf::holds_alternative<network_fetch>(request);
  item.is_idb = caf::holds_alternative<idb_call>(request);
  item.deadline =
      item.is_idb ? steady_time::max() : context_.self->clock().now() + limits::service_call_max;
  idb_calls_ += item.is_idb ? 1 : 0;
  item.answer = context_.self->make_response_promise<service_result>();
  auto answer = item.answer;
  calls_.emplace(call, std::move(item));
  caf::visit([&](auto& alternative) { run(call, alternative); }, request);
  return answer;
}

bool service_calls::is_full(const service_request& request, size_t call_count_max) const {
  if (caf::holds_alternative<idb_call>(request))
    return idb_calls_ >= wire::idb_calls_max;
  return calls_.size() - idb_calls_ >= call_count_max;
}

void service_calls::abort(call_id call) {
  const auto found = calls_.find(call);
  if (found != calls_.end() && found->second.is_fetch)
    context_.self->send(context_.services.shared.fetcher, abort_atom_v, call);
}

void service_calls::expire(steady_time now) {
  std::vector<call_id> late;
  for (const auto& [call, item] : calls_)
    if (item.deadline <= now)
      late.push_back(call);
  for (const auto call : late)
    finish(call, call_failure{"TimeoutError", "the service took too long"});
}

void service_calls::finish(call_id call, service_result result) {
  const auto found = calls_.find(call);
  if (found == calls_.end())
    return;
  auto answer = std::move(found->second.answer);
  idb_calls_ -= found->second.is_idb ? 1 : 0;
  calls_.erase(found);
  if (auto error = context_.convert(result))
    result = failure_of(error);
  answer.deliver(std::move(result));
}

template <class Result, class Receiver, class... Ts>
void service_calls::ask(call_id call, const Receiver& receiver, Ts... arguments) {
  context_.self->request(receiver, watched_by_sender(), std::move(arguments)...)
      .then([=, this](Result& result) { finish(call, service_result{std::move(result)}); },
            [=, this](const caf::error& error) { fail_call(call, error); });
}

// -- Network
// -------------------------------------------------------------------------------------

void service_calls::run(call_id call, network_fetch& request) {
  request.request.origin = context_.key.origin;
  ask<fetch_response>(call, context_.services.shared.fetcher, fetch_atom_v, call,
                      std::move(request.request));
}

// Spec: ServiceWorker#importscripts
void service_calls::run(call_id call, import_scripts& request) {
  if (request.urls.size() > limits::imports_max) {
    finish(call, call_failure{"NetworkError", "too many scripts"});
    return;
  }
  import_next(call, std::move(request.urls), {});
}

const script_source* service_calls::known_script(const std::string& url) const {
  const auto same = [&](const script_source& script) { return script.url == url; };
  const auto found = std::ranges::find_if(context_.scripts, same);
  return found == context_.scripts.end() ? nullptr : &*found;
}

bool service_calls::has_script(const std::string& url) const {
  return url == context_.main_url || known_script(url) != nullptr;
}

void service_calls::import_next(call_id call, std::vector<std::string> urls, script_sources found) {
  while (found.scripts.size() < urls.size()) {
    const auto& url = urls[found.scripts.size()];
    const auto* known = known_script(url);
    if (known == nullptr)
      break;
    found.scripts.push_back(*known);
  }
  if (found.scripts.size() == urls.size()) {
    finish(call, std::move(found));
    return;
  }
  const auto url = urls[found.scripts.size()];
  if (imports_closed_ || context_.scripts.size() >= limits::imports_max) {
    finish(call, call_failure{"NetworkError", url + " was not imported during installation"});
    return;
  }
  const auto fetcher =
      spawn_script_fetch(context_.self->system(), context_.services.shared.fetcher);
  context_.self
      ->request(fetcher, limits::import_time_max, fetch_atom_v,
                import_request(url, context_.type, context_.key.origin))
      .then([=, this](const fetched_script& script) { imported(call, urls, found, script); },
            [=, this](const caf::error& error) {
              finish(call, call_failure{"NetworkError", describe(error)});
            });
}

void service_calls::imported(call_id call, std::vector<std::string> urls, script_sources found,
                             const fetched_script& script) {
  const auto& url = urls[found.scripts.size()];
  if (auto bad = bad_import(script.head)) {
    finish(call, call_failure{"NetworkError", url + ": " + *bad});
    return;
  }
  script_sources learned;
  learned.scripts.push_back({url, script.bytes});
  context_.scripts.push_back(learned.scripts.front());
  context_.self->send(context_.owner, put_atom_v, std::move(learned));
  import_next(call, std::move(urls), std::move(found));
}

// -- Storage
// -------------------------------------------------------------------------------------

void service_calls::run(call_id call, cache_call& request) {
  if (cache_) {
    run_cache_operation(call, std::move(request.operation));
    return;
  }
  waiting_for_cache_.emplace_back(call, std::move(request.operation));
  if (!opening_cache_)
    open_cache();
}

void service_calls::open_cache() {
  opening_cache_ = true;
  context_.self
      ->request(context_.services.shared.storage, limits::internal_request_max, open_atom_v,
                context_.key)
      .then(
          [this](const cache_storage_actor& cache) {
            opening_cache_ = false;
            cache_ = cache;
            for (auto& [call, operation] : std::exchange(waiting_for_cache_, {}))
              run_cache_operation(call, std::move(operation));
          },
          [this](const caf::error& error) {
            opening_cache_ = false;
            for (auto& [call, operation] : std::exchange(waiting_for_cache_, {}))
              fail_call(call, error);
          });
}

void service_calls::run_cache_operation(call_id call, cache_operation operation) {
  ask<cache_result>(call, cache_, cache_atom_v, std::move(operation));
}

void service_calls::run(call_id call, idb_call& request) {
  if (databases_) {
    run_idb_call(call, std::move(request));
    return;
  }
  waiting_for_databases_.emplace_back(call, std::move(request));
  if (!opening_databases_)
    open_databases();
}

void service_calls::open_databases() {
  opening_databases_ = true;
  context_.self
      ->request(context_.services.shared.storage, limits::internal_request_max, connect_atom_v,
                context_.key)
      .then(
          [this](const indexed_db_actor& databases) {
            opening_databases_ = false;
            databases_ = databases;
            for (auto& [call, request] : std::exchange(waiting_for_databases_, {}))
              run_idb_call(call, std::move(request));
          },
          [this](const caf::error& error) {
            opening_databases_ = false;
            for (auto& [call, request] : std::exchange(waiting_for_databases_, {}))
              fail_call(call, error);
          });
}

// The databases answer what is open when they end, and the instance hears of a request to actors
// that have ended already.
void service_calls::run_idb_call(call_id call, idb_call request) {
  ask<idb_answer>(call, databases_, call_atom_v, notice_sink_actor{context_.self},
                  std::move(request));
}

void service_calls::run(call_id call, storage_estimate&) {
  ask<storage_figures>(call, context_.services.shared.storage, status_atom_v, context_.key);
}

// -- Clients
// -------------------------------------------------------------------------------------

void service_calls::run(call_id call, clients_match_all& request) {
  ask<client_list>(call, context_.services.shared.clients, list_atom_v, context_.key,
                   context_.scope, request.query);
}

void service_calls::run(call_id call, clients_get& request) {
  ask<client_list>(call, context_.services.shared.clients, get_atom_v, context_.key,
                   std::move(request.id));
}

void service_calls::run(call_id call, client_post_message& request) {
  context_.self
      ->request(context_.services.shared.clients, limits::internal_request_max, message_atom_v,
                context_.key, std::move(request.id), std::move(request.message))
      .then([=, this](bool delivered) { finish(call, done(delivered)); },
            [=, this](const caf::error& error) { fail_call(call, error); });
}

// -- Registration
// --------------------------------------------------------------------------------

void service_calls::run(call_id call, clients_claim&) {
  context_.self
      ->request(context_.services.registration, limits::internal_request_max, claim_atom_v,
                context_.worker)
      .then([=, this](bool value) { finish(call, done(value)); },
            [=, this](const caf::error& error) { fail_call(call, error); });
}

void service_calls::run(call_id call, worker_post_message& request) {
  context_.self
      ->request(context_.services.registration, limits::internal_request_max, message_atom_v,
                context_.worker, request.to, std::move(request.message))
      .then([=, this](bool value) { finish(call, done(value)); },
            [=, this](const caf::error& error) { fail_call(call, error); });
}

void service_calls::run(call_id call, skip_waiting&) {
  context_.self
      ->request(context_.services.registration, limits::internal_request_max, skipwait_atom_v,
                context_.worker)
      .then([=, this](bool value) { finish(call, done(value)); },
            [=, this](const caf::error& error) { fail_call(call, error); });
}

void service_calls::run(call_id call, registration_update&) {
  ask<registration_descriptor>(call, context_.services.registration, update_atom_v,
                               context_.worker);
}

void service_calls::run(call_id call, registration_unregister&) {
  context_.self
      ->request(context_.services.registration, limits::internal_request_max, unregister_atom_v,
                context_.worker)
      .then([=, this](bool value) { finish(call, done(value)); },
            [=, this](const caf::error& error) { fail_call(call, error); });
}

} // namespace offstage

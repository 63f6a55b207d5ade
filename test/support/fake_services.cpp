// SPDX-License-Identifier: MIT
#include "test/support/fake_services.hpp"

#include <algorithm>
#include <functional>

#include <caf/actor_system.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/in_process_launcher.hpp"
#include "protocol/errors.hpp"

namespace offstage::test {

namespace {

std::string digest(const shared_bytes& bytes) {
  return std::to_string(std::hash<std::string_view>{}(bytes.view()));
}

cache_storage_actor::behavior_type fake_cache(cache_storage_actor::pointer,
                                              const fake_storage_ptr& state) {
  return {[=](cache_atom, const cache_operation& operation) -> caf::result<cache_result> {
    if (state->cache_error)
      return *state->cache_error;
    cache_result result;
    if (const auto* match = caf::get_if<cache_storage_match>(&operation)) {
      const auto found = state->cached.find(match->request.url);
      result.found = found != state->cached.end();
      if (result.found)
        result.responses.push_back(found->second);
    }
    return result;
  }};
}

/// Answers what the test lets it, and remembers whom it could tell.
indexed_db_actor::behavior_type fake_databases(indexed_db_actor::pointer self,
                                               const fake_storage_ptr& state) {
  return {[=](call_atom, const notice_sink_actor& sink, const idb_call&) {
    auto answer = self->make_response_promise<idb_answer>();
    state->notice_sinks.push_back(sink);
    if (state->databases_answer)
      answer.deliver(idb_answer{idb_done{}});
    return answer;
  }};
}

caf::result<shared_bytes> find_script(const fake_storage_ptr& state, const std::string& sha256) {
  const auto found = state->scripts.find(sha256);
  if (found == state->scripts.end())
    return fail(storage_error::not_found, sha256);
  return found->second;
}

caf::result<std::string> put_script(const fake_storage_ptr& state, const shared_bytes& bytes) {
  if (state->put_error)
    return *state->put_error;
  state->scripts[digest(bytes)] = bytes;
  return digest(bytes);
}

caf::result<script_sources> find_scripts(const fake_storage_ptr& state,
                                         const worker_scripts_query& query) {
  auto wanted = query.worker.imports;
  wanted.insert(wanted.begin(), query.worker.script);
  script_sources result;
  for (const auto& script : wanted) {
    const auto found = state->scripts.find(script.sha256);
    if (found == state->scripts.end())
      return fail(storage_error::not_found, script.url);
    result.scripts.push_back({script.url, found->second});
    if (!query.engine_build.empty())
      result.scripts.back().artifact = state->artifacts[script.url];
  }
  return result;
}

stored_registration_list list_all(const fake_storage_ptr& state) {
  stored_registration_list result;
  for (const auto& [where, registration] : state->registrations)
    result.registrations.push_back(registration);
  return result;
}

bool store(const fake_storage_ptr& state, const stored_registration& registration) {
  ++state->stores;
  state->registrations[{registration.key.origin, registration.scope}] = registration;
  return true;
}

storage_actor::behavior_type fake_storage(storage_actor::pointer self,
                                          const fake_storage_ptr& state) {
  return {
      [=](open_atom, const storage_key&) { return self->spawn(fake_cache, state); },
      [=](connect_atom, const storage_key&) { return self->spawn(fake_databases, state); },
      [=](put_atom, const shared_bytes& bytes) { return put_script(state, bytes); },
      [=](get_atom, const std::string& sha256) { return find_script(state, sha256); },
      [=](get_atom, const worker_scripts_query& query) { return find_scripts(state, query); },
      [=](put_atom, const artifact_name& name, const shared_bytes& bytes) {
        state->artifacts[name.script.url] = bytes;
        return true;
      },
      [=](load_atom) { return list_all(state); },
      [=](store_atom, const stored_registration& x) { return store(state, x); },
      [=](remove_atom, const storage_key& key, const std::string& scope) {
        return state->registrations.erase({key.origin, scope}) > 0;
      },
      [=](status_atom, const storage_key&) {
        return storage_figures{4, 8, true};
      },
      [=](control_atom, const storage_key&, bool) { return true; },
      [=](remove_atom, const storage_key&) { return true; },
      [=](run_atom, const storage_key& key) { state->running.push_back(key.origin); },
      [=](spawn_atom) { return worker_id{++state->last_worker}; },
      [](flush_atom) { return true; },
  };
}

fetch_response serve(const fake_network_ptr& state, const fetch_request& request) {
  state->requests.push_back(request);
  const auto found = state->pages.find(request.url);
  if (found == state->pages.end())
    return fetch_response::network_error("no such host");
  auto response = text_response(found->second.text);
  response.url_list.push_back(request.url);
  response.status = found->second.status;
  response.headers = found->second.headers;
  response.headers.append("Content-Type", found->second.type);
  return response;
}

network_fetcher_actor::behavior_type fake_fetcher(network_fetcher_actor::pointer self,
                                                  const fake_network_ptr& state) {
  return {
      [=](fetch_atom, call_id, const fetch_request& request) -> caf::result<fetch_response> {
        if (state->silent)
          return self->make_response_promise<fetch_response>();
        return serve(state, request);
      },
      [=](abort_atom, call_id) { ++state->aborts; },
  };
}

caf::result<worker_process> launch(process_launcher_actor::pointer self,
                                   const process_launcher_actor& real,
                                   const fake_processes_ptr& processes, const std::string& label) {
  if (processes->refuse)
    return fail(node_error::launch_failed, "refused");
  auto promise = self->make_response_promise<worker_process>();
  self->request(real, std::chrono::seconds{10}, launch_atom_v, label)
      .then([=](const worker_process& process) {
        processes->launched.push_back(process);
        auto answer = promise;
        answer.deliver(process);
      });
  return promise;
}

process_launcher_actor::behavior_type fake_launcher(process_launcher_actor::pointer self,
                                                    const fake_world_ptr& world,
                                                    const fake_processes_ptr& processes) {
  const auto real = spawn_in_process_launcher(self->system(), make_fake_factory(world),
                                              script_threads::scheduled);
  self->link_to(real);
  return {
      [=](launch_atom, const std::string& label) { return launch(self, real, processes, label); }};
}

struct text_state {
  std::string text;
  size_t at = 0;
};

body_source_actor::behavior_type text_source(body_source_actor::stateful_pointer<text_state> self,
                                             const std::string& text) {
  self->state.text = text;
  return {
      [=](pull_atom, uint32_t bytes_max) {
        auto& state = self->state;
        body_chunk chunk;
        chunk.bytes = shared_bytes{state.text.substr(state.at, bytes_max)};
        state.at += chunk.bytes.size();
        chunk.last = state.at == state.text.size();
        if (chunk.last)
          self->quit();
        return chunk;
      },
      [=](cancel_atom) { self->quit(); },
  };
}

} // namespace

size_t fake_network_state::count(const std::string& url) const {
  const auto same = [&](const fetch_request& request) { return request.url == url; };
  return static_cast<size_t>(std::ranges::count_if(requests, same));
}

storage_actor spawn_fake_storage(caf::actor_system& system, fake_storage_ptr state) {
  return system.spawn(fake_storage, std::move(state));
}

network_fetcher_actor spawn_fake_fetcher(caf::actor_system& system, fake_network_ptr state) {
  return system.spawn(fake_fetcher, std::move(state));
}

process_launcher_actor spawn_fake_launcher(caf::actor_system& system, fake_world_ptr world,
                                           fake_processes_ptr processes) {
  return system.spawn(fake_launcher, std::move(world), std::move(processes));
}

body_source_actor spawn_text_source(caf::actor_system& system, std::string text) {
  return system.spawn(text_source, std::move(text));
}

} // namespace offstage::test

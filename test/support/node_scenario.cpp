// SPDX-License-Identifier: MIT
#include "test/support/node_scenario.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace offstage::test {

namespace {

observer_actor::behavior_type recorder(observer_actor::pointer,
                                       const std::shared_ptr<std::vector<lifecycle_note>>& notes) {
  return {[=](note_atom, const lifecycle_note& note) { notes->push_back(note); }};
}

} // namespace

node_scenario::node_scenario(spawn_strategy chosen, actor_options changed) : strategy(chosen) {
  changed.unix_ms = [this] { return unix_ms; };
  options = std::make_shared<const actor_options>(std::move(changed));
  start();
}

node_scenario::~node_scenario() {
  stop();
}

void node_scenario::start() {
  storage = spawn_fake_storage(sys, storage_state);
  fetcher = spawn_fake_fetcher(sys, network);
  clients = spawn_clients(sys);
  launcher = spawn_fake_launcher(sys, world, processes);
  spawner = spawn_instance_spawner(sys, strategy, launcher);
  manager = spawn_service_worker_manager(sys, {storage, fetcher, clients, spawner}, options);
  observer = sys.spawn(recorder, notes);
  caf::anon_send(manager, subscribe_atom_v, observer);
  settle();
}

void node_scenario::stop() {
  end(manager, storage, fetcher, clients, spawner, launcher, observer);
  processes->launched.clear();
}

void node_scenario::serve_script(const std::string& text, const std::string& url) {
  network->pages[url].text = text;
}

answer<registration_descriptor> node_scenario::register_worker(const std::string& scope,
                                                               const std::string& url) {
  registration_request request;
  request.script_url = url;
  request.scope = scope;
  return ask<registration_descriptor>(manager, register_atom_v, request);
}

answer<registration_descriptor> node_scenario::update(const std::string& scope) {
  return ask<registration_descriptor>(manager, update_atom_v, storage_key{origin}, scope);
}

fetch_request node_scenario::request_for(const std::string& path, const std::string& method) const {
  fetch_request request;
  request.method = method;
  request.url = origin + path;
  return request;
}

answer<fetch_outcome> node_scenario::fetch(const std::string& path, const std::string& method) {
  return ask<fetch_outcome>(manager, intercept_atom_v, call_id{next_call++},
                            request_for(path, method));
}

answer<fetch_outcome> node_scenario::navigate(const std::string& path, const std::string& client) {
  auto request = request_for(path);
  request.mode = request_mode::navigate;
  request.destination = "document";
  request.resulting_client_id = client;
  return ask<fetch_outcome>(manager, intercept_atom_v, call_id{next_call++}, request);
}

answer<event_result> node_scenario::send_event(worker_event event) {
  return ask<event_result>(manager, dispatch_atom_v, storage_key{origin}, scope_url, event);
}

registration_descriptor node_scenario::describe_registration() {
  const auto list = ask<registration_list>(manager, list_atom_v);
  REQUIRE(list->has_value());
  const auto& registrations = (*list)->value().registrations;
  return registrations.empty() ? registration_descriptor{} : registrations.front();
}

instance_status node_scenario::instance() {
  const auto status = ask<node_status>(manager, status_atom_v);
  REQUIRE(status->has_value());
  const auto& instances = (*status)->value().instances;
  return instances.empty() ? instance_status{} : instances.front();
}

void node_scenario::add_client(const std::string& id, const std::string& url) {
  client_descriptor client;
  client.id = id;
  client.url = url;
  client.key = storage_key{origin};
  client.ready = true;
  ask<client_descriptor>(clients, put_atom_v, client);
}

void node_scenario::with_active_worker(const std::string& script) {
  serve_script(script);
  const auto registered = register_worker();
  REQUIRE(registered->has_value());
  REQUIRE_MESSAGE((*registered)->engaged(), describe((*registered)->error()));
  REQUIRE(describe_registration().active.state == worker_state::activated);
}

std::vector<std::string> node_scenario::notes_of(note_kind kind) const {
  std::vector<std::string> result;
  for (const auto& note : *notes)
    if (note.kind == kind)
      result.push_back(note.text);
  return result;
}

std::string text_of(const answer<fetch_outcome>& outcome) {
  REQUIRE(outcome->has_value());
  REQUIRE((*outcome)->engaged());
  const auto& value = (*outcome)->value();
  if (value.kind == fetch_outcome_kind::fall_back)
    return "(fall back)";
  if (value.kind == fetch_outcome_kind::network_error)
    return "(network error) " + value.reason;
  return value.response.content.bytes.to_string();
}

} // namespace offstage::test

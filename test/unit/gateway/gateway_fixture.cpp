// SPDX-License-Identifier: MIT
#include "test/unit/gateway/gateway_fixture.hpp"

#include <algorithm>
#include <atomic>

#include <caf/stateful_actor.hpp>

#include "protocol/errors.hpp"
#include "protocol/message_types.hpp"

namespace offstage::test {

using namespace std::chrono_literals;

namespace {

caf::behavior fake_manager(caf::event_based_actor* self, journal* log, outcome_script script) {
  const auto held = std::make_shared<std::vector<caf::response_promise>>();
  return {[=](intercept_atom, call_id, const fetch_request& x) -> caf::result<fetch_outcome> {
            log->add("intercept " + x.method + " " + x.url);
            if (auto outcome = script(x))
              return *outcome;
            held->push_back(self->make_response_promise());
            return caf::delegated<fetch_outcome>{};
          },
          [=](abort_atom, call_id) { log->add("manager abort"); }};
}

caf::behavior fake_clients(caf::event_based_actor*, journal* log) {
  const auto known = std::make_shared<std::vector<client_descriptor>>();
  return {[=](put_atom, const client_descriptor& x) {
            log->add((x.ready ? "ready " : "reserve ") + x.url);
            std::erase_if(*known, [&](const auto& y) { return y.id == x.id; });
            known->push_back(x);
            return x;
          },
          [=](match_atom, const storage_key& key, const std::string& url, const std::string& tag) {
            client_list found;
            for (const auto& x : *known)
              if (x.key == key && x.url == url && x.tag == tag)
                found.clients = {x};
            return found;
          },
          [=](remove_atom, const std::string&) { log->add("client removed"); }};
}

caf::behavior fake_fetcher(caf::event_based_actor* self, journal* log, network_script script) {
  const auto held = std::make_shared<std::vector<caf::response_promise>>();
  return {[=](fetch_atom, call_id, const fetch_request& x) -> caf::result<fetch_response> {
            log->add("fetch " + x.method + " " + x.url);
            if (!script)
              return fetch_response::network_error("no network here");
            if (auto response = script(x))
              return *response;
            held->push_back(self->make_response_promise());
            return caf::delegated<fetch_response>{};
          },
          [=](abort_atom, call_id) { log->add("fetcher abort"); }};
}

struct source_state {
  size_t left = 0;
};

caf::behavior counted_source(caf::stateful_actor<source_state>* self, journal* log, size_t total,
                             size_t chunk, std::atomic<size_t>* given) {
  self->state.left = total;
  return {[=](pull_atom, uint32_t bytes_max) {
            const auto size = std::min({self->state.left, chunk, size_t{bytes_max}});
            self->state.left -= size;
            if (given != nullptr)
              *given += size;
            const auto last = self->state.left == 0;
            if (last)
              self->quit();
            return body_chunk{shared_bytes{std::string(size, 'b')}, last};
          },
          [=](cancel_atom) {
            log->add("source cancelled");
            self->quit();
          }};
}

void pull_all(caf::event_based_actor* self, const body_source_actor& source, int64_t so_far,
              const std::function<void(int64_t)>& done) {
  self->request(source, 20s, pull_atom_v, uint32_t{65536})
      .then(
          [=](const body_chunk& chunk) {
            const auto total = so_far + static_cast<int64_t>(chunk.bytes.size());
            chunk.last ? done(total) : pull_all(self, source, total, done);
          },
          [=](const caf::error&) { done(-1); });
}

} // namespace

void journal::add(std::string entry) {
  const std::lock_guard guard{mutex_};
  entries_.push_back(std::move(entry));
  changed_.notify_all();
}

bool journal::wait_for(const std::string& entry) const {
  std::unique_lock lock{mutex_};
  return changed_.wait_for(lock, 20s,
                           [&] { return std::ranges::find(entries_, entry) != entries_.end(); });
}

size_t journal::count(const std::string& prefix) const {
  const std::lock_guard guard{mutex_};
  return static_cast<size_t>(
      std::ranges::count_if(entries_, [&](const auto& x) { return x.starts_with(prefix); }));
}

protocol_config::protocol_config() {
  register_protocol(*this);
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", 2);
}

gateway_fixture::gateway_fixture(outcome_script script, gateway_options options,
                                 network_script network)
    : system(std::make_unique<caf::actor_system>(config)) {
  manager = system->spawn(fake_manager, &log, std::move(script));
  clients = system->spawn(fake_clients, &log);
  fetcher = system->spawn(fake_fetcher, &log, std::move(network));
  options.port = 0;
  if (options.sites.empty())
    options.sites.push_back({"", "http://site.test"});
  auto started = gateway::start(
      *system, std::move(options), caf::actor_cast<service_worker_manager_actor>(manager),
      caf::actor_cast<clients_actor>(clients), caf::actor_cast<network_fetcher_actor>(fetcher));
  server = std::move(*started);
}

gateway_fixture::~gateway_fixture() {
  server.reset();
  for (const auto& x : {manager, clients, fetcher})
    caf::anon_send_exit(x, caf::exit_reason::kill);
}

body_source_actor gateway_fixture::make_source(size_t total, size_t chunk,
                                               std::atomic<size_t>* given) {
  return caf::actor_cast<body_source_actor>(
      system->spawn(counted_source, &log, total, chunk, given));
}

fetch_response text_response(std::string text, uint16_t status) {
  fetch_response response;
  response.status = status;
  response.headers.append("Content-Type", "text/plain");
  response.content = body::of(shared_bytes{std::move(text)});
  return response;
}

void drain_body(caf::actor_system& system, const body& content,
                std::function<void(int64_t bytes)> done) {
  system.spawn([source = content.source, done = std::move(done)](caf::event_based_actor* self) {
    pull_all(self, source, 0, done);
  });
}

} // namespace offstage::test

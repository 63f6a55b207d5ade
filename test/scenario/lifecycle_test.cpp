// SPDX-License-Identifier: MIT
#include <caf/send.hpp>

#include "test/scenario/strategy_cases.hpp"

using namespace offstage;
using namespace offstage::test;
using namespace std::chrono_literals;

namespace {

caf::error error_of(const answer<registration_descriptor>& registered) {
  REQUIRE(registered->has_value());
  REQUIRE_FALSE((*registered)->engaged());
  return (*registered)->error();
}

bool succeeded(const answer<registration_descriptor>& registered) {
  return registered->has_value() && (*registered)->engaged();
}

} // namespace

SCENARIO_FOR_EACH_STRATEGY("a registered worker installs, activates and answers a fetch") {
  node.serve_script("fetch respond hello");
  const auto registered = node.register_worker();
  REQUIRE(succeeded(registered));
  CHECK((*registered)->value().installing.state == worker_state::installing);
  CHECK(node.describe_registration().active.state == worker_state::activated);
  CHECK(text_of(node.fetch("/page")) == "hello");
  CHECK(node.world->handled
        == std::vector<std::string>{"evaluateScript", "install", "activate", "fetch"});
}

SCENARIO_FOR_EACH_STRATEGY("the script is fetched with its header and without redirects") {
  node.with_active_worker();
  const auto& request = node.network->requests.front();
  CHECK(request.headers.get("Service-Worker") == "script");
  CHECK(request.redirect == redirect_mode::error);
  CHECK(request.cache == cache_mode::no_cache);
}

SCENARIO_FOR_EACH_STRATEGY("a script of another type is a security error") {
  node.network->pages[script_url].type = "text/html";
  CHECK(error_of(node.register_worker()) == caf::make_error(worker_error::security_error));
  CHECK_FALSE(node.describe_registration().newest());
}

SCENARIO_FOR_EACH_STRATEGY("a missing script is a type error and leaves no registration") {
  CHECK(error_of(node.register_worker()) == caf::make_error(worker_error::type_error));
  CHECK(node.describe_registration().scope.empty());
  CHECK(node.notes_of(note_kind::update_failed).size() == 1);
}

SCENARIO_FOR_EACH_STRATEGY("a scope above the script's directory needs Service-Worker-Allowed") {
  const auto url = origin + "/deep/sw.js";
  node.serve_script("", url);
  CHECK(error_of(node.register_worker(scope_url, url))
        == caf::make_error(worker_error::security_error));
  node.network->pages[url].headers.append("Service-Worker-Allowed", "/");
  CHECK(succeeded(node.register_worker(scope_url, url)));
}

SCENARIO_FOR_EACH_STRATEGY("a script that throws fails the registration and names its place") {
  node.serve_script("evaluate throw");
  const auto error = error_of(node.register_worker());
  CHECK(error == caf::make_error(worker_error::script_evaluation_failed));
  CHECK(context_of(error) == "TypeError: thrown (https://a.example/sw.js:1:1)");
  CHECK(node.describe_registration().scope.empty());
  CHECK(node.world->alive.empty());
}

SCENARIO_FOR_EACH_STRATEGY("an install event that rejects removes a first registration") {
  node.serve_script("install reject");
  CHECK(succeeded(node.register_worker()));
  CHECK(node.describe_registration().scope.empty());
  CHECK(node.storage_state->registrations.empty());
  node.advance(3s);
  CHECK(node.world->alive.empty());
}

SCENARIO_FOR_EACH_STRATEGY("registering the same worker again answers at once, without a fetch") {
  node.with_active_worker();
  const auto fetches = node.network->requests.size();
  CHECK(succeeded(node.register_worker()));
  CHECK(node.network->requests.size() == fetches);
}

SCENARIO_FOR_EACH_STRATEGY("equivalent jobs that wait together run once") {
  node.serve_script("");
  registration_request request;
  request.script_url = script_url;
  request.scope = scope_url;
  std::vector<answer<registration_descriptor>> answers;
  for (int i = 0; i < 5; ++i)
    answers.push_back(
        node.ask_later<registration_descriptor>(node.manager, register_atom_v, request));
  node.settle();
  for (const auto& one : answers)
    CHECK(succeeded(one));
  CHECK(node.network->count(script_url) == 1);
}

SCENARIO_FOR_EACH_STRATEGY("an update with equal bytes changes nothing") {
  node.with_active_worker("fetch respond one");
  const auto before = node.describe_registration().active.id;
  CHECK(succeeded(node.update()));
  CHECK(node.describe_registration().active.id == before);
  CHECK(node.world->count_handled("install") == 1);
}

SCENARIO_FOR_EACH_STRATEGY("an update with other bytes replaces a worker that nobody uses") {
  node.with_active_worker("fetch respond one");
  node.serve_script("fetch respond two");
  CHECK(succeeded(node.update()));
  node.advance(3s);
  CHECK(text_of(node.fetch("/")) == "two");
  CHECK(node.world->alive.size() == 1);
}

SCENARIO_FOR_EACH_STRATEGY("a new worker waits while a client uses the old one") {
  node.with_active_worker("fetch respond one");
  node.add_client("page", origin + "/");
  node.navigate("/", "page");
  node.serve_script("fetch respond two");
  CHECK(succeeded(node.update()));
  CHECK(node.describe_registration().waiting.state == worker_state::installed);
  CHECK(text_of(node.fetch("/")) == "one");
  caf::anon_send(node.clients, remove_atom_v, std::string{"page"});
  node.advance(3s);
  CHECK_FALSE(node.describe_registration().waiting);
  CHECK(text_of(node.fetch("/")) == "two");
}

SCENARIO_FOR_EACH_STRATEGY("skipWaiting activates a new worker in spite of clients") {
  node.with_active_worker("fetch respond one");
  node.add_client("page", origin + "/");
  node.navigate("/", "page");
  node.serve_script("install skip\nfetch respond two");
  CHECK(succeeded(node.update()));
  CHECK(text_of(node.fetch("/")) == "two");
  CHECK(node.world->count("done true") == 1);
}

SCENARIO_FOR_EACH_STRATEGY("claim takes the clients of the scope, and only an active worker may") {
  node.add_client("page", origin + "/");
  node.with_active_worker("activate claim\nmessage post page");
  const auto list =
      node.ask<client_list>(node.clients, get_atom_v, storage_key{origin}, std::string{"page"});
  CHECK((*list)->value().clients.front().controller_scope == scope_url);
  const auto refused =
      node.ask<fetch_outcome>(node.manager, intercept_atom_v, call_id{7}, node.request_for("/"));
  CHECK(refused->has_value());
}

SCENARIO_FOR_EACH_STRATEGY("fetches wait while the worker activates") {
  node.serve_script("activate never");
  CHECK(succeeded(node.register_worker()));
  CHECK(node.describe_registration().active.state == worker_state::activating);
  const auto outcome = node.fetch("/early");
  CHECK_FALSE(outcome->has_value());
  node.advance(300s);
  CHECK(node.describe_registration().active.state == worker_state::activated);
  CHECK(text_of(outcome) == origin + "/early");
}

SCENARIO_FOR_EACH_STRATEGY("imported scripts are fetched once, stored, and compared in updates") {
  const auto lib = origin + "/lib.js";
  node.serve_script("one", lib);
  node.with_active_worker("evaluate import " + lib);
  CHECK(node.world->count("imported one") == 1);
  const auto& stored = node.storage_state->registrations.begin()->second.active;
  REQUIRE(stored.imports.size() == 1);
  CHECK(stored.imports.front().url == lib);
  node.serve_script("two", lib);
  CHECK(succeeded(node.update()));
  node.advance(3s);
  CHECK(node.world->count("imported two") == 1);
  CHECK(node.network->count(lib) == 2);
}

SCENARIO_FOR_EACH_STRATEGY("a missing import fails the evaluation with a NetworkError") {
  node.serve_script("evaluate import " + origin + "/none.js");
  CHECK(context_of(error_of(node.register_worker())).starts_with("NetworkError"));
}

SCENARIO_FOR_EACH_STRATEGY("a worker without a fetch listener is not asked") {
  node.with_active_worker("types install message");
  CHECK(text_of(node.fetch("/")) == "(fall back)");
  CHECK(node.world->count_handled("fetch") == 0);
}

SCENARIO_FOR_EACH_STRATEGY("a restarted node serves from storage without the network") {
  const auto lib = origin + "/lib.js";
  node.serve_script("lib", lib);
  node.with_active_worker("evaluate import " + lib + "\nfetch respond kept");
  node.stop();
  node.network->pages.clear();
  node.start();
  const auto restored = node.ask<uint32_t>(node.manager, restore_atom_v);
  CHECK((*restored)->value() == 1);
  CHECK(text_of(node.fetch("/")) == "kept");
  CHECK(node.world->count("imported lib") == 2);
}

SCENARIO_FOR_EACH_STRATEGY("a waiting worker survives a restart, and activates: nobody is there") {
  node.with_active_worker("fetch respond one");
  node.add_client("page", origin + "/");
  node.navigate("/", "page");
  node.serve_script("fetch respond two");
  node.update();
  REQUIRE(node.describe_registration().waiting);
  node.stop();
  node.start();
  node.ask<uint32_t>(node.manager, restore_atom_v);
  CHECK(text_of(node.fetch("/")) == "two");
}

SCENARIO_FOR_EACH_STRATEGY("unregistering forgets the registration and ends its worker") {
  node.with_active_worker();
  const auto existed =
      node.ask<bool>(node.manager, unregister_atom_v, storage_key{origin}, scope_url);
  CHECK((*existed)->value());
  CHECK(node.storage_state->registrations.empty());
  CHECK(text_of(node.fetch("/")) == "(fall back)");
  CHECK(node.world->alive.empty());
  const auto again =
      node.ask<bool>(node.manager, unregister_atom_v, storage_key{origin}, scope_url);
  CHECK_FALSE((*again)->value());
}

SCENARIO_FOR_EACH_STRATEGY("a navigation is followed by one update check, a second later") {
  node.with_active_worker();
  const auto before = node.network->count(script_url);
  node.navigate("/");
  node.advance(500ms);
  node.navigate("/");
  CHECK(node.network->count(script_url) == before);
  node.advance(500ms);
  CHECK(node.network->count(script_url) == before + 1);
}

SCENARIO_FOR_EACH_STRATEGY("a subresource is followed by an update check only when it is stale") {
  node.with_active_worker();
  const auto before = node.network->count(script_url);
  node.fetch("/x");
  node.advance(2s);
  CHECK(node.network->count(script_url) == before);
  node.unix_ms += 86'400'001;
  node.fetch("/x");
  node.advance(2s);
  CHECK(node.network->count(script_url) == before + 1);
}

SCENARIO_FOR_EACH_STRATEGY("the controller of a client decides who gets its subresources") {
  node.with_active_worker("fetch respond worker");
  node.add_client("old", origin + "/");
  auto request = node.request_for("/x");
  request.client_id = "old";
  const auto uncontrolled =
      node.ask<fetch_outcome>(node.manager, intercept_atom_v, call_id{900}, request);
  CHECK(text_of(uncontrolled) == "(fall back)");
  node.navigate("/", "old");
  const auto controlled =
      node.ask<fetch_outcome>(node.manager, intercept_atom_v, call_id{901}, request);
  CHECK(text_of(controlled) == "worker");
}

// SPDX-License-Identifier: MIT
#include <algorithm>

#include <caf/actor_system.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "actors/service_worker_private_state.hpp"
#include "protocol/errors.hpp"

namespace offstage {

using swp = service_worker_private_state;

namespace {

script_source* script_with(script_sources& sources, const std::string& url) {
  const auto found = std::ranges::find(sources.scripts, url, &script_source::url);
  return found == sources.scripts.end() ? nullptr : &*found;
}

} // namespace

void swp::load_scripts() {
  if (!setup_.fresh.scripts.empty() || !loaded_.scripts.empty())
    return;
  const auto generation = generation_;
  // Modules have no artifacts.
  const auto is_module = setup_.worker.type == worker_type::module;
  worker_scripts_query query{setup_.key, setup_.stored,
                             is_module ? std::string{} : options().engine_build};
  self_
      ->request(setup_.services.shared.storage, limits::internal_request_max, get_atom_v,
                std::move(query))
      .then(
          [=, this](script_sources& scripts) {
            if (generation != generation_)
              return;
            loaded_ = std::move(scripts);
            launch_when_ready();
          },
          [=, this](const caf::error& error) {
            if (generation == generation_)
              start_failed(event_cause::start_failed, describe(error));
          });
}

void swp::add_imports(script_sources scripts) {
  auto& known = setup_.fresh.scripts;
  for (auto& script : scripts.scripts)
    known.push_back(std::move(script));
}

caf::result<script_sources> swp::scripts() {
  return setup_.fresh;
}

// -- Artifacts
// ------------------------------------------------------------------------------------

// The next instance may need it before it is stored, or if it cannot be.
void swp::keep(script_artifact artifact) {
  const auto is_fresh = !setup_.fresh.scripts.empty();
  auto* script = script_with(is_fresh ? setup_.fresh : loaded_, artifact.url);
  if (script != nullptr)
    script->artifact = artifact.bytes;
  if (!is_fresh)
    store_artifact(stored_script(artifact.url), std::move(artifact.bytes));
}

void swp::store_artifact(const script_resource& script, shared_bytes artifact) {
  if (script.sha256.empty() || artifact.empty())
    return;
  artifact_name made_of;
  made_of.key = setup_.key;
  made_of.worker_sha256 = setup_.stored.script.sha256;
  made_of.type = setup_.worker.type;
  made_of.script = script;
  made_of.engine_build = options().engine_build;
  self_
      ->request(setup_.services.shared.storage, limits::internal_request_max, put_atom_v,
                std::move(made_of), std::move(artifact))
      .then([](bool) {},
            [](const caf::error&) {
              // Storage has said why in the log; the next start makes it again.
            });
}

script_resource swp::stored_script(const std::string& url) const {
  const auto& stored = setup_.stored;
  if (stored.script.url == url)
    return stored.script;
  const auto found = std::ranges::find(stored.imports, url, &script_resource::url);
  return found == stored.imports.end() ? script_resource{} : *found;
}

void swp::installed(stored_worker stored) {
  setup_.stored = std::move(stored);
  for (auto& script : setup_.fresh.scripts)
    store_artifact(stored_script(script.url), std::move(script.artifact));
  setup_.fresh.scripts.clear();
}

} // namespace offstage

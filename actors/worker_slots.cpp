// SPDX-License-Identifier: MIT
#include "actors/worker_slots.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "config/limits.hpp"

namespace offstage {

registration_descriptor worker_slots::descriptor(uint64_t version) const {
  registration_descriptor result;
  result.key = state_.key;
  result.scope = state_.scope;
  result.via_cache = state_.via_cache;
  result.installing = installing_.descriptor;
  result.waiting = state_.waiting.descriptor;
  result.active = state_.active.descriptor;
  result.version = version;
  return result;
}

const stored_worker* worker_slots::newest() const {
  for (const auto* worker : {&installing_, &state_.waiting, &state_.active})
    if (worker->descriptor)
      return worker;
  return nullptr;
}

bool worker_slots::contains(worker_id id) const {
  return find(id) != nullptr;
}

const stored_worker* worker_slots::find(worker_id id) const {
  if (id == worker_id{0})
    return nullptr;
  for (const auto* worker : {&installing_, &state_.waiting, &state_.active})
    if (worker->descriptor.id == id)
      return worker;
  return nullptr;
}

// A clock that went backwards says nothing about the age of the last check.
bool worker_slots::is_stale(int64_t unix_ms) const {
  const auto age = unix_ms - state_.last_update_check_unix_ms;
  const auto limit = std::chrono::milliseconds{limits::update_check_stale_after}.count();
  return age > limit || age < 0;
}

void worker_slots::begin_install(stored_worker worker) {
  installing_ = std::move(worker);
  installing_.descriptor.state = worker_state::installing;
  installing_skips_ = false;
}

std::vector<worker_id> worker_slots::fail_install() {
  const auto failed = std::exchange(installing_, {}).descriptor.id;
  return {failed};
}

std::vector<worker_id> worker_slots::finish_install(script_resource script,
                                                    std::vector<script_resource> imports) {
  std::vector<worker_id> redundant;
  if (state_.waiting.descriptor)
    redundant.push_back(state_.waiting.descriptor.id);
  state_.waiting = std::exchange(installing_, {});
  state_.waiting.descriptor.state = worker_state::installed;
  state_.waiting.script = std::move(script);
  state_.waiting.imports = std::move(imports);
  skip_waiting_ = std::exchange(installing_skips_, false);
  return redundant;
}

bool worker_slots::set_skip_waiting(worker_id id) {
  if (!contains(id))
    return false;
  if (id == installing_.descriptor.id)
    installing_skips_ = true;
  if (id == state_.waiting.descriptor.id)
    skip_waiting_ = true;
  return true;
}

worker_slots::activation worker_slots::may_activate() const {
  if (!state_.waiting.descriptor || is_activating())
    return activation::impossible;
  return state_.active.descriptor ? activation::when_idle : activation::at_once;
}

std::vector<worker_id> worker_slots::begin_activate() {
  std::vector<worker_id> redundant;
  if (state_.active.descriptor)
    redundant.push_back(state_.active.descriptor.id);
  state_.active = std::exchange(state_.waiting, {});
  state_.active.descriptor.state = worker_state::activating;
  skip_waiting_ = false;
  refresh();
  return redundant;
}

void worker_slots::finish_activate() {
  state_.active.descriptor.state = worker_state::activated;
}

std::vector<worker_id> worker_slots::clear() {
  std::vector<worker_id> redundant;
  for (auto* worker : {&installing_, &state_.waiting, &state_.active})
    if (worker->descriptor)
      redundant.push_back(std::exchange(*worker, {}).descriptor.id);
  return redundant;
}

void worker_slots::restored() {
  if (state_.waiting.descriptor)
    state_.waiting.descriptor.state = worker_state::installed;
  if (state_.active.descriptor && state_.active.descriptor.state != worker_state::activated)
    state_.active.descriptor.state = worker_state::activating;
  refresh();
}

void worker_slots::refresh() {
  handles_fetch_ = std::ranges::count(state_.active.event_types, std::string{"fetch"}) > 0;
}

} // namespace offstage

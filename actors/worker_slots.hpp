// SPDX-License-Identifier: MIT
#pragma once

// The installing, waiting and active worker of a registration and the rules by which workers move
// between them, without actors. Each change that makes workers redundant answers with their ids.

#include <optional>
#include <string>
#include <vector>

#include "protocol/registration.hpp"

namespace offstage {

class worker_slots {
public:
  worker_slots() = default;
  worker_slots(storage_key key, std::string scope) {
    state_.key = std::move(key);
    state_.scope = std::move(scope);
  }
  explicit worker_slots(stored_registration stored) : state_(std::move(stored)) {}

  const stored_worker& installing() const { return installing_; }
  const stored_worker& waiting() const { return state_.waiting; }
  const stored_worker& active() const { return state_.active; }
  /// What storage keeps. The installing worker is not part of it.
  const stored_registration& stored() const { return state_; }
  registration_descriptor descriptor(uint64_t version) const;

  /// Spec: ServiceWorker#get-newest-worker-algorithm
  const stored_worker* newest() const;
  bool empty() const { return newest() == nullptr; }
  bool contains(worker_id id) const;
  /// The worker with this id; null if it is none of the three.
  const stored_worker* find(worker_id id) const;
  bool handles_fetch() const { return handles_fetch_; }

  void set_via_cache(update_via_cache mode) { state_.via_cache = mode; }
  void set_last_check(int64_t unix_ms) { state_.last_update_check_unix_ms = unix_ms; }
  bool is_stale(int64_t unix_ms) const;

  /// Spec: ServiceWorker#installation-algorithm
  void begin_install(stored_worker worker);
  std::vector<worker_id> fail_install();
  /// The worker is installed with these scripts; a worker that waited is redundant.
  std::vector<worker_id> finish_install(script_resource script,
                                        std::vector<script_resource> imports);

  /// Answers false if there is no such worker.
  bool set_skip_waiting(worker_id id);
  bool skips_waiting() const { return state_.waiting.descriptor && skip_waiting_; }

  /// Spec: ServiceWorker#try-activate-algorithm
  enum class activation : uint8_t {
    impossible, ///< Nothing waits, or the active worker is activating.
    at_once,    ///< Nobody is replaced.
    when_idle,  ///< Once the active worker has no events, and no client or skipWaiting().
  };
  activation may_activate() const;

  /// Spec: ServiceWorker#activation-algorithm
  std::vector<worker_id> begin_activate();
  void finish_activate();
  bool is_activating() const {
    return state_.active.descriptor && state_.active.descriptor.state == worker_state::activating;
  }

  /// Spec: ServiceWorker#clear-registration-algorithm
  std::vector<worker_id> clear();

  /// After a restart: a worker that was activating is so again.
  void restored();

private:
  void refresh();

  stored_registration state_;
  stored_worker installing_;
  bool skip_waiting_ = false;
  /// skipWaiting() was called by the worker that is installing.
  bool installing_skips_ = false;
  bool handles_fetch_ = false;
};

} // namespace offstage

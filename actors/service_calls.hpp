// SPDX-License-Identifier: MIT
#pragma once

// The calls of one instance to the services of the parent. A part of instance_parent: used by that
// actor only, ends with it. Every call is answered once: with its result, with a failure that the
// script sees, or, after service_call_max, as timed out. Calls of IndexedDB have no time limit.

#include <functional>
#include <unordered_map>
#include <vector>

#include <caf/typed_response_promise.hpp>

#include "actors/actor_support.hpp"
#include "actors/script_fetch.hpp"
#include "actors/services.hpp"

namespace offstage {

/// What a script sees of an error of the house.
call_failure failure_of(const caf::error& error);

class service_calls {
public:
  using promise = caf::typed_response_promise<service_result>;
  /// Converts a result for the child.
  using converter = std::function<caf::error(service_result&)>;

  struct context {
    instance_parent_actor::pointer self;
    worker_services services;
    service_worker_private_actor owner;
    worker_id worker{0};
    storage_key key;
    std::string scope;
    std::string main_url;
    worker_type type = worker_type::classic;
    std::vector<script_source> scripts; ///< The script resource map as far as it is known.
    converter convert;
  };

  explicit service_calls(context surroundings) : context_(std::move(surroundings)) {}

  /// Whether this is the worker's main script or one that it may import.
  bool has_script(const std::string& url) const;

  bool is_open(call_id call) const { return calls_.contains(call); }
  size_t size() const { return calls_.size(); }
  /// Whether there are as many calls of the request's kind as there may be.
  bool is_full(const service_request& request, size_t call_count_max) const;

  promise start(call_id call, service_request request);
  void abort(call_id call);
  void expire(steady_time now);
  /// The instance ends: forgets all calls. A promise that is kept would keep its actor.
  void close();

  /// From here on importScripts() may only use scripts that are known.
  void close_imports() { imports_closed_ = true; }

private:
  struct entry {
    call_id call{0};
    bool is_fetch = false;
    bool is_idb = false;
    steady_time deadline;
    promise answer;
  };

  void run(call_id call, network_fetch& request);
  void run(call_id call, import_scripts& request);
  void run(call_id call, cache_call& request);
  void run(call_id call, clients_match_all& request);
  void run(call_id call, clients_get& request);
  void run(call_id call, clients_claim& request);
  void run(call_id call, client_post_message& request);
  void run(call_id call, worker_post_message& request);
  void run(call_id call, skip_waiting& request);
  void run(call_id call, registration_update& request);
  void run(call_id call, registration_unregister& request);
  void run(call_id call, storage_estimate& request);
  void run(call_id call, idb_call& request);

  void import_next(call_id call, std::vector<std::string> urls, script_sources found);
  void imported(call_id call, std::vector<std::string> urls, script_sources found,
                const fetched_script& script);
  const script_source* known_script(const std::string& url) const;

  void open_cache();
  void run_cache_operation(call_id call, cache_operation operation);

  void open_databases();
  void run_idb_call(call_id call, idb_call request);

  template <class Result, class Receiver, class... Ts>
  void ask(call_id call, const Receiver& receiver, Ts... arguments);

  void finish(call_id call, service_result result);
  void fail_call(call_id call, const caf::error& error) { finish(call, failure_of(error)); }

  context context_;
  std::unordered_map<call_id, entry> calls_;
  bool imports_closed_ = false;
  cache_storage_actor cache_;
  bool opening_cache_ = false;
  std::vector<std::pair<call_id, cache_operation>> waiting_for_cache_;
  indexed_db_actor databases_;
  bool opening_databases_ = false;
  std::vector<std::pair<call_id, idb_call>> waiting_for_databases_;
  size_t idb_calls_ = 0;
};

} // namespace offstage
